import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { printInstant, readInstant, readIso } from './instant.js';

describe('an ISO 8601 text', () => {
  it.each([
    ['2026-11-20T12:00:00Z', '2026-11-20T12:00:00.000Z'],
    ['2026-11-20T12:00:00.5+02:00', '2026-11-20T10:00:00.500Z'],
    ['2026-11-20T12:00:00,123456789-0530', '2026-11-20T17:30:00.123Z'],
    ['2026-11-20T12:00', '2026-11-20T12:00:00.000Z'],
    ['2026-11-20', '2026-11-20T00:00:00.000Z'],
    ['20261120T120000Z', '2026-11-20T12:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['0050-01-01', '0050-01-01T00:00:00.000Z'],
  ])('%s is %s', (text, instant) => expect(printInstant(readInstant(text) ?? Number.NaN)).toBe(instant));

  it.each([
    ['yesterday'], ['2026'], ['20261120'], ['2026-02-30'], ['2026-13-01'], ['2026-11-20 12:00'], ['2026-11-20T24:00'],
    ['2026-11-20T12:60'], ['2026-11-20T12:00+99:00'], ['12:30'], [''], ['2026-11-20T12:00:00Z extra'],
  ])('%j is none', (text) => expect(readInstant(text)).toBeNull());

  it('tells a named zone from none', () => {
    expect(readIso('2026-11-20T12:00Z')?.offsetMinutes).toBe(0);
    expect(readIso('2026-11-20T12:00')?.offsetMinutes).toBeNull();
  });

  it('comes back from every printed instant', () => {
    const instants = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(fc.property(instants, (date) => readInstant(printInstant(date.getTime())) === date.getTime()));
  });

  it('prints what no calendar shows as 1970', () => expect(printInstant(Number.NaN)).toBe('1970-01-01T00:00:00.000Z'));
});
