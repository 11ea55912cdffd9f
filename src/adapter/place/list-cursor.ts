import { DateTime } from 'luxon';
import type { Value } from '../../core/message/value.js';
import { asText } from '../../core/message/as-text.js';
import type { CursorSetting } from './cursor-setting.js';
import { asWord, type PlaceSetting } from './place.js';

/** Where polling of a list stands; kept as JSON between polls. */
export interface ListCursor {
  /** Changes with the settings that it depends on: a cursor of others is no cursor. */
  readonly settings: string;
  /** What was fetched up to: an instant (ISO 8601), an id, a token; null: nothing yet. */
  readonly position: string | null;
  /** Of a list that is being gone through: the next page, what was newest so far, and how many pages that were. */
  readonly page: string | null;
  readonly newest: string | null;
  readonly pages: number;
  /** When the run under way began, and the last one that came to its end: what is made since then was not seen by it. Milliseconds. */
  readonly begunMs?: number;
  readonly endedRunMs?: number;
  /** Without a cursor at the target: the items that were there the last time, and those seen in this run. */
  readonly known?: readonly string[];
  readonly seen?: readonly string[];
  readonly run?: number;
}

/** Reads what the last poll left; null where it left nothing that fits these settings. */
export function readCursor(given: unknown, settings: string): ListCursor {
  const begin: ListCursor = { settings, position: null, page: null, newest: null, pages: 0 };
  if (typeof given !== 'object' || given === null) return begin;
  const cursor = given as Partial<ListCursor>;
  const isText = (value: unknown): boolean => value === null || typeof value === 'string';
  // A position that somebody set by hand needs no more than that.
  if (cursor.settings === undefined && typeof cursor.position === 'string') return { ...begin, position: cursor.position };
  if (cursor.settings !== settings || !isText(cursor.position) || !isText(cursor.page) || !isText(cursor.newest)) return begin;
  return { ...begin, ...cursor };
}

type Timed = CursorSetting & { type: 'timestamp' };

/** An instant as the target writes it, in milliseconds; null where it cannot be read. */
export function readInstant(value: unknown, { format, zone = 'utc' }: Timed): number | null {
  if (value === undefined || value === null || value === '') return null;
  const text = asText(value as Value);
  const isEpoch = format === 'EpochTime' || format === 'EpochTime_s';
  if (isEpoch && Number.isFinite(Number(text))) return Number(text) * (format === 'EpochTime' ? 1 : 1_000);
  const asked = format === undefined || isEpoch ? null : DateTime.fromFormat(text, format, { zone, locale: 'en-US' });
  // Who is asked with seconds, or in a form of its own, may answer with dates.
  const at = asked?.isValid === true ? asked : DateTime.fromISO(text, { zone, setZone: false });
  return at.isValid ? at.toMillis() : null;
}

/** An instant as the target reads it. */
export function printInstant(ms: number, { format, zone = 'utc' }: Timed): string {
  if (format === 'EpochTime') return String(ms);
  if (format === 'EpochTime_s') return String(Math.floor(ms / 1_000));
  const at = DateTime.fromMillis(ms, { zone });
  return format === undefined ? (at.toISO() ?? new Date(ms).toISOString()) : at.toFormat(format, { locale: 'en-US', numberingSystem: 'latn' });
}

/** The later of two ids: by number where both are whole numbers of any length, else the one that came last. */
export function laterId(one: string | null, other: string): string {
  if (one === null) return other;
  if (!/^\d+$/.test(one) || !/^\d+$/.test(other)) return other;
  return BigInt(other) > BigInt(one) ? other : one;
}

/** Whether only what happens from now on is fetched. */
export const beginsNow = (kind: CursorSetting | undefined): boolean => kind?.type === 'timestamp' && (kind.initial === undefined || kind.initial === 'now');

/** A cursor that stands somewhere, where the settings say where a list begins. */
export function begun(cursor: ListCursor, kind: CursorSetting | undefined, nowMs: number): ListCursor {
  if (cursor.position !== null || kind === undefined || kind.type === 'none') return cursor;
  if (kind.type !== 'timestamp') return { ...cursor, position: kind.initial ?? null };
  const initial = beginsNow(kind) ? Number.NaN : Date.parse(kind.initial ?? '');
  return { ...cursor, position: new Date(Number.isNaN(initial) ? nowMs : initial).toISOString() };
}

/** The newest of what was seen so far and one item more; `read` looks into that item. */
export function newestOf(kind: CursorSetting | undefined, newest: string | null, read: (place: PlaceSetting) => unknown): string | null {
  if (kind?.type === 'id') {
    const id = asWord(read(kind.field));
    return id === null ? newest : laterId(newest, id);
  }
  if (kind?.type !== 'timestamp') return newest;
  const at = readInstant(read(kind.field), kind);
  return at === null || (newest !== null && Date.parse(newest) >= at) ? newest : new Date(at).toISOString();
}

/** Where the next poll begins once a list was gone through; `read` looks into the last answer, `answeredMs` is the target's clock, or ours. */
export function positionAfter(kind: CursorSetting | undefined, { position }: Pick<ListCursor, 'position'>, { newest, read, answeredMs }: { readonly newest: string | null; readonly read: (place: PlaceSetting) => unknown; readonly answeredMs: number }): string | null {
  switch (kind?.type) {
    case undefined: case 'none': return null;
    case 'token': return asWord(read(kind.next)) ?? position;
    case 'id': return newest === null ? position : laterId(position, newest);
    case 'timestamp': {
      const reached = kind.advanceBy === 'request' ? new Date(answeredMs).toISOString() : newest;
      // It never moves backwards: an old item that was changed without its time being set would bring everything again.
      return reached === null || (position !== null && Date.parse(position) >= Date.parse(reached)) ? position : reached;
    }
  }
}
