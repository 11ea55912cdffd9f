import { describe, expect, it } from '@jest/globals';
import type { StageHub } from '../../queue/index.js';
import { Pace } from './pace.js';

/** A pipeline with this much in hand, that finishes a delivery every 5 ms: always, never, or until some moment; `slow`: lanes that wait for a slow target, `busy`: the share of its time at work. */
function setup({ depth, finishes, slow = 0, busy = 1 }: { depth: number; finishes: boolean | number; slow?: number; busy?: number }) {
  const state = { depth, nowMs: 0, at: (_nowMs: number): void => undefined };
  const hub = {
    depth: (stage: string) => (stage === 'route' ? state.depth : slow), pressing: () => 0, get finishedCount() { return Math.floor(Math.min(state.nowMs, Number(finishes === true ? Infinity : finishes)) / 5); },
  } as unknown as StageHub;
  const clock = {
    now: () => state.nowMs,
    sleep: (ms: number): Promise<void> => {
      state.nowMs += ms;
      state.at(state.nowMs);
      return Promise.resolve();
    },
  };
  const pace = new Pace(hub, () => busy, clock);
  state.nowMs = 110; // how busy a process is, is asked ten times a second at most
  const heldMs = async (): Promise<number> => {
    const from = state.nowMs;
    await pace.admit();
    return state.nowMs - from;
  };
  return { state, heldMs };
}

describe('acceptance', () => {
  it('waits for nothing while little is in hand', async () => {
    expect(await setup({ depth: 200, finishes: true }).heldMs()).toBe(0);
  });

  it('does not wait for a target that is down', async () => {
    expect(await setup({ depth: 100_000, finishes: false }).heldMs()).toBe(0);
  });

  it('does not wait for a target that is slow, however many of its lanes are in hand', async () => {
    expect(await setup({ depth: 10, finishes: true, slow: 5_000 }).heldMs()).toBe(0);
  });

  it('does not wait while this process has little to do', async () => {
    expect(await setup({ depth: 5_000, finishes: true, busy: 0.2 }).heldMs()).toBe(0);
  });

  it('waits while deliveries make progress and too much is in hand, at most a second', async () => {
    expect(await setup({ depth: 5_000, finishes: true }).heldMs()).toBe(1_000);
  });

  it('goes on as soon as enough is done', async () => {
    const { state, heldMs } = setup({ depth: 5_000, finishes: true });
    state.at = (nowMs) => { if (nowMs >= 210) state.depth = 100; };
    expect(await heldMs()).toBe(100);
  });

  it('goes on when a quarter of a second has gone by in which nothing was finished', async () => {
    expect(await setup({ depth: 5_000, finishes: 210 }).heldMs()).toBe(210 + 250 - 110);
  });
});
