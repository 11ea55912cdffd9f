import { describe, expect, it } from '@jest/globals';
import { muted } from './muted.js';

const condition = (kind: string, subject = 'desk', organization = 'o') => ({ organization, kind, subject, detail: '', count: 1, since: new Date(0) });
const nowMs = Date.parse('2026-12-01T21:00:00Z');
const desk = { organization: 'o', endpoint: 'desk', windows: [{ from: '2026-12-01T20:00:00Z', to: '2026-12-01T22:00:00Z' }], nowMs };

describe('what is not told of an endpoint in maintenance', () => {
  it('is that it does not answer, and that it refuses us', () => {
    const seen = muted([condition('target-down'), condition('credentials'), condition('dead-deliveries'), condition('queue-age')], [desk]);
    expect(seen.filter(({ isMuted }) => isMuted).map(({ kind }) => kind)).toEqual(['target-down', 'credentials']);
  });

  it('is told of others, and when the window is over', () => {
    const others = [condition('target-down', 'shop'), condition('target-down', 'desk', 'another')];
    expect(muted(others, [desk]).some(({ isMuted }) => isMuted)).toBe(false);
    expect(muted([condition('target-down')], [{ ...desk, nowMs: nowMs + 3_600_000 }])).toMatchObject([{ isMuted: false }]);
  });
});
