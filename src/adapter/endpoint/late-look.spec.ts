import { describe, expect, it } from '@jest/globals';
import { LateLook } from './late-look.js';

function setup() {
  const state = { looks: 0, fails: false };
  const ends: (() => void)[] = [];
  const late = new LateLook(() => {
    state.looks++;
    return new Promise((resolve, reject) => ends.push(() => (state.fails ? reject(new Error('away')) : resolve())));
  });
  const untilLooks = async (count: number): Promise<void> => {
    while (state.looks < count) await new Promise((resolve) => { setTimeout(resolve, 1); });
  };
  return { state, late, ends, untilLooks };
}

describe('a late look', () => {
  it('is shared by all who ask before it begins', async () => {
    const { state, late, ends, untilLooks } = setup();
    const asked = Promise.all(Array.from({ length: 500 }, () => late.again()));
    await untilLooks(1);
    ends[0]!();
    await asked;
    expect(state.looks).toBe(1);
  });

  it('that is under way already is not enough: it may have begun too early', async () => {
    const { late, ends, untilLooks } = setup();
    const first = late.again();
    await untilLooks(1);
    let isAnswered = false;
    const second = late.again().then(() => { isAnswered = true; });
    ends[0]!();
    await first;
    await untilLooks(2);
    expect(isAnswered).toBe(false);
    ends[1]!();
    await second;
  });

  it('that fails, fails for those who asked for it, not for the next', async () => {
    const { state, late, ends, untilLooks } = setup();
    state.fails = true;
    const first = late.again();
    await untilLooks(1);
    ends[0]!();
    await expect(first).rejects.toThrow('away');
    state.fails = false;
    const second = late.again();
    await untilLooks(2);
    ends[1]!();
    await second;
  });
});
