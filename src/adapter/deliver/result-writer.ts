import { Logger } from '@nestjs/common';
import { failpoint, GroupCommit, settle, type Instance, type StageHub } from '../../queue/index.js';
import type { Database } from '../../store/database.js';
import { routeLanesOf } from '../../store/pipeline/accept.js';
import { commitDeliveries } from '../../store/pipeline/delivery-commit.js';
import type { DeliveryResult } from '../../store/pipeline/delivery-result.js';
import { refusalOf } from '../../store/pipeline/statement.js';
import { noteTicketConflicts, type TicketConflict } from '../../store/pipeline/ticket-conflict.js';

const COMMIT = { maxItems: 128, maxWaitMs: 4, inFlight: 2 };

/** Writes what became of deliveries, many at a time, and hands their answers on. */
export class ResultWriter {
  private readonly log = new Logger('deliver');
  private readonly group = new GroupCommit<DeliveryResult, undefined>((results) => this.write(results), COMMIT);
  /** Results that could not be written: their lanes are not ours any more. */
  private readonly refused = new WeakSet<DeliveryResult>();

  /** `onMore`: called when a lane that was released has more to send. */
  constructor(private readonly database: Database, private readonly hub: StageHub, private readonly instance: Instance, private readonly onMore: () => void) {}

  /** Done when it is written, or refused. */
  add(result: DeliveryResult): Promise<undefined> {
    return this.group.add(result);
  }

  /** Whether few results wait to be written. */
  get hasRoom(): boolean {
    return this.group.depth < COMMIT.maxItems;
  }

  /** Whether a result was refused; asked once. */
  wasRefused(result: DeliveryResult): boolean {
    return this.refused.delete(result);
  }

  /** Writes them, whatever happens, as long as this process may work. */
  private async write(results: readonly DeliveryResult[]): Promise<undefined[]> {
    await settle(results, {
      write: (items) => this.commit(items),
      refuse: (item, culprit, error) => this.refuse(item, culprit, error),
      mayWork: () => this.instance.mayWork(),
      onRetry: (error) => this.log.warn({ event: 'deliver.commit-retried', err: error, message: 'results could not be written; trying again' }),
    });
    return results.map(() => undefined);
  }

  private async commit(results: readonly DeliveryResult[]): Promise<void> {
    await failpoint('deliver.before-commit');
    const { committed, claim } = await this.instance.claiming(async (claim) => {
      const committed = await commitDeliveries(this.database, results, claim);
      await failpoint('deliver.after-commit');
      return { committed, claim };
    });
    const responses = results.flatMap((result) => (result.response === null ? [] : [result.response]));
    this.hub.hand('route', routeLanesOf(committed.responses, responses, claim));
    if (committed.more) this.onMore();
    if (committed.poked) this.hub.left('route');
    // The ticket may have spoken before its answer came: its conversation is merged where it still waits.
    if (committed.conflicts.length > 0) this.hub.left('delay');
    await this.tell(committed.conflicts);
  }

  /** Never fails: what was committed stands, whether it is shown or not. */
  private async tell(conflicts: readonly TicketConflict[]): Promise<void> {
    const others = await noteTicketConflicts(this.database.worker, conflicts).catch((error: unknown) => {
      this.log.error({ event: 'conversation.conflict-untold', err: error, message: 'a ticket that two conversations have could not be shown' });
      return new Set<string>();
    });
    for (const conflict of conflicts) {
      if (others.has(conflict.conversation)) this.log.warn({ event: 'conversation.ticket-conflict', ...conflict, message: 'an answer brought a ticket that another conversation has; this one keeps it for sending only' });
      else this.log.log({ event: 'conversation.ticket-id-known', ...conflict, message: 'the ticket that a create made has sent a message before the answer came' });
    }
  }

  /** A lane that is not ours any more is somebody else's work; a result that the database cannot hold is held for an operator. */
  private async refuse(item: DeliveryResult, culprit: 'guard' | 'row', error: unknown): Promise<void> {
    this.log.error({ event: 'deliver.refused', conversation: item.conversation, endpoint: item.endpoint, culprit, err: error, message: 'the result of a delivery could not be written' });
    this.refused.add(item);
    // What is there already was written by a commit whose answer was lost.
    if (culprit === 'guard' || item.delivery === null || refusalOf(error) === 'unique') return;
    const held: DeliveryResult = {
      ...item, doneSeq: item.delivery.seq - 1, release: true, blocked: 'UNKNOWN_OUTCOME', delayMs: null, ticketId: null, next: null, response: null, attempt: null,
      delivery: { ...item.delivery, state: 'HELD', error: 'the answer could not be stored', final: false },
    };
    await settle([held], {
      write: (items) => this.commit(items), refuse: () => Promise.resolve(), mayWork: () => this.instance.mayWork(),
      onRetry: (again) => this.log.warn({ event: 'deliver.commit-retried', err: again, message: 'a refused result could not be held; trying again' }),
    });
  }
}
