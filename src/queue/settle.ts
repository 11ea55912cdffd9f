import { setTimeout as sleep } from 'node:timers/promises';
import { refusalOf } from '../store/pipeline/statement.js';

/** Rounds in which a batch may meet keys that others have just made: the next look finds them. */
const MOST_ROUNDS = 6;

/** What a batch's culprit is told: its lane is not ours any more, or the database refuses its content. */
export type Culprit = 'guard' | 'row';

export interface SettleOptions<T, R> {
  readonly write: (items: readonly T[]) => Promise<R>;
  /** Called with the one item that cannot be written; its answer takes the place of a write's. */
  readonly refuse: (item: T, culprit: Culprit, error: unknown) => Promise<R>;
  /** False: claims are not valid any more, there is no use in trying again. */
  readonly mayWork: () => boolean;
  readonly onRetry: (error: unknown) => void;
}

/**
 * Writes a batch whatever happens: a refusal of its content is bisected down to the culprit, so that one bad item never fails the others;
 * a key that somebody else has just made is met only once; a database that does not answer is tried again (0.1 s doubling to 2 s)
 * as long as this process may work.
 */
export async function settle<T, R>(items: readonly T[], options: SettleOptions<T, R>): Promise<R[]> {
  for (let delayMs = 100, round = 1; ;) {
    try {
      return [await options.write(items)];
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === 'unique' && round++ < MOST_ROUNDS) continue;
      if (refusal !== 'elsewhere') {
        if (items.length === 1) return [await options.refuse(items[0]!, refusal === 'guard' ? 'guard' : 'row', error)];
        const middle = items.length >> 1;
        return [...(await settle(items.slice(0, middle), options)), ...(await settle(items.slice(middle), options))];
      }
      if (!options.mayWork()) throw error;
      options.onRetry(error);
      await sleep(delayMs);
      delayMs = Math.min(delayMs * 2, 2_000);
    }
  }
}
