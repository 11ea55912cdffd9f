import { DateTime } from 'luxon';

/** Whatever a target says, no call comes sooner and none waits longer on its word. */
const MIN_MS = 1_000;
const MAX_MS = 3_600_000;

/** Milliseconds that a `Retry-After` header asks for (seconds or an HTTP date), between 1 s and 1 h; null where it says nothing. Less than nothing is a wish too: the shortest. */
export function retryAfterMs(header: string, nowMs: number): number | null {
  const text = header.trim();
  if (/^[+-]?\d+(?:\.\d*)?$/.test(text)) return clamp(Math.ceil(Number(text) * 1_000));
  const date = DateTime.fromHTTP(text, { zone: 'utc' });
  return date.isValid ? clamp(date.toMillis() - nowMs) : null;
}

function clamp(ms: number): number {
  return Math.min(Math.max(ms, MIN_MS), MAX_MS);
}
