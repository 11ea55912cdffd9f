import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiConflictResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, AuditLog, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { StageHub } from '../../queue/index.js';
import { Database } from '../../store/database.js';
import { UuidPipe } from '../../web/index.js';
import { retryMessage } from './message-act.js';

/** An operator's hand on messages that failed. */
@ApiTags('messages')
@Controller('api/v1/messages')
export class MessageActController {
  constructor(private readonly database: Database, private readonly audit: AuditLog, private readonly hub: StageHub) {}

  @Post(':id/retry')
  @HttpCode(204)
  @Allow('deliveries:write')
  @ApiOperation({
    summary: 'Try a failed message again',
    description: 'Only what failed: the executions of the rules that could not be carried out, by their current versions; a message that could not be read is read again, in a new place.',
  })
  @ApiNoContentResponse({ description: 'It is under way.' })
  @ApiConflictResponse({ description: 'It has not failed, or is not kept any more.' })
  async retry(@CurrentPrincipal() by: Principal, @Param('id', UuidPipe) id: string): Promise<void> {
    const { organization } = by;
    const how = await this.database.inOrganization(organization, async (manager) => {
      const done = await retryMessage(organization, manager, id, by.name);
      await this.audit.record(manager, organization, by, 'message.retry', id, { ...done });
      return done.how;
    });
    this.hub.left(how === 'normalized' ? 'normalize' : 'route');
  }
}
