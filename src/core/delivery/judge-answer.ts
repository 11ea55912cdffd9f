import { retryAfterMs } from './retry-after.js';

/** How one call to a target ended. */
export type CallEnd =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter: string | null }
  /** No whole answer; `written` says whether any byte of the request may have reached the target. */
  | { readonly kind: 'failed'; readonly written: boolean };

/** What one attempt came to. */
export type Verdict =
  | { readonly outcome: 'SENT' }
  /** Certainly not done, may work later; not before `notBeforeMs` from now, where the target said so. */
  | { readonly outcome: 'RETRY'; readonly notBeforeMs: number | null; readonly blamesEndpoint: boolean }
  /** Nobody knows whether it was done. */
  | { readonly outcome: 'UNKNOWN'; readonly notBeforeMs: number | null; readonly blamesEndpoint: boolean }
  /** Refused for what was sent: the delivery is dead and rules see an ERROR answer. */
  | { readonly outcome: 'REJECTED' }
  /** Refused for who we are: the endpoint pauses until someone looks. */
  | { readonly outcome: 'CREDENTIALS' };

const RETRYABLE: ReadonlySet<number> = new Set([408, 425, 429, 503]);
const MAYBE_DONE: ReadonlySet<number> = new Set([500, 502, 504]);

/**
 * Judges how a call ended. `idempotent`: sending the same once more does no harm (updates by id that the endpoint
 * declares so, or a target that honours our key). `nowMs` is for a `Retry-After` that is a date.
 */
export function judgeAnswer(end: CallEnd, idempotent: boolean, nowMs: number): Verdict {
  if (end.kind === 'failed') {
    const outcome = end.written && !idempotent ? 'UNKNOWN' : 'RETRY';
    return { outcome, notBeforeMs: null, blamesEndpoint: true };
  }
  const { status } = end;
  if (status >= 200 && status < 300) return { outcome: 'SENT' };
  if (status === 401 || status === 403) return { outcome: 'CREDENTIALS' };
  const notBeforeMs = end.retryAfter === null ? null : retryAfterMs(end.retryAfter, nowMs);
  if (RETRYABLE.has(status)) {
    // A 429 that says until when speaks for the whole endpoint; one that does not may be about this ticket.
    const blamesEndpoint = status === 503 || (status === 429 && notBeforeMs !== null);
    return { outcome: 'RETRY', notBeforeMs, blamesEndpoint };
  }
  if (MAYBE_DONE.has(status)) {
    return { outcome: idempotent ? 'RETRY' : 'UNKNOWN', notBeforeMs, blamesEndpoint: true };
  }
  return { outcome: 'REJECTED' };
}
