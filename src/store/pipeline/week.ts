import { uuidFloor } from './uuid.js';

export const WEEK_MS = 7 * 24 * 3_600_000;
/** Thursday 1970-01-01 plus four days: weeks begin on Mondays. */
const FIRST_MONDAY_MS = 4 * 24 * 3_600_000;

/** A week of partitions: from a Monday, UTC. `name` is how partitions end, `from` and `before` the ids in it. */
export interface Week {
  readonly name: string;
  readonly fromMs: number;
  readonly from: string;
  readonly before: string;
}

/** The week that an instant lies in. */
export function weekOf(ms: number): Week {
  const fromMs = Math.floor((ms - FIRST_MONDAY_MS) / WEEK_MS) * WEEK_MS + FIRST_MONDAY_MS;
  return { name: new Date(fromMs).toISOString().slice(0, 10).replaceAll('-', ''), fromMs, from: uuidFloor(fromMs), before: uuidFloor(fromMs + WEEK_MS) };
}

/** The week that a partition is named after; null where the name is no Monday's. */
export function weekNamed(name: string): Week | null {
  const parts = /^(\d{4})(\d{2})(\d{2})$/.exec(name);
  if (parts === null) return null;
  const week = weekOf(Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3])));
  return week.name === name ? week : null;
}
