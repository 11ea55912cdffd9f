import { describe, expect, it } from '@jest/globals';
import { FRESH_STATE, takeTurn, type SharedState } from '../../core/delivery/shared-state.js';
import type { LiveEndpoint } from '../endpoint/live-endpoint.js';
import { DELIVERY_DEFAULTS, type DeliverySettings } from '../setting/delivery-settings.js';
import { Bulkhead, limitsOf, type Start } from './bulkhead.js';

const GO: Start = { kind: 'go', isProbe: false };
const WAIT_FOR_ANOTHER = { kind: 'wait', ms: Number.POSITIVE_INFINITY };

/** As many instances as wanted, with the state that they share. */
function setup(changes: Partial<DeliverySettings> = {}, instances = 1) {
  const endpoint = { id: 'target', delivery: { ...DELIVERY_DEFAULTS, circuit: { outcomes: 2, windowMs: 10_000, openMs: 1_000, mostOpenMs: 4_000 }, ...changes } } as LiveEndpoint;
  const shared: { state: SharedState } = { state: FRESH_STATE };
  const live = Array.from({ length: instances }, (_, at) => at + 1);
  const members = live.map((instance) => {
    const bulkhead = new Bulkhead('o', 'target');
    bulkhead.waiting.push(...Array.from({ length: 20 }, () => ({}) as never));
    const exchange = (nowMs: number): void => {
      const told = bulkhead.tell(endpoint, nowMs);
      const turn = takeTurn(shared.state, told, limitsOf(endpoint), { nowMs, instance, live });
      shared.state = turn.state;
      bulkhead.heard(endpoint, turn, told.wish, nowMs);
    };
    /** What the stage does: where all must be asked first, they are; others give back what they hold too much of. */
    const start = (nowMs: number): Start => {
      const first = bulkhead.start(endpoint, nowMs);
      if (first.kind !== 'ask') return first;
      exchange(nowMs);
      for (const other of members) if (other.bulkhead !== bulkhead) other.hear(nowMs);
      if (instances > 1) exchange(nowMs);
      return bulkhead.start(endpoint, nowMs);
    };
    const hear = (nowMs: number): void => {
      bulkhead.learn(endpoint, shared.state, nowMs);
      if (bulkhead.hasNews) exchange(nowMs);
    };
    const record = (failed: boolean, nowMs: number, { retryAfterMs = null, isProbe = false }: { retryAfterMs?: number | null; isProbe?: boolean } = {}): string | null => {
      const { told, isUrgent } = bulkhead.record(endpoint, { failed, isProbe, retryAfterMs }, nowMs);
      if (isUrgent) exchange(nowMs);
      return told;
    };
    return { bulkhead, exchange, hear, start, record, mayClaim: (nowMs: number) => bulkhead.mayClaim(endpoint, nowMs), learn: (nowMs: number) => bulkhead.learn(endpoint, shared.state, nowMs) };
  });
  return { endpoint, shared, members, ...members[0]! };
}

describe('the bulkhead of an endpoint', () => {
  it('lets as many start as there are slots', () => {
    const { bulkhead, start } = setup({ slots: 2 });
    bulkhead.running = 1;
    expect(start(0)).toEqual(GO);
    bulkhead.running = 2;
    expect(start(0)).toEqual(WAIT_FOR_ANOTHER);
  });

  it('spaces starts by the rate, after the burst', () => {
    const { start } = setup({ rate: { perSecond: 10, burst: 2 } });
    expect([start(0), start(0), start(0)]).toEqual([GO, GO, { kind: 'wait', ms: 100 }]);
    expect(start(100)).toEqual(GO);
  });

  it('does not keep what it took of the rate and did not use', () => {
    const { start, shared } = setup({ rate: { perSecond: 100, burst: 8 } });
    expect(start(0)).toEqual(GO);
    expect(shared.state.bucket?.tokens).toBe(0);
    const { start: later, members } = setup({ rate: { perSecond: 1, burst: 8 } });
    expect(later(0)).toEqual(GO);
    expect(members[0]!.bulkhead.start({ ...setup({ rate: { perSecond: 1, burst: 8 } }).endpoint }, 300)).toEqual({ kind: 'ask' });
  });

  it('does not take lanes while its next token is long in coming', () => {
    const { start, mayClaim } = setup({ rate: { perSecond: 0.1, burst: 1 } });
    expect([start(0), start(0)]).toEqual([GO, { kind: 'wait', ms: 10_000 }]);
    expect([mayClaim(1), mayClaim(9_500)]).toEqual([false, true]);
  });

  it('starts nothing before the time that the endpoint asked for, and claims nothing', () => {
    const { start, mayClaim, record } = setup();
    record(false, 0, { retryAfterMs: 5_000 });
    expect(start(1_000)).toEqual({ kind: 'wait', ms: 4_000 });
    expect([mayClaim(4_999), mayClaim(5_000)]).toEqual([false, true]);
    record(false, 1_000, { retryAfterMs: 1_000 });
    expect(mayClaim(4_999)).toBe(false);
  });

  it('opens its circuit when calls fail, lets one probe out, and closes when that succeeds', () => {
    const { start, mayClaim, record } = setup();
    expect([record(true, 0), record(true, 10)]).toEqual(['first-failure', 'opened']);
    expect(start(500)).toEqual({ kind: 'wait', ms: 510 });
    expect(mayClaim(500)).toBe(false);
    expect([start(1_010), start(1_010)]).toEqual([{ kind: 'go', isProbe: true }, WAIT_FOR_ANOTHER]);
    expect(record(false, 1_050)).toBe('recovered'); // a call that began before it opened closes nothing
    expect(start(1_060)).toEqual(WAIT_FOR_ANOTHER);
    record(false, 1_100, { isProbe: true });
    expect([start(1_100), start(1_100)]).toEqual([GO, GO]);
  });

  it('stays open twice as long when the probe fails', () => {
    const { start, record } = setup();
    record(true, 0);
    record(true, 0);
    start(1_000);
    expect(record(true, 1_000, { isProbe: true })).toBe('opened');
    expect(start(1_000)).toEqual({ kind: 'wait', ms: 2_000 });
  });

  it('gives the probe back that made no call', () => {
    const { bulkhead, start, record, exchange } = setup();
    record(true, 0);
    record(true, 0);
    expect(start(1_000)).toEqual({ kind: 'go', isProbe: true });
    bulkhead.dropProbe();
    exchange(1_010);
    expect(start(1_010)).toEqual({ kind: 'go', isProbe: true });
  });

  it('forgets all of it when somebody says that the endpoint works again', () => {
    const { bulkhead, start, record, exchange } = setup();
    record(true, 0);
    record(true, 0, { retryAfterMs: 60_000 });
    bulkhead.forgive();
    expect([start(1), start(1)]).toEqual([GO, GO]);
    exchange(2);
    expect(start(2)).toEqual(GO);
    expect(record(false, 2)).toBeNull();
  });

  it('tells again what nobody heard', () => {
    const { bulkhead, endpoint, shared, exchange } = setup();
    bulkhead.record(endpoint, { failed: true, isProbe: false, retryAfterMs: 3_000 }, 0);
    bulkhead.tell(endpoint, 0);
    bulkhead.record(endpoint, { failed: true, isProbe: false, retryAfterMs: null }, 1);
    expect(bulkhead.circuitState).toBe('open');
    bulkhead.unheard(1);
    expect(bulkhead.hasNews).toBe(true);
    exchange(2);
    expect(shared.state).toMatchObject({ circuit: { state: 'open' }, waitUntilMs: 3_000 });
    expect(bulkhead.hasNews).toBe(false);
  });
});

describe('the bulkheads of two instances', () => {
  const two = (changes: Partial<DeliverySettings> = {}) => {
    const { members, shared, endpoint } = setup(changes, 2);
    return { a: members[0]!, b: members[1]!, shared, endpoint };
  };

  it('share the rate', () => {
    const { a, b } = two({ rate: { perSecond: 10, burst: 2 } });
    let started = 0;
    for (let nowMs = 0; nowMs <= 3_000; nowMs += 10) for (const { start } of [a, b]) if (start(nowMs).kind === 'go') started++;
    expect(started).toBeLessThanOrEqual(32);
    expect(started).toBeGreaterThanOrEqual(28);
  });

  it('share the slots: who is alone has all, and gives back what another wants when its calls end', () => {
    const { a, b } = two({ slots: 4 });
    for (let n = 0; n < 4; n++) {
      expect(a.start(0)).toEqual(GO);
      a.bulkhead.running++;
    }
    expect(b.start(0)).toEqual({ kind: 'wait', ms: 250 });
    a.bulkhead.running = 1;
    a.hear(1_000);
    expect([a.start(1_000), b.start(1_000)]).toEqual([GO, GO]);
    for (const { bulkhead } of [a, b]) bulkhead.running = 2;
    expect([a.start(1_000).kind, b.start(1_000).kind]).toEqual(['wait', 'wait']);
  });

  it('begin no calls with slots that the other may get at this moment', () => {
    const { a, b, shared, endpoint } = two({ slots: 4 });
    for (let n = 0; n < 4; n++) a.start(0);
    a.bulkhead.running = 1;
    b.start(0);
    const told = a.bulkhead.tell(endpoint, 0);
    const turn = takeTurn(shared.state, told, limitsOf(endpoint), { nowMs: 0, instance: 1, live: [1, 2] });
    shared.state = turn.state;
    b.exchange(0);
    expect(b.bulkhead.start(endpoint, 0)).toEqual(GO); // with what the first one has given back and not heard of
    expect(a.bulkhead.start(endpoint, 0)).toEqual(WAIT_FOR_ANOTHER);
    a.bulkhead.heard(endpoint, turn, told.wish, 0);
    expect(a.bulkhead.start(endpoint, 0)).toEqual(GO);
  });

  it('give back slots that they do not use', () => {
    const { a, b } = two({ slots: 4 });
    expect(a.start(0)).toEqual(GO);
    a.bulkhead.waiting.splice(0);
    expect([a.bulkhead.isIdle(0), a.bulkhead.isIdle(2_000)]).toEqual([false, true]);
    a.exchange(2_000);
    for (let n = 0; n < 4; n++) {
      expect(b.start(2_000)).toEqual(GO);
      b.bulkhead.running++;
    }
    expect(a.bulkhead.isIdle(9_000)).toBe(false);
  });

  it('leave its lanes to the other where that has all slots for long', () => {
    const { a, b } = two({ slots: 1 });
    expect(a.start(0)).toEqual(GO);
    a.bulkhead.running = 1;
    let nowMs = 0;
    for (let start = b.start(nowMs); start.kind === 'wait' && start.ms < 2_000; start = b.start(nowMs)) nowMs += start.ms;
    expect(nowMs).toBeLessThan(3_000);
    expect([b.mayClaim(nowMs), b.mayClaim(nowMs + 2_000)]).toEqual([false, true]);
  });

  it('open their circuits together, and one of them probes', () => {
    const { a, b } = two();
    a.record(true, 0);
    a.record(true, 0);
    b.learn(500);
    expect(b.start(500)).toEqual({ kind: 'wait', ms: 500 });
    expect([a.start(1_000), b.start(1_000)]).toEqual([{ kind: 'go', isProbe: true }, { kind: 'wait', ms: DELIVERY_DEFAULTS.limits.totalMs + 15_000 }]);
    a.record(false, 1_100, { isProbe: true });
    b.learn(1_200);
    expect(b.start(1_200)).toEqual(GO);
  });

  it('count failures together', () => {
    const { a, b } = two({ circuit: { ...DELIVERY_DEFAULTS.circuit, outcomes: 10 } });
    for (let n = 0; n < 5; n++) a.record(true, n);
    for (let n = 0; n < 5; n++) b.record(true, n);
    expect([a.bulkhead.circuitState, b.bulkhead.circuitState]).toEqual(['closed', 'closed']);
    a.exchange(10);
    b.exchange(11);
    a.learn(12);
    expect([a.bulkhead.circuitState, b.bulkhead.circuitState]).toEqual(['open', 'open']);
  });

  it('obey what one of them was asked for, until somebody says that the endpoint works again', () => {
    const { a, b } = two();
    a.record(false, 0, { retryAfterMs: 9_000 });
    b.learn(500);
    expect([b.start(500), b.mayClaim(500)]).toEqual([{ kind: 'wait', ms: 8_500 }, false]);
    b.bulkhead.forgive();
    b.exchange(600);
    a.learn(1_500);
    expect(a.start(1_500)).toEqual(GO);
  });

  it('take a probe for lost whose end nobody told', () => {
    const { a, b } = two();
    a.record(true, 0);
    a.record(true, 0);
    a.start(1_000);
    b.learn(1_500);
    const lost = 1_000 + DELIVERY_DEFAULTS.limits.totalMs + 15_000;
    expect(b.start(lost - 1)).toMatchObject({ kind: 'wait' });
    expect(b.start(lost)).toEqual({ kind: 'go', isProbe: true });
  });
});

describe('lanes in hand', () => {
  it('press as far as they could end soon: a slow endpoint presses nobody', () => {
    const { bulkhead } = setup();
    bulkhead.waiting.push(...Array.from({ length: 230 }, () => ({}) as never));
    bulkhead.running = 8;
    bulkhead.pressing(0);
    for (let nowMs = 100; nowMs <= 5_000; nowMs += 100) {
      bulkhead.noteEnd(); // ten in a second
      bulkhead.pressing(nowMs);
    }
    expect(bulkhead.pressing(5_000)).toBeGreaterThan(2);
    expect(bulkhead.pressing(5_000)).toBeLessThanOrEqual(3);
    for (let nowMs = 5_100; nowMs <= 10_000; nowMs += 100) {
      for (let n = 0; n < 200; n++) bulkhead.noteEnd(); // two thousand in a second
      bulkhead.pressing(nowMs);
    }
    expect(bulkhead.pressing(10_000)).toBe(258);
  });
});
