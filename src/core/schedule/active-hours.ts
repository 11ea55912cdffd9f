import type { Zone } from 'luxon';
import { instantInZone } from '../rule/formatter/time-zone.js';

/** The hours of some days of the week, by the clock of a zone. */
export interface ActiveHours {
  /** 1 is Monday. */
  readonly weekdays: readonly number[];
  /** Minutes of the day; where they end before they begin they go on behind midnight, where both are the same they last a day. */
  readonly from: number;
  readonly to: number;
  readonly zone: Zone;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DAY_MINUTES = 1_440;

/** Whether an instant lies in the hours, by what the clock shows then. */
export function isActive({ weekdays, from, to, zone }: ActiveHours, nowMs: number): boolean {
  const local = nowMs + zone.offset(nowMs) * MINUTE_MS;
  const day = Math.floor(local / DAY_MS);
  const minute = Math.floor(local / MINUTE_MS) % DAY_MINUTES;
  const begunToday = weekdays.includes(weekdayOf(day)) && minute >= from && (minute < to || to <= from);
  const begunBefore = to <= from && weekdays.includes(weekdayOf(day - 1)) && minute < to;
  return begunToday || begunBefore;
}

/** The instant itself where it lies in the hours, else when they begin next; in milliseconds. Infinite for hours of no day. */
export function activeFrom(hours: ActiveHours, nowMs: number): number {
  if (isActive(hours, nowMs)) return nowMs;
  const { weekdays, from, zone } = hours;
  const today = Math.floor((nowMs + zone.offset(nowMs) * MINUTE_MS) / DAY_MS);
  for (let day = today; day <= today + 8; day++) {
    const at = weekdays.includes(weekdayOf(day)) ? instantInZone(day * DAY_MS + from * MINUTE_MS, zone) : Number.NaN;
    if (at > nowMs) return at;
  }
  return Number.POSITIVE_INFINITY;
}

/** Of a day counted from 1970-01-01, a Thursday. */
const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;
