import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiConflictResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { UuidPipe } from '../../web/index.js';
import { LaneActs } from './lane-act.service.js';

/** An operator's hand on the delivery lanes of a conversation. */
@ApiTags('conversations')
@ApiNoContentResponse({ description: 'Done, or so already.' })
@ApiConflictResponse({ description: 'What stands in the lane does not allow it now.' })
@Controller('api/v1/conversations/:id/lanes/:endpoint/:entityType')
export class LaneActController {
  constructor(private readonly acts: LaneActs) {}

  @Post('retry')
  @HttpCode(204)
  @Allow('deliveries:write')
  @ApiOperation({ summary: 'Let the lane go on', description: 'Sends what stands at its head, past what stopped it; a lane that was held while it was empty is free again.' })
  retry(@CurrentPrincipal() by: Principal, @Param('id', UuidPipe) conversation: string, @Param('endpoint') endpoint: string, @Param('entityType') entityType: string): Promise<void> {
    return this.acts.do(by, { conversation, endpoint, entityType }, 'retry');
  }

  @Post('skip')
  @HttpCode(204)
  @Allow('deliveries:write')
  @ApiOperation({ summary: 'Do without what stands at its head', description: 'A create takes the updates behind it along.' })
  skip(@CurrentPrincipal() by: Principal, @Param('id', UuidPipe) conversation: string, @Param('endpoint') endpoint: string, @Param('entityType') entityType: string): Promise<void> {
    return this.acts.do(by, { conversation, endpoint, entityType }, 'skip');
  }

  @Post('hold')
  @HttpCode(204)
  @Allow('deliveries:write')
  @ApiOperation({ summary: 'Stop the lane', description: 'Also while nothing stands in it: what comes is held until the lane is retried.' })
  hold(@CurrentPrincipal() by: Principal, @Param('id', UuidPipe) conversation: string, @Param('endpoint') endpoint: string, @Param('entityType') entityType: string): Promise<void> {
    return this.acts.do(by, { conversation, endpoint, entityType }, 'hold');
  }
}
