import { uuidFloor } from '../pipeline/uuid.js';

/** Newest first; bounds of the UUIDv7 ids that are looked at. `before` is exclusive. */
export interface IdRange {
  readonly from: string;
  readonly before: string;
}

/** Rows of one scan and, where there may be more, the id behind which to go on. */
export interface Scan<Row> {
  readonly rows: readonly Row[];
  readonly resumeBefore: string | null;
}

/** A part of the range to look through: at most `size` rows, of which at most `wanted` matches are needed. */
export interface Window extends IdRange {
  readonly size: number;
  readonly wanted: number;
}

/** The matches of a window, and the id with which it ended: null where the range ended first. */
export interface WindowRead<Row> {
  readonly rows: readonly Row[];
  readonly lastId: string | null;
}

const WINDOW = 5_000;
/** Rows whose bodies are read weigh more. */
export const WINDOW_OF_BODIES = 250;
/** A page comes back short rather than late. */
const BUDGET_MS = 150;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The ids made from `from` (inclusive) to `to` (exclusive), both in ms, and before the id of a cursor. */
export function idRange(from: number | null, to: number | null, cursor: string | null): IdRange {
  const before = to === null ? LAST_ID : uuidFloor(Math.max(0, to));
  return { from: from === null ? FIRST_ID : uuidFloor(Math.max(0, from)), before: cursor !== null && cursor < before ? cursor : before };
}

/**
 * Filters without an index of their own read the feed backwards in windows of the primary key, for a bounded time: a page may
 * come back short, or empty, with a place to go on.
 */
export async function scanBackwards<Row extends { readonly id: string }>(
  range: IdRange, limit: number, read: (window: Window) => Promise<WindowRead<Row>>, most = WINDOW,
): Promise<Scan<Row>> {
  const rows: Row[] = [];
  const end = Date.now() + BUDGET_MS;
  let before = range.before;
  let size = Math.min(most, Math.max(limit, 500));
  for (;;) {
    const found = await read({ from: range.from, before, size, wanted: limit + 1 - rows.length });
    rows.push(...found.rows);
    if (rows.length > limit) return { rows: rows.slice(0, limit), resumeBefore: rows[limit - 1]!.id };
    if (found.lastId === null) return { rows, resumeBefore: null };
    before = found.lastId;
    if (Date.now() > end) return { rows, resumeBefore: before };
    size = most;
  }
}
