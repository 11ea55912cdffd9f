import { FixedOffsetZone, IANAZone, type Zone } from 'luxon';

/** The zone of that name (IANA, `UTC`, `UTC+3`), or null; names that mean the machine's own zone are refused. */
export function findTimeZone(name: string): Zone | null {
  const fixed = /^(?:utc|z)$/i.test(name) ? FixedOffsetZone.utcInstance : FixedOffsetZone.parseSpecifier(name);
  if (fixed !== null) return fixed;
  return IANAZone.isValidZone(name) ? IANAZone.create(name) : null;
}

/**
 * The instant of a wall-clock time in a zone, both in milliseconds; the wall clock is read as if it were UTC.
 * A time that the zone skips moves forward. Luxon's own guess starts from today's offset, which would make the hour
 * that happens twice depend on the season in which it is asked.
 */
export function instantInZone(localMs: number, zone: Zone): number {
  const guessed = zone.offset(localMs);
  const first = localMs - guessed * 60_000;
  const offset = zone.offset(first);
  if (offset === guessed) return first;
  const second = localMs - offset * 60_000;
  return zone.offset(second) === offset ? second : localMs - Math.min(guessed, offset) * 60_000;
}
