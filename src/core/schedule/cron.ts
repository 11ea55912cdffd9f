import type { Zone } from 'luxon';
import { failure, type Failure } from '../message/failure.js';
import { err, ok, type Result } from '../message/result.js';
import { instantInZone } from '../rule/formatter/time-zone.js';

/** Times that come again and again, as a cron expression says them: minute, hour, day of the month, month, day of the week. */
export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: ReadonlySet<number>;
  /** 1 is January. */
  readonly months: ReadonlySet<number>;
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
  /** Where day of the month and of the week are both restricted, either is enough. */
  readonly isEitherDay: boolean;
}

interface Field {
  readonly what: string;
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { what: 'minute', least: 0, most: 59 }, { what: 'hour', least: 0, most: 23 }, { what: 'day of the month', least: 1, most: 31 },
  { what: 'month', least: 1, most: 12, names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] },
  { what: 'day of the week', least: 0, most: 7, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** A 29 February on a given day of the week is at most forty years away. */
const DAYS_AHEAD = 41 * 366;

/** Reads an expression of five fields: lists, ranges, steps, names of months and days. One whose day never comes is refused. */
export function readCron(text: string): Result<Cron, Failure> {
  const given = text.trim().split(/\s+/);
  if (given.length !== FIELDS.length) return refused('it has not five fields: minute, hour, day of the month, month, day of the week');
  const sets: (readonly number[])[] = [];
  for (const [at, field] of FIELDS.entries()) {
    const values = valuesOf(given[at]!, field);
    if (values === null) return refused(`its ${field.what} is not ${field.least} to ${field.most}, *, or a list, range or step of these`);
    sets.push(values);
  }
  const [minutes = [], hours = [], days = [], months = [], weekdays = []] = sets;
  const cron: Cron = {
    minutes, hours, days: new Set(days), months: new Set(months), weekdays: new Set(weekdays.map((day) => day % 7)),
    isEitherDay: !given[2]!.startsWith('*') && !given[4]!.startsWith('*'),
  };
  return days.some((day) => months.some((month) => day <= daysIn(month))) || cron.isEitherDay ? ok(cron) : refused('no month has such a day');
}

const refused = (why: string): Result<never, Failure> => err(failure('invalid', 'cron-unreadable', `The cron expression cannot be read: ${why}.`));

const daysIn = (month: number): number => (month === 2 ? 29 : [4, 6, 9, 11].includes(month) ? 30 : 31);

/** The values of a field in order; null where it is none. */
function valuesOf(text: string, field: Field): readonly number[] | null {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const [, range = '', from = '', to, step = '1'] = /^((?:\*)|(\w+)(?:-(\w+))?)(?:\/(\d{1,4}))?$/.exec(part) ?? [];
    const isAll = range === '*';
    const first = isAll ? field.least : numberOf(from, field);
    // 5/15 is every fifteenth from the fifth on; Sunday stands at both ends.
    const last = isAll ? (field.names?.length === 7 ? 6 : field.most) : to !== undefined ? numberOf(to, field) : part.includes('/') ? field.most : first;
    if (range === '' || first === null || last === null || first > last || Number(step) < 1) return null;
    for (let value = first; value <= last; value += Number(step)) found.add(value);
  }
  return [...found].sort((one, other) => one - other);
}

function numberOf(text: string, { least, most, names }: Field): number | null {
  const named = names?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0) return named + (names?.length === 12 ? 1 : 0);
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : null;
}

/**
 * The first of its times after an instant; both in milliseconds. Where the clock is set forward, what it skips comes as much later;
 * where it is set back, what names its hours comes once, what does not goes on as before. Infinite where none comes, which `readCron` lets nobody say.
 */
export function nextTime(cron: Cron, afterMs: number, zone: Zone): number {
  const dayOf = (ms: number): number => Math.floor((ms + zone.offset(ms) * MINUTE_MS) / DAY_MS);
  const today = dayOf(afterMs);
  for (let day = today; day <= today + DAYS_AHEAD; day++) {
    if (!hasDay(cron, day)) continue;
    const found = cron.hours.length === 24 ? nextMinute(cron, { day, afterMs, zone, dayOf }) : nextOfDay(cron, { day, afterMs, zone });
    if (found !== null) return found;
  }
  return Number.POSITIVE_INFINITY;
}

interface OfDay {
  /** Counted from 1970-01-01, on the zone's wall clock. */
  readonly day: number;
  readonly afterMs: number;
  readonly zone: Zone;
}

function nextOfDay({ hours, minutes }: Cron, { day, afterMs, zone }: OfDay): number | null {
  let first: number | null = null;
  for (const hour of hours) {
    for (const minute of minutes) {
      const at = instantInZone(day * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS, zone);
      if (at > afterMs && (first === null || at < first)) first = at;
    }
    if (first !== null) return first;
  }
  return first;
}

/** Minute by minute as they really pass, since an hour may come twice. */
function nextMinute({ minutes }: Cron, { day, afterMs, zone, dayOf }: OfDay & { readonly dayOf: (ms: number) => number }): number | null {
  const begin = Math.max(instantInZone(day * DAY_MS, zone), Math.floor(afterMs / MINUTE_MS + 1) * MINUTE_MS);
  for (let at = begin; dayOf(at) === day; at += MINUTE_MS) {
    if (minutes.includes(Math.floor((at + zone.offset(at) * MINUTE_MS) / MINUTE_MS) % 60)) return at;
  }
  return null;
}

function hasDay({ days, months, weekdays, isEitherDay }: Cron, day: number): boolean {
  const date = new Date(day * DAY_MS);
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const [ofMonth, ofWeek] = [days.has(date.getUTCDate()), weekdays.has(date.getUTCDay())];
  return isEitherDay ? ofMonth || ofWeek : ofMonth && ofWeek;
}
