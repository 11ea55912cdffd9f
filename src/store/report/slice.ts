const QUARTER_MS = 15 * 60_000;
const HOUR_MS = 4 * QUARTER_MS;
/** A month begins so much before or after it does in UTC, whatever the zone. */
const EARLIEST_MS = 14 * HOUR_MS;
const LATEST_MS = 12 * HOUR_MS;

/** A piece of time that is counted as one; instants in milliseconds, its end not included. */
export interface Slice {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The slice that an instant lies in: an hour; near the turn of a month a quarter of one, so that months of every zone are made of whole slices. */
export function sliceAt(ms: number): Slice {
  const lengthMs = mayTurn(Math.floor(ms / HOUR_MS) * HOUR_MS) ? QUARTER_MS : HOUR_MS;
  const fromMs = Math.floor(ms / lengthMs) * lengthMs;
  return { fromMs, untilMs: fromMs + lengthMs };
}

function mayTurn(hourMs: number): boolean {
  const at = new Date(hourMs);
  const turns = [0, 1].map((months) => Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months));
  return turns.some((turnMs) => hourMs >= turnMs - EARLIEST_MS && hourMs < turnMs + LATEST_MS);
}
