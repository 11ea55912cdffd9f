import { DateTime } from 'luxon';
import { findTimeZone } from '../rule/formatter/time-zone.js';
import { describeFound, type Place } from '../shape/place.js';
import { MOST_DAYS, type MaintenanceWindow } from './maintenance.js';

export const WEEKDAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'] as const;
export const MOST_WINDOWS = 50;
export const MOST_MINUTES = MOST_DAYS * 24 * 60;
export const LONGEST_NOTE = 200;

const ONCE_KEYS = ['from', 'to', 'note'];
const WEEKLY_KEYS = ['weekdays', 'at', 'minutes', 'zone', 'note'];
const TIME_OF_DAY = /^([01]\d|2[0-3]):([0-5]\d)$/;
/** An instant says its offset: a time without one would be another one on another machine. */
const WITH_OFFSET = /[Tt].*([Zz]|[+-]\d\d:?\d\d)$/;

type Document = Readonly<Record<string, unknown>>;

/** Reads the windows of an endpoint document; every problem is noted at its place, and what is wrong is left out. */
export function readMaintenance(raw: unknown, place: Place): MaintenanceWindow[] {
  if (!Array.isArray(raw)) {
    place.refuse('a list of windows', describeFound(raw));
    return [];
  }
  if (raw.length > MOST_WINDOWS) place.refuse(`at most ${MOST_WINDOWS} windows`, describeFound(raw));
  return raw.slice(0, MOST_WINDOWS).flatMap((one: unknown, at) => readWindow(one, place.at(at)) ?? []);
}

function readWindow(raw: unknown, place: Place): MaintenanceWindow | null {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return refused(place, 'an object', raw);
  const window = raw as Document;
  const isWeekly = 'weekdays' in window || 'at' in window || 'minutes' in window;
  for (const key of Object.keys(window)) if (!(isWeekly ? WEEKLY_KEYS : ONCE_KEYS).includes(key)) place.at(key).refuse(isWeekly ? 'nothing here in a weekly window' : 'nothing here in a window from … to', describeFound(window[key]));
  return isWeekly ? readWeekly(window, place) : readOnce(window, place);
}

function readOnce(window: Document, place: Place): MaintenanceWindow | null {
  const fromMs = readInstant(window['from'], place.at('from'));
  const toMs = readInstant(window['to'], place.at('to'));
  const note = readNote(window['note'], place.at('note'));
  if (fromMs === null || toMs === null || note === null) return null;
  return toMs > fromMs ? { kind: 'once', fromMs, toMs, note } : refused(place.at('to'), 'an instant after `from`', window['to']);
}

function readWeekly(window: Document, place: Place): MaintenanceWindow | null {
  const { weekdays: days, at, minutes, zone: name = 'UTC' } = window;
  const weekdays = Array.isArray(days) ? days.map((day: unknown) => WEEKDAYS.findIndex((one) => one === day) + 1) : [];
  const hasDays = weekdays.length > 0 && !weekdays.includes(0);
  if (!hasDays) place.at('weekdays').refuse(`a list of ${WEEKDAYS.join(', ')}`, describeFound(Array.isArray(days) ? days.find((_, index) => weekdays[index] === 0) : days));
  const time = typeof at === 'string' ? TIME_OF_DAY.exec(at) : null;
  if (time === null) place.at('at').refuse('a time of day such as 02:00', describeFound(at));
  const isLength = Number.isSafeInteger(minutes) && (minutes as number) >= 1 && (minutes as number) <= MOST_MINUTES;
  if (!isLength) place.at('minutes').refuse(`a whole number of minutes, 1 to ${MOST_MINUTES}`, describeFound(minutes));
  const zone = typeof name === 'string' ? findTimeZone(name) : null;
  if (zone === null) place.at('zone').refuse('a time zone such as Europe/Helsinki or UTC', describeFound(name));
  const note = readNote(window['note'], place.at('note'));
  if (!hasDays || time === null || !isLength || zone === null || note === null) return null;
  return { kind: 'weekly', weekdays, hour: Number(time[1]), minute: Number(time[2]), minutes: minutes as number, zone, note };
}

function readInstant(raw: unknown, place: Place): number | null {
  const read = typeof raw === 'string' && WITH_OFFSET.test(raw) ? DateTime.fromISO(raw) : null;
  return read?.isValid === true ? read.toMillis() : refused(place, 'an instant with its offset, such as 2026-12-01T20:00:00Z', raw);
}

function readNote(raw: unknown, place: Place): string | null {
  if (raw === undefined || raw === null) return '';
  return typeof raw === 'string' && raw.length <= LONGEST_NOTE ? raw.trim() : refused(place, `text of at most ${LONGEST_NOTE} characters`, raw);
}

function refused(place: Place, expected: string, raw: unknown): null {
  place.refuse(expected, describeFound(raw));
  return null;
}
