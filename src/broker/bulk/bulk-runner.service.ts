import { setImmediate as nextTurn } from 'node:timers/promises';
import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { AuditLog } from '../../identity/index.js';
import { StageHub } from '../../queue/index.js';
import { openBulks, type OpenBulk } from '../../store/bulk/bulk-queue.js';
import { BulkOperationStore, type BulkRow } from '../../store/bulk/bulk-operation.store.js';
import type { EntityManager } from '../../store/data-source.js';
import { Database } from '../../store/database.js';
import { BULK_ACTIONS, bulkAction, type BulkAction } from './bulk-action.js';
import { actOnBatch, type BatchOutcome } from './bulk-batch.js';
import { endOfBulk } from './bulk-end.js';
import { planFurther } from './bulk-plan.js';

const LOOK_MS = 1_000;
const ACTION_NAMES = BULK_ACTIONS.map(({ name }) => name);

/**
 * Plans and carries out bulk operations, a batch of each in turn. Whoever has locked an operation's row works on it: one process at a time,
 * and a process that dies lets go of it with its connection. Nothing is remembered here.
 */
@Injectable()
export class BulkRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('bulk');
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private stopped = false;

  constructor(@Inject(SETTINGS) private readonly settings: Settings, private readonly database: Database, private readonly audit: AuditLog, private readonly hub: StageHub) {}

  onApplicationBootstrap(): void {
    if (this.settings.role === 'web') return;
    // Jitter, so that several instances do not look in step.
    this.timer = setInterval(() => this.wake(), LOOK_MS * (0.8 + Math.random() * 0.4)).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.running;
  }

  /** Looks now whether there is something to do; returns at once. */
  wake(): void {
    if (this.stopped || this.running !== undefined || this.settings.role === 'web') return;
    this.running = this.run().finally(() => { this.running = undefined; });
  }

  private async run(): Promise<void> {
    try {
      let hasMore = true;
      while (hasMore && !this.stopped) {
        hasMore = false;
        for (const open of await openBulks(this.database.worker, ACTION_NAMES)) {
          if (this.stopped) return;
          if (await this.tryStep(open)) hasMore = true;
          await nextTurn();
        }
      }
    } catch (error) {
      this.log.warn({ event: 'bulk.unread', err: error, message: 'the store could not be asked for bulk operations' });
    }
  }

  /** One that fails is left for the next look, and keeps no other waiting. */
  private async tryStep(open: OpenBulk): Promise<boolean> {
    try {
      return await this.step(open);
    } catch (error) {
      this.log.warn({ event: 'bulk.failed', bulk: open.id, err: error, message: 'a batch of a bulk operation could not be carried out; it is tried again' });
      return false;
    }
  }

  /** One batch of one operation, in one transaction; answers whether it may go on at once. */
  private async step({ organization, id }: OpenBulk): Promise<boolean> {
    const outcome = await this.database.inOrganization(organization, async (manager) => {
      const row = await new BulkOperationStore(organization, manager).tryLock(id);
      const action = row === null ? undefined : bulkAction(row.action);
      if (row === null || action === undefined) return 'waiting';
      if (row.state === 'PLANNING') return (await planFurther(organization, manager, action, row)) ? 'planned' : 'more';
      return row.state === 'RUNNING' ? this.carryOn(organization, manager, action, row) : 'waiting';
    });
    if (outcome === 'more' || outcome === 'finished') for (const stage of ['deliver', 'route', 'normalize'] as const) this.hub.left(stage);
    return outcome === 'more';
  }

  private async carryOn(organization: OpenBulk['organization'], manager: EntityManager, action: BulkAction, row: BulkRow): Promise<BatchOutcome> {
    const outcome = await actOnBatch({ organization, manager, by: row.startedBy?.name ?? '' }, action, row);
    if (outcome === 'finished') {
      await new BulkOperationStore(organization, manager).finish(row.id);
      await endOfBulk(this.audit, { organization, manager }, row);
    }
    return outcome;
  }
}
