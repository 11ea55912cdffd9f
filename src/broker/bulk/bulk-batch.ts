import { BulkItemStore, type BulkItemEnd, type BulkItemRow } from '../../store/bulk/bulk-item.store.js';
import { BulkOperationStore, type BulkRow } from '../../store/bulk/bulk-operation.store.js';
import { refusalOf } from '../../store/pipeline/statement.js';
import { Problem } from '../../web/index.js';
import type { BulkAction, BulkHand } from './bulk-action.js';

/** Items of one transaction: their lanes are locked for so long, about a tenth of a second. */
const BATCH = 25;
/** A lane that is being sent from is looked at again a second later, for about a minute. */
const MOST_TRIES = 60;

/** What a batch came to: `waiting` items could not be touched yet. */
export type BatchOutcome = 'more' | 'waiting' | 'finished';

/**
 * Acts on the next items of an operation whose row the caller has locked. An item's outcome is written in the transaction of its act:
 * whatever happens to this process, each is done once or not yet.
 */
export async function actOnBatch(hand: BulkHand, action: BulkAction, row: Pick<BulkRow, 'id'>): Promise<BatchOutcome> {
  const { organization, manager } = hand;
  const items = new BulkItemStore(organization, manager, row.id);
  const batch = await items.open(BATCH);
  if (batch.length === 0) {
    if (!(await items.hasOpen())) return 'finished';
    await new BulkOperationStore(organization, manager).progress(row.id, { done: 0, failed: 0, skipped: 0 }); // back into the queue: others have their turn
    return 'waiting';
  }
  await action.lock(hand, batch.map((item) => item.subject));
  const ends: BulkItemEnd[] = [];
  for (const item of batch) ends.push(await actOnOne(hand, action, item));
  await items.end(ends);
  const count = (outcome: string): number => ends.filter((end) => end.outcome === outcome).length;
  await new BulkOperationStore(organization, manager).progress(row.id, { done: count('DONE'), failed: count('FAILED'), skipped: count('SKIPPED') });
  return 'more';
}

/** One item in a savepoint of its own: what is refused of it is undone, and the others stand. */
async function actOnOne(hand: BulkHand, action: BulkAction, item: BulkItemRow): Promise<BulkItemEnd> {
  const { subject } = item;
  await hand.manager.query('SAVEPOINT item');
  try {
    const acted = await action.act(hand, item);
    await hand.manager.query('RELEASE SAVEPOINT item');
    if (acted.kind === 'done') return { subject, outcome: 'DONE', reason: null };
    return { subject, outcome: 'SKIPPED', reason: `It was ${item.stateThen} when this was planned and is ${acted.state} now.` };
  } catch (error) {
    // What is wrong with the database, and not with the item, ends the batch: nothing of it was done.
    if (!(error instanceof Problem) && refusalOf(error) === 'elsewhere') throw error;
    await hand.manager.query('ROLLBACK TO SAVEPOINT item');
    return endOfRefused(item, error);
  }
}

function endOfRefused({ subject, tries }: BulkItemRow, error: unknown): BulkItemEnd {
  if (!(error instanceof Problem)) return { subject, outcome: 'FAILED', reason: `The database refused it: ${(error as Error).message}` };
  if (error.code === 'being-sent') return tries < MOST_TRIES ? { subject, outcome: 'later', reason: error.detail } : { subject, outcome: 'FAILED', reason: 'Its lane was being sent from all the time.' };
  return { subject, outcome: 'SKIPPED', reason: error.detail };
}
