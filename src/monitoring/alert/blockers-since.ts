import type { Blocker } from '../../store/monitoring/blockers.js';

/** Who waits for a lock a moment is nothing new; a transaction that is waited for at moments so far apart holds it. */
const LEAST_MS = 8_000;
/** Whoever waits gives up after two seconds and comes again: between two looks nobody may have waited. */
const FORGET_MS = 60_000;

/** A blocker, and since when it is known. */
export interface LongBlocker extends Blocker {
  readonly forMs: number;
}

/** Tells transactions that keep others waiting for long from those that were met once. `nowMs` must not go back. */
export class BlockersSince {
  private known = new Map<string, { readonly firstMs: number; readonly lastMs: number }>();

  look(blockers: readonly Blocker[], nowMs: number): LongBlocker[] {
    for (const blocker of blockers) this.known.set(keyOf(blocker), { firstMs: this.known.get(keyOf(blocker))?.firstMs ?? nowMs, lastMs: nowMs });
    for (const [key, { lastMs }] of this.known) if (nowMs - lastMs > FORGET_MS) this.known.delete(key);
    return blockers.map((blocker) => ({ ...blocker, forMs: nowMs - this.known.get(keyOf(blocker))!.firstMs })).filter(({ forMs }) => forMs >= LEAST_MS);
  }
}

const keyOf = ({ pid, transaction }: Blocker): string => `${pid} ${transaction}`;

/** What an operator needs to know of it. */
export function sayBlocker({ pid, user, application, waiting, forMs }: LongBlocker): string {
  const who = [user, application].filter((one) => one !== '').join(', ');
  const others = waiting === 1 ? 'another session waits' : `${waiting} others wait`;
  return `session ${pid}${who === '' ? '' : ` (${who})`} holds a lock for which ${others}, for ${Math.round(forMs / 1_000)} s or longer; SELECT pg_terminate_backend(${pid}) ends it`;
}
