import { describe, expect, it } from '@jest/globals';
import { TrafficCounts } from './traffic-counts.js';

const NOON = Date.UTC(2026, 0, 1, 12);
const sent = { organization: 'acme', source: 'desk', target: 'vendor', createdMs: NOON, isSent: true };

describe('what moved, counted until it is written down', () => {
  it('is one change per minute, source and target, and is taken once', () => {
    const counts = new TrafficCounts();
    counts.received('acme', 'desk', NOON);
    counts.received('acme', 'desk', NOON + 59_999);
    counts.received('acme', 'desk', NOON + 60_000);
    expect(counts.take()).toMatchObject([{ minuteMs: NOON, source: 'desk', target: '', received: 2 }, { minuteMs: NOON + 60_000, received: 1 }]);
    expect(counts.take()).toEqual([]);
  });

  it('says of what was sent how long it took, and of what died that it failed', () => {
    const counts = new TrafficCounts();
    counts.ended(sent, NOON + 100);
    counts.ended(sent, NOON + 3_000);
    counts.ended(sent, NOON + 86_400_000);
    counts.ended({ ...sent, isSent: false }, NOON + 100);
    expect(counts.take()).toMatchObject([{ sent: 3, failed: 1, took: [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1] }]);
  });

  it('leaves out deliveries of which nobody knows where they came from', () => {
    const counts = new TrafficCounts();
    counts.ended({ ...sent, source: null }, NOON);
    expect(counts.take()).toEqual([]);
  });

  it('keeps what could not be written down', () => {
    const counts = new TrafficCounts();
    counts.ended(sent, NOON + 100);
    const taken = counts.take();
    counts.ended(sent, NOON + 100);
    counts.putBack(taken);
    expect(counts.take()).toMatchObject([{ sent: 2, took: [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] }]);
  });
});
