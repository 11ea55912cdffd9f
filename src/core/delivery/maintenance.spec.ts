import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { IANAZone } from 'luxon';
import { maintenanceAt, type MaintenanceWindow, NO_MAINTENANCE } from './maintenance.js';

const at = (text: string): number => Date.parse(text);
const text = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString().replace('.000Z', 'Z'));
const once = (from: string, to: string, note = ''): MaintenanceWindow => ({ kind: 'once', fromMs: at(from), toMs: at(to), note });
const weekly = (changes: object = {}): MaintenanceWindow => ({ kind: 'weekly', weekdays: [7], hour: 2, minute: 0, minutes: 120, zone: IANAZone.create('Europe/Helsinki'), note: '', ...changes });
const seen = (windows: readonly MaintenanceWindow[], now: string) => {
  const state = maintenanceAt(windows, at(now));
  return { until: text(state.now?.untilMs), next: text(state.next?.fromMs) };
};

describe('maintenance', () => {
  it('is never under way without windows', () => { expect(maintenanceAt([], 0)).toBe(NO_MAINTENANCE); });

  it('begins with its first instant and is over at its last', () => {
    const window = [once('2026-12-01T20:00:00Z', '2026-12-01T22:00:00Z')];
    expect(seen(window, '2026-12-01T19:59:59Z')).toEqual({ until: null, next: '2026-12-01T20:00:00Z' });
    expect(seen(window, '2026-12-01T20:00:00Z')).toEqual({ until: '2026-12-01T22:00:00Z', next: null });
    expect(seen(window, '2026-12-01T22:00:00Z')).toEqual({ until: null, next: null });
  });

  it('comes every week at the time of its zone, in summer as in winter', () => {
    expect(seen([weekly()], '2026-11-22T00:30:00Z')).toEqual({ until: '2026-11-22T02:00:00Z', next: '2026-11-29T00:00:00Z' });
    expect(seen([weekly()], '2026-07-05T00:30:00Z')).toEqual({ until: '2026-07-05T01:00:00Z', next: '2026-07-11T23:00:00Z' });
  });

  it('lasts over midnight and over a weekend', () => {
    const window = [weekly({ weekdays: [5], hour: 20, minutes: 58 * 60, zone: IANAZone.create('UTC') })];
    expect(seen(window, '2026-11-20T19:59:00Z').until).toBeNull();
    expect(seen(window, '2026-11-23T05:59:59Z').until).toBe('2026-11-23T06:00:00Z');
    expect(seen(window, '2026-11-23T06:00:00Z')).toEqual({ until: null, next: '2026-11-27T20:00:00Z' });
  });

  it('begins later where the clock skips its time, and once where the time comes twice', () => {
    const window = [weekly({ hour: 3, minute: 30, minutes: 60 })];
    expect(seen(window, '2026-03-29T00:00:00Z').next).toBe('2026-03-29T01:30:00Z');
    expect(seen(window, '2026-10-25T00:00:00Z').next).toBe('2026-10-25T01:30:00Z');
    expect(seen(window, '2026-10-25T02:30:00Z')).toEqual({ until: null, next: '2026-11-01T01:30:00Z' });
  });

  it('is one where windows touch or overlap, and tells the first note', () => {
    const windows = [once('2026-12-01T21:00:00Z', '2026-12-01T22:00:00Z', 'second'), once('2026-12-01T20:00:00Z', '2026-12-01T21:00:00Z', 'first'), once('2026-12-01T21:30:00Z', '2026-12-01T23:00:00Z')];
    expect(maintenanceAt(windows, at('2026-12-01T20:10:00Z')).now).toEqual({ fromMs: at('2026-12-01T20:00:00Z'), untilMs: at('2026-12-01T23:00:00Z'), note: 'first' });
  });

  it('stays as it is until the instant that it names, whatever the windows', () => {
    const instant = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z') });
    const window = fc.oneof(
      fc.tuple(instant, fc.integer({ min: 1, max: 5 * 86_400_000 })).map(([fromMs, ms]): MaintenanceWindow => ({ kind: 'once', fromMs, toMs: fromMs + ms, note: '' })),
      fc.record({
        weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), hour: fc.integer({ min: 0, max: 23 }), minute: fc.integer({ min: 0, max: 59 }),
        minutes: fc.integer({ min: 1, max: 8_640 }), zone: fc.constantFrom('UTC', 'Europe/Helsinki', 'America/New_York').map((zone) => IANAZone.create(zone)),
      }).map(weekly));
    fc.assert(fc.property(fc.array(window, { minLength: 1, maxLength: 4 }), instant, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (windows, nowMs, part) => {
      const { now, changesAtMs } = maintenanceAt(windows, nowMs);
      expect(changesAtMs).toBeGreaterThan(nowMs);
      if (changesAtMs === Number.POSITIVE_INFINITY) return;
      const later = maintenanceAt(windows, Math.min(Math.floor(nowMs + (changesAtMs - nowMs) * part), changesAtMs - 1));
      expect(later.now === null).toBe(now === null);
    }), { numRuns: 60 });
  });
});
