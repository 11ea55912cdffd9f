import { afterEach, describe, expect, it } from '@jest/globals';
import type { StageHub } from '../../queue/index.js';
import { Pace } from './pace.js';

const timers: NodeJS.Timeout[] = [];
afterEach(() => { for (const timer of timers.splice(0)) clearInterval(timer); });

/** A pipeline with this much in hand, that finishes `everyMs` (null: nothing) one delivery; `slow`: lanes that wait for a slow target, `busy`: the share of its time at work. */
function setup({ depth, everyMs, slow = 0, busy = 1 }: { depth: number; everyMs: number | null; slow?: number; busy?: number }) {
  const state = { depth, finished: 0 };
  const hub = {
    depth: (stage: string) => (stage === 'route' ? state.depth : slow), pressing: () => 0, get finishedCount() { return state.finished; },
  } as unknown as StageHub;
  if (everyMs !== null) timers.push(setInterval(() => { state.finished++; }, everyMs));
  const pace = new Pace(hub, () => busy);
  const admit = async (): Promise<number> => {
    const from = performance.now();
    await pace.admit();
    return performance.now() - from;
  };
  return { state, admit };
}

/** How busy a process is, is asked ten times a second at most. */
const measured = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, 110); });

describe('acceptance', () => {
  it('waits for nothing while little is in hand', async () => {
    expect(await setup({ depth: 200, everyMs: 5 }).admit()).toBeLessThan(50);
  });

  it('does not wait for a target that is down', async () => {
    expect(await setup({ depth: 100_000, everyMs: null }).admit()).toBeLessThan(50);
  });

  it('does not wait for a target that is slow, however many of its lanes are in hand', async () => {
    const { state, admit } = setup({ depth: 10, everyMs: 5, slow: 5_000 });
    state.finished = 1;
    expect(await admit()).toBeLessThan(50);
  });

  it('does not wait while this process has little to do', async () => {
    const { state, admit } = setup({ depth: 5_000, everyMs: 5, busy: 0.2 });
    await measured();
    state.finished = 1;
    expect(await admit()).toBeLessThan(50);
  });

  it('waits while deliveries make progress and too much is in hand, at most a second', async () => {
    const { state, admit } = setup({ depth: 5_000, everyMs: 5 });
    await measured();
    state.finished = 1;
    const heldMs = await admit();
    expect(heldMs).toBeGreaterThan(900);
    expect(heldMs).toBeLessThan(1_600);
  });

  it('goes on as soon as enough is done', async () => {
    const { state, admit } = setup({ depth: 5_000, everyMs: 5 });
    await measured();
    state.finished = 1;
    setTimeout(() => { state.depth = 100; }, 100);
    expect(await admit()).toBeLessThan(700);
  });
});
