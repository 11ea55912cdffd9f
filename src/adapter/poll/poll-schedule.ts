import type { SourceChannel } from '../contract.js';

/** How long until the next poll, in milliseconds. `random`: 0 up to but not including 1. */

/** Pauses after failures double up to this, whatever the interval; a longer interval stays. */
const MOST_BACKOFF_MS = 15 * 60_000;
const JITTER = 0.1;

/** After a poll that worked: the interval, a tenth more or less, so that many endpoints do not poll in step. */
export const afterSuccessMs = (everyMs: number, random: number): number => Math.round(everyMs * (1 - JITTER + 2 * JITTER * random));

/** After a poll that worked, where its channel may have a schedule of its own. It has a second at least: a clock may be a little early. */
export const afterPollMs = ({ everyMs, nextAtMs }: { readonly everyMs: number; readonly nextAtMs?: SourceChannel['nextAtMs'] }, nowMs: number, random: number): number =>
  (nextAtMs === undefined ? afterSuccessMs(everyMs, random) : Math.max(nextAtMs(nowMs, random) - nowMs, 1_000));

/** After the n-th failure in a row (from 1): the interval doubling, jittered; what the target asked for is a minimum. */
export function afterFailureMs(everyMs: number, failures: number, retryAfterMs: number | null, random: number): number {
  const pauseMs = Math.min(everyMs * 2 ** Math.min(failures - 1, 20), Math.max(everyMs, MOST_BACKOFF_MS));
  return Math.max(Math.round(pauseMs * (0.5 + random / 2)), retryAfterMs ?? 0, 1_000);
}
