/** An endpoint's rate limit. */
export interface RateSettings {
  /** May be a fraction: 0.5 is one call in two seconds. */
  readonly perSecond: number;
  /** Calls that may start at once after a pause. */
  readonly burst: number;
}

/** What is left of a rate limit at an instant, a value. */
export interface TokenBucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** Tokens that were taken, and in how many milliseconds there is the next one (0: there is one now). */
export interface TakenTokens {
  readonly bucket: TokenBucket;
  readonly taken: number;
  readonly waitMs: number;
}

/** Sums of fractions miss a whole token by their last bits. */
const ALMOST = 1e-9;

/** A bucket that nobody has taken from. */
export function fullBucket(settings: RateSettings, nowMs: number): TokenBucket {
  return { tokens: settings.burst, atMs: nowMs };
}

/** Takes as many whole tokens as there are, at most `most`. A clock that goes backwards refills nothing. */
export function takeTokens(bucket: TokenBucket, settings: RateSettings, most: number, nowMs: number): TakenTokens {
  const passedMs = Math.max(0, nowMs - bucket.atMs);
  const tokens = Math.min(settings.burst, bucket.tokens + (passedMs * settings.perSecond) / 1_000);
  const taken = Math.min(most, Math.floor(tokens + ALMOST));
  const left = Math.max(0, tokens - taken);
  const waitMs = left + ALMOST >= 1 ? 0 : Math.max(1, Math.ceil(((1 - ALMOST - left) * 1_000) / settings.perSecond));
  return { bucket: { tokens: left, atMs: Math.max(nowMs, bucket.atMs) }, taken, waitMs };
}
