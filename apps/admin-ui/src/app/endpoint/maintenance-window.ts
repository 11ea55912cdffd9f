import type { MaintenanceWindowDto } from '../api/models';
import { durationText, instantText } from '../ui/time-text';
import { MAINTENANCE } from './maintenance.text';

export type Weekday = NonNullable<MaintenanceWindowDto['weekdays']>[number];
export const WEEKDAYS = Object.keys(MAINTENANCE.weekdays) as readonly Weekday[];

/** A window in words; instants in the viewer's zone, `now` in ms. */
export function windowWords({ from, to, weekdays, at, minutes, zone }: MaintenanceWindowDto, now: number): string {
  if (from !== undefined && to !== undefined) return `${instantText(from, now)} – ${instantText(to, now)}`;
  const days = WEEKDAYS.filter((day) => weekdays?.includes(day) === true).map((day) => MAINTENANCE.weekdays[day]);
  return MAINTENANCE.weekly(days.join(', '), at ?? '', durationText((minutes ?? 0) * 60_000), zone ?? 'UTC');
}

/** Whether it never comes again. */
export const isOver = ({ to }: MaintenanceWindowDto, now: number): boolean => to !== undefined && Date.parse(to) <= now;

/** What the fields of the form hold. */
export interface WrittenWindow {
  readonly kind: 'once' | 'weekly';
  /** As `datetime-local` fields hold them, in the viewer's zone. */
  readonly from: string;
  readonly to: string;
  readonly weekdays: ReadonlySet<Weekday>;
  readonly at: string;
  readonly minutes: string;
  readonly zone: string;
  readonly note: string;
}

/** The window to store; a sentence where something is missing that the server could not name. */
export function windowOf({ kind, from, to, weekdays, at, minutes, zone, note }: WrittenWindow): MaintenanceWindowDto | string {
  const noted = note.trim() === '' ? {} : { note: note.trim() };
  if (kind === 'once') return from === '' || to === '' ? MAINTENANCE.noTime : { from: new Date(from).toISOString(), to: new Date(to).toISOString(), ...noted };
  if (weekdays.size === 0) return MAINTENANCE.noDays;
  return { weekdays: WEEKDAYS.filter((day) => weekdays.has(day)), at, minutes: Number(minutes), zone: zone.trim(), ...noted };
}
