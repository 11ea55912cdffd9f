import { describe, expect, it } from '@jest/globals';
import { IANAZone } from 'luxon';
import { monthAfter, monthAt, monthsBetween } from './months.js';

const between = (from: string, to: string, zone: string): string[] =>
  monthsBetween(from, to, IANAZone.create(zone)).map(({ name, fromMs, untilMs }) => `${name} ${new Date(fromMs).toISOString()} ${new Date(untilMs).toISOString()}`);

describe('months', () => {
  it('begin and end by the clock of their zone, also where it is set meanwhile', () => {
    expect(between('2026-03', '2026-03', 'Europe/Berlin')).toEqual(['2026-03 2026-02-28T23:00:00.000Z 2026-03-31T22:00:00.000Z']);
    expect(between('2026-03', '2026-03', 'Asia/Kathmandu')).toEqual(['2026-03 2026-02-28T18:15:00.000Z 2026-03-31T18:15:00.000Z']);
  });

  it('are told newest first, over the turn of a year', () => {
    expect(monthsBetween('2025-11', '2026-02', IANAZone.create('UTC')).map(({ name }) => name)).toEqual(['2026-02', '2026-01', '2025-12', '2025-11']);
    expect(monthsBetween('2026-02', '2026-01', IANAZone.create('UTC'))).toEqual([]);
    expect(monthAfter('2026-01', -1)).toBe('2025-12');
  });

  it('of an instant are those of the zone', () => {
    expect(monthAt(Date.parse('2026-01-31T23:30:00Z'), IANAZone.create('Europe/Berlin'))).toBe('2026-02');
    expect(monthAt(Date.parse('2026-01-31T23:30:00Z'), IANAZone.create('America/New_York'))).toBe('2026-01');
  });
});
