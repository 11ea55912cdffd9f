import { Problem } from './problem.js';

/** One page of a list: its items and, where there are more, the cursor of the next page. */
export interface Page<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What a key of a cursor may be; checked, since what comes back was in the caller's hands. */
const KEY_KINDS = {
  text: (key: unknown): key is string => typeof key === 'string' && key.length <= 500 && !key.includes('\u0000'),
  uuid: (key: unknown): key is string => typeof key === 'string' && UUID.test(key),
  /** A whole number within bigint, as text. */
  whole: (key: unknown): key is string => typeof key === 'string' && /^-?\d{1,18}$/.test(key),
  /** An instant in ISO 8601, UTC, as PostgreSQL or `toISOString` write it. */
  instant: (key: unknown): key is string => typeof key === 'string' && key.length <= 40 && !Number.isNaN(Date.parse(key)),
};

export type KeyKind = keyof typeof KEY_KINDS;

/** Packs the sort keys of a page's last item; opaque to callers, hence base64url. */
export const writeCursor = (keys: readonly string[]): string => Buffer.from(JSON.stringify(keys)).toString('base64url');

/** Unpacks a cursor whose keys are of these kinds, as text; null without a cursor. One that this list did not make is a 422 problem. */
export function readCursor(cursor: string | undefined, ...kinds: readonly KeyKind[]): readonly string[] | null {
  if (cursor === undefined) return null;
  try {
    const keys: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(keys) && keys.length === kinds.length && kinds.every((kind, at) => KEY_KINDS[kind](keys[at]))) return keys as string[];
  } catch { /* falls through: whatever it is, it is no cursor */ }
  throw Problem.invalid([{ parameter: 'cursor', detail: 'is not a cursor of this list' }]);
}

/** Makes a page of up to `limit` items from a query that asked for one more. */
export function pageOf<T>(found: readonly T[], limit: number, keysOf: (item: T) => readonly string[]): Page<T> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: found.length > limit && last !== undefined ? writeCursor(keysOf(last)) : null };
}
