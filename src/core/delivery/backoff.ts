/** How an endpoint wants retries to be spaced; times in milliseconds. */
export interface BackoffSettings {
  readonly firstMs: number;
  readonly factor: number;
  readonly mostMs: number;
  /** Age of the delivery from which on it is given up. */
  readonly giveUpAfterMs: number;
}

export const DEFAULT_BACKOFF: BackoffSettings = {
  firstMs: 1_000,
  factor: 2,
  mostMs: 15 * 60_000,
  giveUpAfterMs: 5 * 24 * 3_600_000,
};

/** One attempt that failed and may be tried again. */
export interface FailedAttempt {
  /** From 1. */
  readonly attempt: number;
  /** Milliseconds since the delivery was routed. */
  readonly ageMs: number;
  /** What the target asked for at least; null where it did not. */
  readonly notBeforeMs: number | null;
  /** A random number, 0 up to but not including 1. */
  readonly random: number;
}

export type Backoff = { readonly kind: 'retry'; readonly afterMs: number } | { readonly kind: 'give-up' };

/**
 * When to try again, or that it is enough: exponential with full jitter, so that a crowd that failed together does not
 * come back together. The target's own wish is a minimum, never shortened.
 */
export function nextAttempt(failed: FailedAttempt, settings: BackoffSettings = DEFAULT_BACKOFF): Backoff {
  if (failed.ageMs >= settings.giveUpAfterMs) return { kind: 'give-up' };
  // A power too large to hold is simply the longest pause.
  const ceilingMs = Math.min(settings.firstMs * settings.factor ** (failed.attempt - 1), settings.mostMs);
  return { kind: 'retry', afterMs: Math.max(Math.round(ceilingMs * failed.random), failed.notBeforeMs ?? 0) };
}
