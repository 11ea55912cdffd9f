import { activeFrom, type ActiveHours } from '../../core/schedule/active-hours.js';
import { nextTime, readCron } from '../../core/schedule/cron.js';
import { findTimeZone } from '../../core/rule/formatter/time-zone.js';
import type { JsonSchema, PollResult, SourceChannel } from '../contract.js';
import { object, text, whole } from './setting-schema.js';

/** When a list is polled: at an interval or at times, of which those count that lie in its hours. */
export interface PollTimes {
  readonly everySeconds?: number;
  readonly cron?: string;
  readonly hours?: { readonly weekdays?: readonly string[]; readonly from?: string; readonly to?: string };
  /** Of cron and hours; UTC without it. */
  readonly zone?: string;
}

const DEFAULT_EVERY_S = 60;
const WEEKDAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];
const TIME_OF_DAY = '^([01]\\d|2[0-3]):[0-5]\\d$';
/** Polls are put off by a tenth more or less, so that many endpoints do not poll in step. */
const JITTER = 0.1;
/** A moment from which the shortest step of a cron expression is told. */
const MEASURED_FROM_MS = Date.UTC(2026, 0, 1);

const CRON: JsonSchema = text('At', 'Instead of an interval: a cron expression of minute, hour, day of the month, month, day of the week. */10 8-17 * * MON-FRI.', { format: 'cron', maxLength: 200 });
const HOURS: JsonSchema = object('Hours', {
  weekdays: { type: 'array', minItems: 1, maxItems: 7, items: { type: 'string', enum: WEEKDAYS }, 'x-label': 'Days', 'x-help': 'On which they begin: MON, TUE, WED, THU, FRI, SAT, SUN; every day without it.' },
  from: text('From', '08:00; the beginning of the day without it.', { pattern: TIME_OF_DAY }), to: text('To', '18:00; before From it is on the next day. The end of the day without it.', { pattern: TIME_OF_DAY }),
}, [], 'Nothing is asked outside of these.');
const ZONE: JsonSchema = text('Zone', 'Of At and Hours: Europe/Helsinki; UTC without it.', { format: 'time-zone', maxLength: 100 });

/** Properties of a polled list, as kinds spread them into theirs, and the rule that holds between them. */
export const POLL_TIMES: Readonly<Record<string, JsonSchema>> = { everySeconds: whole('Every', 'Seconds between two polls.', [1, 86_400], DEFAULT_EVERY_S), cron: CRON, hours: HOURS, zone: ZONE };
export const POLL_TIMES_RULE: JsonSchema = { if: { required: ['cron'] }, then: { properties: { everySeconds: false } } };

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

function hoursOf({ hours, zone = 'UTC' }: PollTimes): ActiveHours | null {
  if (hours === undefined) return null;
  const { weekdays = WEEKDAYS, from = '00:00', to = '00:00' } = hours;
  return { weekdays: weekdays.map((day) => WEEKDAYS.indexOf(day) + 1), from: minutesOf(from), to: minutesOf(to), zone: findTimeZone(zone)! };
}

/** The schedule of a channel. */
export function timesOf(setting: PollTimes): Omit<SourceChannel, 'name'> {
  const { everySeconds = DEFAULT_EVERY_S, cron: text, zone: name = 'UTC' } = setting;
  const hours = hoursOf(setting);
  const read = text === undefined ? null : readCron(text);
  const zone = findTimeZone(name)!;
  const inHours = (ms: number): number => (hours === null ? ms : activeFrom(hours, ms));
  if (read?.ok === true) {
    const cron = read.value;
    const next = (ms: number): number => nextTime(cron, ms, zone);
    const first = next(MEASURED_FROM_MS);
    return { everyMs: next(first) - first, nextAtMs: (nowMs) => inHours(next(nowMs)) };
  }
  const everyMs = everySeconds * 1_000;
  if (hours === null) return { everyMs };
  return { everyMs, nextAtMs: (nowMs, random) => inHours(nowMs + Math.round(everyMs * (1 - JITTER + 2 * JITTER * random))) };
}

/** When nothing may be asked now: the instant from which it may, in milliseconds; null where it may. */
export function restsUntil(setting: PollTimes, nowMs: number): number | null {
  const hours = hoursOf(setting);
  const from = hours === null ? nowMs : activeFrom(hours, nowMs);
  return from > nowMs ? from : null;
}

/** What a poll comes to outside of its hours. */
export const restingUntil = (ms: number, cursor: unknown): PollResult => ({ kind: 'fetched', items: [], cursor, more: false, warning: `Nothing is asked outside of its hours; they begin at ${new Date(ms).toISOString()}.` });
