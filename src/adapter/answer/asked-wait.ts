import { retryAfterMs } from '../../core/delivery/retry-after.js';

/** Numbers from here on are instants, in seconds since 1970; smaller ones are seconds from now. */
const FIRST_INSTANT_S = 1_000_000_000;
const FIRST_INSTANT_MS = 100_000_000_000;

/**
 * How long a target asks to be left alone, in milliseconds: by `Retry-After`, else by `told` (seconds, an instant in seconds or
 * milliseconds since 1970, or a date). Null where it does not say. Instants are measured by the target's own clock where it tells it.
 */
export function waitMs(headers: Readonly<Record<string, string>>, told: string | null, nowMs: number): number | null {
  const theirMs = Date.parse(headers['date'] ?? '');
  const atMs = Number.isNaN(theirMs) ? nowMs : theirMs;
  const header = headers['retry-after'];
  const asked = header === undefined ? null : retryAfterMs(header, atMs);
  if (asked !== null || told === null) return asked;
  const number = Number(told);
  if (number < FIRST_INSTANT_S) return retryAfterMs(told, atMs);
  const untilMs = Number.isNaN(number) ? Date.parse(told) : number < FIRST_INSTANT_MS ? number * 1_000 : number;
  return Number.isNaN(untilMs) ? null : retryAfterMs(String(Math.ceil((untilMs - atMs) / 1_000)), atMs);
}
