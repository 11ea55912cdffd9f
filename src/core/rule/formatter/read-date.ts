import { DateTime, type Zone } from 'luxon';
import { readIso } from '../../message/instant.js';
import type { Place } from '../../shape/place.js';
import { instantInZone } from './time-zone.js';

/** Milliseconds since 1970 of a text, or null where it is no date of the format. */
export type ReadDate = (text: string) => number | null;

/** Names and digits come out the same on every machine. */
export const LOCALE = { locale: 'en-US', numberingSystem: 'latn' } as const;

/** The farthest instant that a date can hold, both ways. */
const MAX_EPOCH_MS = 8_640_000_000_000_000;

/** How dates of a format are read; notes a problem and returns null for a format that cannot be read. */
export function compileReadDate(format: string | null, zone: Zone, place: Place): ReadDate | null {
  if (format === null) return (text) => readIsoIn(text, zone);
  if (format === 'EpochTime') return (text) => readEpoch(text, 1);
  if (format === 'EpochTime_s') return (text) => readEpoch(text, 1000);
  const tokens = format.replace(/'[^']*'/g, '');
  if (!/[ykDfFxX]/.test(tokens)) {
    place.refuse('a date format with a year', JSON.stringify(format));
    return null;
  }
  return compileWithTokens(format, /[ZzxX]/.test(tokens), zone, place);
}

function compileWithTokens(format: string, namesOffset: boolean, zone: Zone, place: Place): ReadDate | null {
  const options = { zone: 'utc', ...LOCALE };
  const parser = DateTime.buildFormatParser(format, options);
  // Luxon says at the first use whether it can read a format at all.
  if (DateTime.fromFormatParser('', parser, options).invalidReason === 'conflicting specification') {
    place.refuse('a date format whose parts go together', JSON.stringify(format));
    return null;
  }
  return (text) => {
    const read = DateTime.fromFormatParser(text, parser, options);
    if (!read.isValid) return null;
    return namesOffset ? read.toMillis() : instantInZone(read.toMillis(), zone);
  };
}

function readIsoIn(text: string, zone: Zone): number | null {
  const reading = readIso(text);
  if (reading === null) return null;
  if (reading.offsetMinutes !== null) return reading.localMs - reading.offsetMinutes * 60_000;
  return instantInZone(reading.localMs, zone);
}

function readEpoch(text: string, unitMs: number): number | null {
  if (!/^-?\d{1,16}(?:\.\d{1,9})?$/.test(text)) return null;
  const epochMs = Math.round(Number(text) * unitMs);
  return Math.abs(epochMs) <= MAX_EPOCH_MS ? epochMs : null;
}
