import type { Lane } from '../api/models';
import { laneWords } from './lane-words';

const NOW = Date.parse('2026-11-21T12:00:00.000Z');
const LANE: Lane = { kind: 'delivery', endpoint: 'vendor', entityType: 'issue', waiting: 0, readyAt: null, blocked: null, reason: null, rest: null, headDeliveryId: null };

describe('a lane in words', () => {
  it('is idle where nothing waits', () => { expect(laneWords(LANE, NOW).label).toBe('Idle'); });
  it('is ready while its next turn is now', () => { expect(laneWords({ ...LANE, waiting: 2, readyAt: '2026-11-21T12:00:00.000Z' }, NOW)).toMatchObject({ label: 'Ready', sentence: '2 wait' }); });
  it('waits while its next turn is later, and says what for', () => {
    expect(laneWords({ ...LANE, waiting: 1, readyAt: '2026-11-21T12:00:42.000Z', reason: '503 Service Unavailable' }, NOW)).toMatchObject({ label: 'Waits', sentence: '1 waits: 503 Service Unavailable; goes on' });
  });
  it('rests while its endpoint does, and says until when', () => {
    const rest = { kind: 'maintenance', until: new Date(NOW + 60_000).toISOString(), note: 'new release' } as const;
    expect(laneWords({ ...LANE, waiting: 2, readyAt: '2026-11-21T12:00:00.000Z', rest }, NOW)).toMatchObject({ label: 'Rests', sentence: expect.stringMatching(/^2 wait: maintenance until .*\(new release\)$/) });
    expect(laneWords({ ...LANE, rest }, NOW).label).toBe('Idle');
  });
  it('says why it is blocked, in words where it knows them', () => {
    expect(laneWords({ ...LANE, waiting: 3, blocked: 'LOOP' }, NOW).sentence).toContain('loop guard');
    expect(laneWords({ ...LANE, blocked: 'SOMETHING_NEW' }, NOW).sentence).toBe('SOMETHING_NEW');
  });
});
