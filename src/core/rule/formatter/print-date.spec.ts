import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DateTime, IANAZone } from 'luxon';
import { compilePrintDate } from './print-date.js';
import { instantInZone } from './time-zone.js';

const zones = fc.constantFrom('Europe/Helsinki', 'America/New_York', 'Asia/Kolkata', 'Africa/Monrovia', 'Australia/Lord_Howe', 'UTC').map((name) => IANAZone.create(name));
const instants = fc.oneof(
  fc.date({ min: new Date('1965-01-01'), max: new Date('2060-01-01'), noInvalidDate: true }),
  fc.date({ min: new Date(-8.6e15), max: new Date(8.6e15), noInvalidDate: true }),
).map((date) => date.getTime());
const token = fc.constantFrom('yyyy', 'MM', 'M', 'dd', 'd', 'HH', 'H', 'mm', 'm', 'ss', 's', 'SSS', ' ', '.', '-', ':', '/', "'T'", "'de '", 'LLL', 'ZZ', 'h', 'a', 'yy', '€', "'");

describe('printing a date', () => {
  it('is what Luxon prints, whatever the format', () => {
    fc.assert(
      fc.property(fc.array(token, { minLength: 1, maxLength: 8 }), zones, instants, (tokens, zone, epochMs) => {
        const format = tokens.join('');
        const byLuxon = DateTime.fromMillis(epochMs, { zone, locale: 'en-US', numberingSystem: 'latn' }).toFormat(format);
        expect(compilePrintDate(format, zone)(epochMs)).toBe(byLuxon);
      }),
      { numRuns: 500 },
    );
  });

  it('is the same in an hour in which the clocks change', () => {
    const print = compilePrintDate('HH:mm', IANAZone.create('Europe/Helsinki'));
    const change = Date.parse('2026-10-25T01:00:00Z');
    expect([-1, 0, 1, -1].map((minutes) => print(change + minutes * 60_000))).toEqual(['03:59', '03:00', '03:01', '03:59']);
  });
});

describe('a wall-clock time in a zone', () => {
  it('is the instant at which that zone shows it', () => {
    fc.assert(
      fc.property(zones, instants, (zone, epochMs) => {
        const local = epochMs + zone.offset(epochMs) * 60_000;
        const instant = instantInZone(local, zone);
        expect(instant + zone.offset(instant) * 60_000).toBe(local);
      }),
    );
  });
});
