import { DateTime, type Zone } from 'luxon';

/** A calendar month in a zone; instants in milliseconds, its end not included. */
export interface Month {
  /** `2026-05`. */
  readonly name: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

const nameOf = (at: DateTime): string => at.toFormat('yyyy-MM');

/** The month that an instant lies in. */
export const monthAt = (ms: number, zone: Zone): string => nameOf(DateTime.fromMillis(ms, { zone }));

/** The month so many months after another one. */
export const monthAfter = (name: string, months: number): string => nameOf(DateTime.fromISO(`${name}-01`, { zone: 'utc' }).plus({ months }));

/** The months from one to another, both included, newest first; empty where they stand the wrong way round. */
export function monthsBetween(from: string, to: string, zone: Zone): Month[] {
  const months: Month[] = [];
  for (let name = to; name >= from; name = monthAfter(name, -1)) months.push({ name, fromMs: beginOf(name, zone), untilMs: beginOf(monthAfter(name, 1), zone) });
  return months;
}

function beginOf(name: string, zone: Zone): number {
  const [year = 0, month = 0] = name.split('-').map(Number);
  return DateTime.fromObject({ year, month }, { zone }).toMillis();
}
