import { describe, expect, it } from '@jest/globals';
import type { LevelRow } from '../../store/report/service-levels.js';
import { AGREED_SECONDS, LEVEL_STEPS } from '../../store/report/steps.js';
import { monthOf } from './level-of.js';

const MAY = { name: '2026-05', fromMs: Date.UTC(2026, 4), untilMs: Date.UTC(2026, 5) };
const took = (counts: Readonly<Record<number, number>>): number[] => [...LEVEL_STEPS, Infinity].map((step) => counts[step] ?? 0);
const row = (changes: Partial<LevelRow>): LevelRow => ({
  month: 0, source: 'desk', target: 'vendor', accepted: 0, sent: 0, dead: 0, held: 0, waiting: 0, skipped: 0, retries: 0, took: took({}), tookOwn: took({}), suspended: 0, maintenance: 0, credentials: 0, circuit: 0, ...changes,
});
const month = (...rows: LevelRow[]): ReturnType<typeof monthOf> => monthOf(MAY, rows, { withinSeconds: 60, nowMs: Date.UTC(2026, 4, 20) });

describe('the service level of a month', () => {
  it('is the share that was sent of what is decided, and of that the share in time', () => {
    const times = took({ 1: 6, 60: 2, 90: 2 });
    expect(month(row({ sent: 10, dead: 2, held: 3, waiting: 4, skipped: 1, took: times, tookOwn: times })).pairs).toMatchObject([{ deliveries: 20, sentShare: 10 / 15, withinShare: 0.8, withinOwnShare: 0.8, medianMs: 958 }]);
  });

  it('tells what would have been in time, had the target not stood still', () => {
    expect(month(row({ sent: 2, took: took({ 1: 1, 3600: 1 }), tookOwn: took({ 1: 2 }), suspended: 3_000.4 })).pairs).toMatchObject([{ withinShare: 0.5, withinOwnShare: 1, stood: { suspended: 3_000, circuit: 0 } }]);
  });

  it('is unknown where nothing was sent', () => { expect(month(row({ waiting: 3 })).pairs).toMatchObject([{ sentShare: null, withinShare: null, medianMs: null }]); });

  it('tells what was accepted from a source beside each of its pairs, and of sources that went nowhere', () => {
    const told = month(row({ target: '', accepted: 7 }), row({ sent: 1 }), row({ sent: 5, target: 'other' }), row({ source: 'silent', target: '', accepted: 2 }));
    expect(told.accepted).toEqual([{ source: 'desk', accepted: 7 }, { source: 'silent', accepted: 2 }]);
    expect(told.pairs.map(({ target, accepted }) => [target, accepted])).toEqual([['other', 7], ['vendor', 7]]);
  });

  it('says whether the month is still running', () => {
    expect(month().isRunning).toBe(true);
    expect(monthOf(MAY, [], { withinSeconds: 60, nowMs: MAY.untilMs })).toMatchObject({ isRunning: false, pairs: [], from: '2026-05-01T00:00:00.000Z', until: '2026-06-01T00:00:00.000Z' });
  });

  it('can be exact for each time that may be agreed on', () => { for (const seconds of AGREED_SECONDS) expect(LEVEL_STEPS).toContain(seconds); });
});
