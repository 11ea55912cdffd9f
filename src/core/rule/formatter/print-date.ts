import { DateTime, type Zone } from 'luxon';
import { LOCALE } from './read-date.js';

/** Writes an instant, in milliseconds since 1970. */
export type PrintDate = (epochMs: number) => string;

/** How dates are written in a format and zone. Formats of plain digits are written here, tens of times faster than by Luxon. */
export function compilePrintDate(format: string, zone: Zone): PrintDate {
  if (format === 'EpochTime') return (epochMs) => String(epochMs);
  if (format === 'EpochTime_s') return (epochMs) => String(Math.floor(epochMs / 1000));
  const byLuxon: PrintDate = (epochMs) => DateTime.fromMillis(epochMs, { zone, ...LOCALE }).toFormat(format, LOCALE);
  const parts = digitParts(format);
  if (parts === null) return byLuxon;
  const offsetAt = cachedOffsets(zone);
  return (epochMs) => {
    const local = new Date(epochMs + offsetAt(epochMs) * 60_000);
    const year = local.getUTCFullYear();
    // Luxon knows how years are written that do not have four digits.
    if (!(year >= 1000 && year <= 9999)) return byLuxon(epochMs);
    let printed = '';
    for (const part of parts) printed += typeof part === 'string' ? part : part(local);
    return printed;
  };
}

type PrintDigits = (local: Date) => string;

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));

const DIGITS: { readonly [token: string]: PrintDigits } = {
  yyyy: (local) => String(local.getUTCFullYear()),
  MM: (local) => two(local.getUTCMonth() + 1),
  M: (local) => String(local.getUTCMonth() + 1),
  dd: (local) => two(local.getUTCDate()),
  d: (local) => String(local.getUTCDate()),
  HH: (local) => two(local.getUTCHours()),
  H: (local) => String(local.getUTCHours()),
  mm: (local) => two(local.getUTCMinutes()),
  m: (local) => String(local.getUTCMinutes()),
  ss: (local) => two(local.getUTCSeconds()),
  s: (local) => String(local.getUTCSeconds()),
  SSS: (local) => String(local.getUTCMilliseconds()).padStart(3, '0'),
};

/** The format as texts and digits; null where it has anything else (names, offsets, quotes that are not plain). */
function digitParts(format: string): readonly (string | PrintDigits)[] | null {
  const parts: (string | PrintDigits)[] = [];
  for (const [token] of format.matchAll(/'[^']+'|([A-Za-z])\1*|[^A-Za-z]/g)) {
    if (/^'[^']+'$/.test(token)) parts.push(token.slice(1, -1));
    else if (Object.hasOwn(DIGITS, token)) parts.push(DIGITS[token] ?? '');
    else if (/^[A-Za-z']/.test(token) || token > '\u007f') return null;
    else parts.push(token);
  }
  return parts;
}

const HOUR_MS = 3_600_000;
const CACHED_HOURS = 1_000;

/** Offsets in minutes by instant. An hour that begins and ends with one offset has it throughout; asking a zone is dear. */
function cachedOffsets(zone: Zone): (epochMs: number) => number {
  const byHour = new Map<number, number>();
  return (epochMs) => {
    const hour = Math.floor(epochMs / HOUR_MS);
    const known = byHour.get(hour);
    if (known !== undefined) return known;
    const offset = zone.offset(epochMs);
    if (zone.offset(hour * HOUR_MS) !== offset || zone.offset((hour + 1) * HOUR_MS) !== offset) return offset;
    if (byHour.size >= CACHED_HOURS) byHour.clear();
    byHour.set(hour, offset);
    return offset;
  };
}
