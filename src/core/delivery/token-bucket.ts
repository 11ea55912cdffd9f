/** An endpoint's rate limit. */
export interface RateSettings {
  /** May be a fraction: 0.5 is one call in two seconds. */
  readonly perSecond: number;
  /** Calls that may start at once after a pause. */
  readonly burst: number;
  /** Limits over longer times that hold besides. */
  readonly longer?: readonly RateSettings[];
}

/** What is left of a rate limit at an instant, a value. */
export interface TokenBucket {
  readonly tokens: number;
  readonly atMs: number;
  /** Of the limits over longer times, in their order. */
  readonly longer?: readonly TokenBucket[];
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
export function fullBucket({ burst, longer = [] }: RateSettings, nowMs: number): TokenBucket {
  return { tokens: burst, atMs: nowMs, ...(longer.length === 0 ? {} : { longer: longer.map((one) => fullBucket(one, nowMs)) }) };
}

/**
 * The limit of so many calls within any time of `periodMs`: a tenth of them may come at once, the others spread. What is left of a token counts
 * as none, so that with the last one refilled there are never more than `most` within the time.
 */
export function rateOver(most: number, periodMs: number): RateSettings {
  const burst = Math.max(1, Math.floor(most / 10));
  return { perSecond: ((most - burst + 1) * 1_000) / periodMs, burst };
}

/** Takes as many whole tokens as there are, at most `most`: by every limit, and of each as many. A clock that goes backwards refills nothing. */
export function takeTokens(bucket: TokenBucket, settings: RateSettings, most: number, nowMs: number): TakenTokens {
  const all = [settings, ...(settings.longer ?? [])];
  const buckets = all.map((one, at) => refilled(at === 0 ? bucket : (bucket.longer?.[at - 1] ?? fullBucket(one, nowMs)), one, nowMs));
  const taken = buckets.reduce((least, { tokens }) => Math.min(least, Math.floor(tokens + ALMOST)), most);
  const [left, ...longer] = buckets.map(({ tokens, atMs }): TokenBucket => ({ tokens: Math.max(0, tokens - taken), atMs }));
  const waitMs = Math.max(...[left!, ...longer].map(({ tokens }, at) => nextTokenMs(tokens, all[at]!)));
  return { bucket: { ...left!, ...(longer.length === 0 ? {} : { longer }) }, taken, waitMs };
}

/** What a bucket holds by now. Settings may have become smaller meanwhile. */
function refilled({ tokens, atMs }: TokenBucket, { perSecond, burst }: RateSettings, nowMs: number): TokenBucket {
  return { tokens: Math.min(burst, tokens + (Math.max(0, nowMs - atMs) * perSecond) / 1_000), atMs: Math.max(nowMs, atMs) };
}

const nextTokenMs = (left: number, { perSecond }: RateSettings): number => (left + ALMOST >= 1 ? 0 : Math.max(1, Math.ceil(((1 - ALMOST - left) * 1_000) / perSecond)));
