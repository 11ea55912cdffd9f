import { describe, expect, it } from '@jest/globals';
import { IANAZone } from 'luxon';
import { activeFrom, isActive, type ActiveHours } from './active-hours.js';

const HELSINKI = IANAZone.create('Europe/Helsinki');
const WORKDAYS: ActiveHours = { weekdays: [1, 2, 3, 4, 5], from: 8 * 60, to: 18 * 60, zone: HELSINKI };
const from = (hours: ActiveHours, at: string): string => new Date(activeFrom(hours, Date.parse(at))).toISOString();

describe('hours of the week', () => {
  it('have a beginning and an end by the clock of their zone', () => {
    // In winter 08:00 there is 06:00 UTC.
    for (const [at, expected] of [['05:59:59', false], ['06:00:00', true], ['15:59:59', true], ['16:00:00', false]] as const) expect(isActive(WORKDAYS, Date.parse(`2026-01-30T${at}Z`))).toBe(expected);
    expect(isActive(WORKDAYS, Date.parse('2026-01-31T10:00:00Z'))).toBe(false);
    expect(isActive(WORKDAYS, Date.parse('2026-07-31T05:00:00Z'))).toBe(true);
  });

  it('begin at the next of their days', () => {
    expect(from(WORKDAYS, '2026-01-30T10:00:00Z')).toBe('2026-01-30T10:00:00.000Z');
    expect(from(WORKDAYS, '2026-01-30T16:00:00Z')).toBe('2026-02-02T06:00:00.000Z');
    expect(from(WORKDAYS, '2026-02-02T05:00:00Z')).toBe('2026-02-02T06:00:00.000Z');
    // The clock is set forward in between.
    expect(from(WORKDAYS, '2026-03-27T20:00:00Z')).toBe('2026-03-30T05:00:00.000Z');
  });

  it('may go on behind midnight, and last a whole day', () => {
    const nights: ActiveHours = { weekdays: [5], from: 22 * 60, to: 6 * 60, zone: IANAZone.create('UTC') };
    for (const [at, expected] of [['2026-01-30T21:59:00Z', false], ['2026-01-30T22:00:00Z', true], ['2026-01-31T05:59:00Z', true], ['2026-01-31T06:00:00Z', false], ['2026-01-31T22:00:00Z', false], ['2026-01-30T05:00:00Z', false]] as const) expect(isActive(nights, Date.parse(at))).toBe(expected);
    const sundays: ActiveHours = { weekdays: [7], from: 0, to: 0, zone: IANAZone.create('UTC') };
    expect([isActive(sundays, Date.parse('2026-02-01T00:00:00Z')), isActive(sundays, Date.parse('2026-02-01T23:59:59Z')), isActive(sundays, Date.parse('2026-02-02T00:00:00Z'))]).toEqual([true, true, false]);
    expect(from(sundays, '2026-02-02T00:00:00Z')).toBe('2026-02-08T00:00:00.000Z');
  });

  it('of no day never begin', () => {
    expect(activeFrom({ ...WORKDAYS, weekdays: [] }, 0)).toBe(Number.POSITIVE_INFINITY);
  });

  it('that the clock skips begin as much later', () => {
    const skipped: ActiveHours = { weekdays: [7], from: 3 * 60 + 30, to: 4 * 60 + 45, zone: HELSINKI };
    expect(from(skipped, '2026-03-29T00:00:00Z')).toBe('2026-03-29T01:30:00.000Z');
    expect(isActive(skipped, Date.parse('2026-03-29T01:30:00Z'))).toBe(true);
  });
});
