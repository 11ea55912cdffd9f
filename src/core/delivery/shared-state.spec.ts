import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_CIRCUIT, NO_CALLS } from './circuit.js';
import { FRESH_STATE, readSharedState, takeReport, takeTurn, type EndpointLimits, type Report, type SharedState, type Wish } from './shared-state.js';

const limits: EndpointLimits = { circuit: DEFAULT_CIRCUIT, rate: null, slots: 8 };
const NOTHING: Report = { calls: NO_CALLS, probeEnd: null, waitUntilMs: 0, forgives: false };
const failures = (count: number): Report => ({ ...NOTHING, calls: { total: count, failed: count, failedInRow: count } });
const turn = (state: SharedState, nowMs: number, { report = NOTHING, wish = { probe: false, tokens: 0 }, rate = limits.rate }: { report?: Report; wish?: Omit<Wish, 'slots'>; rate?: EndpointLimits['rate'] } = {}) =>
  takeTurn(state, { report, wish: { ...wish, slots: { running: 0, wants: 0 } } }, { ...limits, rate }, { nowMs, instance: 1, live: [1] });
const asks = { wish: { probe: true, tokens: 0 } };

describe('what instances know together of an endpoint', () => {
  it('opens the circuit when their failures are enough together', () => {
    const one = takeReport(FRESH_STATE, failures(5), limits, 1_000);
    expect(one.circuit.state).toBe('closed');
    expect(takeReport(one, failures(5), limits, 1_500).circuit).toEqual({ state: 'open', untilMs: 16_500, openMs: 15_000 });
  });

  it('gives the probe to one of those who ask', () => {
    const open = takeReport(FRESH_STATE, failures(10), limits, 0);
    expect(turn(open, 14_999, asks).probe).toBe(false);
    const first = turn(open, 15_000, asks);
    expect(first.probe).toBe(true);
    expect(turn(first.state, 15_001, asks).probe).toBe(false);
    const closed = turn(first.state, 15_100, { report: { ...NOTHING, probeEnd: 'succeeded' } });
    expect(closed.state.circuit.state).toBe('closed');
    expect(turn(first.state, 15_100, { report: { ...NOTHING, probeEnd: 'failed' } }).state.circuit).toEqual({ state: 'open', untilMs: 45_100, openMs: 30_000 });
  });

  it('gives no probe while the endpoint asked for a pause', () => {
    const open = takeReport(FRESH_STATE, { ...failures(10), waitUntilMs: 60_000 }, limits, 0);
    expect([turn(open, 59_999, asks).probe, turn(open, 60_000, asks).probe]).toEqual([false, true]);
  });

  it('keeps the longest pause that the endpoint asked for', () => {
    const state = takeReport(takeReport(FRESH_STATE, { ...NOTHING, waitUntilMs: 5_000 }, limits, 0), { ...NOTHING, waitUntilMs: 3_000 }, limits, 0);
    expect(state.waitUntilMs).toBe(5_000);
  });

  it('forgets what speaks against the endpoint when somebody says that it works again, not what was taken of its rate', () => {
    const rate = { perSecond: 1, burst: 2 };
    const { state } = turn(FRESH_STATE, 0, { report: { ...failures(10), waitUntilMs: 9_000 }, wish: { probe: false, tokens: 2 }, rate });
    const again = turn(state, 0, { report: { ...NOTHING, forgives: true }, wish: { probe: false, tokens: 2 }, rate });
    expect(again).toMatchObject({ state: { circuit: { state: 'closed' }, waitUntilMs: 0 }, tokens: 0, tokenWaitMs: 1_000 });
  });

  it('never gives more of the rate limit than there is, whoever asks for how much', () => {
    const rate = { perSecond: 5, burst: 4 };
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(400), fc.nat(10)), { maxLength: 100 }), (asked) => {
      let state = FRESH_STATE;
      let nowMs = 0;
      let given = 0;
      for (const [passedMs, tokens] of asked) {
        nowMs += passedMs;
        const taken = turn(state, nowMs, { wish: { probe: false, tokens }, rate });
        state = taken.state;
        given += taken.tokens;
      }
      expect(given).toBeLessThanOrEqual(rate.burst + (nowMs * rate.perSecond) / 1_000 + 1e-6);
    }));
  });

  it('is read back as it was written, and what is something else is taken for nothing', () => {
    const open = takeReport(FRESH_STATE, { ...failures(10), waitUntilMs: 7 }, limits, 0);
    expect(readSharedState(JSON.parse(JSON.stringify(open)))).toEqual(open);
    for (const bad of [null, 7, 'x', {}, { circuit: { state: 'ajar' } }, { circuit: { state: 'open' }, waitUntilMs: 'x' }]) expect(readSharedState(bad)).toEqual(FRESH_STATE);
  });
});
