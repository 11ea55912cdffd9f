import type { Zone } from 'luxon';
import { instantInZone } from '../rule/formatter/time-zone.js';

/** A time in which nothing is sent to an endpoint, once; instants in milliseconds. */
export interface OnceWindow {
  readonly kind: 'once';
  readonly fromMs: number;
  readonly toMs: number;
  readonly note: string;
}

/** The same every week: it begins at this time of day of its zone and lasts so long, whatever the clock is set to meanwhile. */
export interface WeeklyWindow {
  readonly kind: 'weekly';
  /** 1 is Monday. */
  readonly weekdays: readonly number[];
  readonly hour: number;
  readonly minute: number;
  readonly minutes: number;
  readonly zone: Zone;
  readonly note: string;
}

export type MaintenanceWindow = OnceWindow | WeeklyWindow;

/** One maintenance, from its first instant up to but not including its last. Windows that touch or overlap are one. */
export interface Maintenance {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly note: string;
}

/** What windows mean at an instant: the maintenance under way, and the one after it. */
export interface MaintenanceState {
  readonly now: Maintenance | null;
  readonly next: Maintenance | null;
  /** Until then it stays so; infinite where nothing comes. */
  readonly changesAtMs: number;
}

export const NO_MAINTENANCE: MaintenanceState = { now: null, next: null, changesAtMs: Number.POSITIVE_INFINITY };

/** The longest weekly window, in days: one that began so long ago may still last. */
export const MOST_DAYS = 6;
/** A weekly window begins again within so many days. */
const DAYS_AHEAD = 8;
const DAY_MS = 86_400_000;

/** Decides what is under way at `nowMs`. Pure: the same windows and the same instant give the same state. */
export function maintenanceAt(windows: readonly MaintenanceWindow[], nowMs: number): MaintenanceState {
  if (windows.length === 0) return NO_MAINTENANCE;
  const all = joined(windows.flatMap((window) => (window.kind === 'once' ? [{ fromMs: window.fromMs, untilMs: window.toMs, note: window.note }] : weekly(window, nowMs))));
  const now = all.find(({ fromMs, untilMs }) => fromMs <= nowMs && nowMs < untilMs) ?? null;
  const next = all.find(({ fromMs }) => fromMs > nowMs) ?? null;
  return { now, next, changesAtMs: now?.untilMs ?? next?.fromMs ?? Number.POSITIVE_INFINITY };
}

/** Around an instant: those that may still last, and those of the week to come. */
function weekly({ weekdays, hour, minute, minutes, zone, note }: WeeklyWindow, nowMs: number): Maintenance[] {
  // Days are counted on the zone's wall clock, which is read as if it were UTC.
  const today = Math.floor((nowMs + zone.offset(nowMs) * 60_000) / DAY_MS);
  const found: Maintenance[] = [];
  for (let day = today - MOST_DAYS - 1; day <= today + DAYS_AHEAD; day++) {
    if (!weekdays.includes(weekdayOf(day))) continue;
    // A time that the clock skips begins as much later as it is set forward; at one that comes twice it begins once.
    const fromMs = instantInZone(day * DAY_MS + (hour * 60 + minute) * 60_000, zone);
    found.push({ fromMs, untilMs: fromMs + minutes * 60_000, note });
  }
  return found;
}

/** Of a day counted from 1970-01-01, a Thursday. */
const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;

/** In order, those that touch put together. */
function joined(all: readonly Maintenance[]): Maintenance[] {
  const found: Maintenance[] = [];
  for (const one of [...all].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = found.at(-1);
    if (last === undefined || one.fromMs > last.untilMs) found.push(one);
    else found[found.length - 1] = { fromMs: last.fromMs, untilMs: Math.max(last.untilMs, one.untilMs), note: last.note || one.note };
  }
  return found;
}
