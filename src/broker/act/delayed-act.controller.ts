import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiConflictResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, AuditLog, CurrentPrincipal, type Principal } from '../../identity/index.js';
import { StageHub } from '../../queue/index.js';
import { Database } from '../../store/database.js';
import { DelayedActStore, type DelayedOrder } from '../../store/lane/delayed-act.store.js';
import { UuidPipe } from '../../web/index.js';
import { orderWaiting, takeWaiting } from './delayed-act.js';

/** An operator's hand on executions that wait. */
@ApiTags('conversations')
@ApiNoContentResponse({ description: 'Ordered; the conversation carries it out in its turn.' })
@ApiConflictResponse({ description: 'It does not wait any more.' })
@Controller('api/v1/delayed-executions')
export class DelayedActController {
  constructor(private readonly database: Database, private readonly audit: AuditLog, private readonly hub: StageHub) {}

  @Post(':id/release')
  @HttpCode(204)
  @Allow('deliveries:write')
  @ApiOperation({ summary: 'Release now, whatever it waits for' })
  release(@CurrentPrincipal() by: Principal, @Param('id', UuidPipe) id: string): Promise<void> {
    return this.order(by, id, 'RELEASE');
  }

  @Post(':id/cancel')
  @HttpCode(204)
  @Allow('deliveries:write')
  @ApiOperation({ summary: 'Never execute it' })
  cancel(@CurrentPrincipal() by: Principal, @Param('id', UuidPipe) id: string): Promise<void> {
    return this.order(by, id, 'CANCEL');
  }

  private async order(by: Principal, id: string, order: DelayedOrder): Promise<void> {
    await this.database.inOrganization(by.organization, async (manager) => {
      const store = new DelayedActStore(by.organization, manager);
      const found = await takeWaiting(store, id);
      await orderWaiting(store, found, order, by.name);
      await this.audit.record(manager, by.organization, by, `delayed-execution.${order.toLowerCase()}`, id, { rule: found.rule, conversation: found.conversation });
    });
    this.hub.left('route');
  }
}
