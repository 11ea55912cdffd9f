import { DateTime } from 'luxon';
import type { Value } from '../../../core/message/value.js';
import { asText } from '../../../core/message/as-text.js';
import type { RestCursor } from './poll-settings.js';

/** Where polling of a list stands; kept as JSON between polls. */
export interface PollCursor {
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
export function readCursor(given: unknown, settings: string): PollCursor {
  const begin: PollCursor = { settings, position: null, page: null, newest: null, pages: 0 };
  if (typeof given !== 'object' || given === null) return begin;
  const cursor = given as Partial<PollCursor>;
  const isText = (value: unknown): boolean => value === null || typeof value === 'string';
  // A position that somebody set by hand needs no more than that.
  if (cursor.settings === undefined && typeof cursor.position === 'string') return { ...begin, position: cursor.position };
  if (cursor.settings !== settings || !isText(cursor.position) || !isText(cursor.page) || !isText(cursor.newest)) return begin;
  return { ...begin, ...cursor };
}

type Timed = RestCursor & { type: 'timestamp' };

/** An instant as the target writes it, in milliseconds; null where it cannot be read. */
export function readInstant(value: unknown, { format, zone = 'utc' }: Timed): number | null {
  if (value === undefined || value === null || value === '') return null;
  const text = asText(value as Value);
  const isEpoch = format === 'EpochTime' || format === 'EpochTime_s';
  if (isEpoch && Number.isFinite(Number(text))) return Number(text) * (format === 'EpochTime' ? 1 : 1_000);
  // Who is asked with seconds may answer with dates.
  const at = format === undefined || isEpoch ? DateTime.fromISO(text, { zone, setZone: false }) : DateTime.fromFormat(text, format, { zone, locale: 'en-US' });
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
