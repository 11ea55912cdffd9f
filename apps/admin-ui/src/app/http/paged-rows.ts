import type { Page } from './page';

/** Rows of a list as they are shown, and newer ones that wait above them for a press of the "new" button. */
export interface Shown<T> {
  readonly rows: readonly T[];
  readonly waiting: readonly T[];
  readonly nextCursor: string | null;
}

/** Adds the next page; a row that is already there is not shown twice. */
export function withMore<T>(shown: Shown<T>, page: Page<T>, idOf: (item: T) => string): Shown<T> {
  const known = new Set([...shown.rows, ...shown.waiting].map(idOf));
  return { ...shown, rows: [...shown.rows, ...page.items.filter((item) => !known.has(idOf(item)))], nextCursor: page.nextCursor ?? null };
}

/**
 * Takes in a fresh first page, newest first: rows that are shown change where they stand, new ones wait. Nothing moves.
 * An empty list shows what arrives at once, since there is nothing to move.
 */
export function mergeFresh<T>(shown: Shown<T> | undefined, page: Page<T>, idOf: (item: T) => string): Shown<T> {
  if (shown === undefined || shown.rows.length === 0) return { rows: page.items, waiting: [], nextCursor: page.nextCursor ?? null };
  const fresh = new Map(page.items.map((item) => [idOf(item), item]));
  const rows = shown.rows.map((row) => fresh.get(idOf(row)) ?? row);
  const known = new Set(rows.map(idOf));
  const arrived = page.items.filter((item) => !known.has(idOf(item)));
  const arrivedIds = new Set(arrived.map(idOf));
  return { ...shown, rows, waiting: [...arrived, ...shown.waiting.filter((item) => !arrivedIds.has(idOf(item)))] };
}

/** Shows the rows that waited. */
export function withWaiting<T>(shown: Shown<T>): Shown<T> {
  return { ...shown, rows: [...shown.waiting, ...shown.rows], waiting: [] };
}
