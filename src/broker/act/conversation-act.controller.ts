import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiConflictResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, AuditLog, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { StageHub } from '../../queue/index.js';
import { Database } from '../../store/database.js';
import { ConversationActStore } from '../../store/lane/conversation-act.store.js';
import { Problem, UuidPipe } from '../../web/index.js';

/** An operator's hand on conversations that stand still. */
@ApiTags('conversations')
@Controller('api/v1/conversations')
export class ConversationActController {
  constructor(private readonly database: Database, private readonly audit: AuditLog, private readonly hub: StageHub) {}

  @Post(':id/release')
  @HttpCode(204)
  @Allow('deliveries:write')
  @ApiOperation({ summary: 'Let it go on', description: 'For a conversation that the loop guard stopped, or that waits for the answer that may name its ticket.' })
  @ApiNoContentResponse({ description: 'It goes on.' })
  @ApiConflictResponse({ description: 'Nothing stops it.' })
  async release(@CurrentPrincipal() by: Principal, @Param('id', UuidPipe) id: string): Promise<void> {
    await this.database.inOrganization(by.organization, async (manager) => {
      const store = new ConversationActStore(by.organization, manager);
      const blocked = await store.blockedReason(id);
      if (blocked === undefined) throw Problem.missing(`conversation ${id}`);
      if (blocked === null) throw Problem.conflict('not-blocked', 'Nothing stops this conversation.');
      await store.release(id);
      await this.audit.record(manager, by.organization, by, 'conversation.release', id, { reason: blocked });
    });
    this.hub.left('route');
  }
}
