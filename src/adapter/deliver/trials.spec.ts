import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { DeliveryLane } from '../../store/pipeline/lane.js';
import { Trials } from './trials.js';

afterEach(() => { jest.useRealTimers(); });

const lane = (name: string, crashCount = 4): DeliveryLane => ({ conversation: name, crashCount }) as DeliveryLane;

function setup({ calls = 0 } = {}) {
  jest.useFakeTimers();
  const state = { calls };
  const said: string[] = [];
  const say = (what: string) => (one?: DeliveryLane): Promise<void> => {
    said.push(`${what} ${one?.conversation ?? ''}`.trim());
    return Promise.resolve();
  };
  const trials = new Trials({ calls: () => state.calls, accuse: say('accuse'), acquit: say('acquit'), begin: (one) => void say('begin')(one), goOn: () => void say('go on')() });
  return { state, said, trials, pass: (ms: number) => jest.advanceTimersByTimeAsync(ms) };
}

describe('suspected lanes', () => {
  it('wait until the calls under way have ended, and keep others from starting meanwhile', async () => {
    const { said, trials, pass } = setup({ calls: 1 });
    const other = lane('other', 1);
    expect(trials.permits(other)).toBe(true);
    trials.add(lane('a'));
    trials.slotFreed();
    await pass(0);
    expect([said, trials.permits(other)]).toEqual([[], false]);
  });

  it('are tried one after the other, the least suspected first, each accused before it begins', async () => {
    const { state, said, trials, pass } = setup({ calls: 1 });
    const [a, b] = [lane('a', 104), lane('b', 4)];
    const c = lane('c', 205);
    for (const one of [a, c, b]) trials.add(one);
    state.calls = 0;
    trials.slotFreed();
    await pass(0);
    expect(said).toEqual(['accuse a', 'begin a']);
    expect([trials.permits(a), trials.permits(b)]).toEqual([true, false]);
    trials.ended(a);
    await pass(0);
    expect(said).toEqual(['accuse a', 'begin a', 'accuse b', 'begin b']);
    trials.ended(b);
    await pass(0);
    expect(said.slice(4)).toEqual(['accuse c', 'begin c']);
    trials.ended(c);
    expect(said.at(-1)).toBe('go on');
    expect(trials.permits(lane('d'))).toBe(true);
  });

  it('are sent beside the others, unaccused, where calls under way do not end', async () => {
    const { said, trials, pass } = setup({ calls: 3 });
    trials.add(lane('a'));
    await pass(2_000);
    expect(said).toEqual(['begin a', 'go on']);
  });

  it('are acquitted when their own call takes long, and the others go on', async () => {
    const { said, trials, pass } = setup();
    trials.add(lane('a'));
    await pass(2_000);
    expect(said).toEqual(['accuse a', 'begin a', 'acquit a', 'go on']);
  });

  it('keep the others waiting for two seconds at a time, however many they are', async () => {
    const { said, trials, pass } = setup();
    const lanes = ['a', 'b', 'c', 'd'].map((name) => lane(name));
    for (const one of lanes) trials.add(one);
    for (const one of lanes.slice(0, 2)) {
      await pass(1_200);
      trials.ended(one);
    }
    expect([said, trials.permits(lane('other'))]).toEqual([['accuse a', 'begin a', 'accuse b', 'begin b', 'go on'], true]);
    await pass(2_000);
    expect([said.slice(5), trials.permits(lane('other'))]).toEqual([['accuse c', 'begin c'], false]);
    trials.ended(lanes[2]!);
    await pass(0);
    expect(said.slice(7)).toEqual(['accuse d', 'begin d']);
  });

  it('are given back, those that were not begun', async () => {
    const { trials, pass } = setup({ calls: 1 });
    for (const name of ['a', 'b']) trials.add(lane(name));
    expect(trials.forget().map(({ conversation }) => conversation)).toEqual(['a', 'b']);
    await pass(5_000);
    expect(trials.permits(lane('c'))).toBe(true);
  });
});
