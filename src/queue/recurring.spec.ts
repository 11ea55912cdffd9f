import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Recurring } from './recurring.js';

beforeEach(() => { jest.useFakeTimers(); });
afterEach(() => { jest.useRealTimers(); });

/** Work whose end the test decides. */
function setup() {
  const ends: (() => void)[] = [];
  const recurring = new Recurring(1_000, () => new Promise((resolve) => ends.push(resolve)));
  return { ends, recurring, pass: (ms: number) => jest.advanceTimersByTimeAsync(ms) };
}

describe('recurring work', () => {
  it('is done each time its time has come', async () => {
    const { ends, recurring, pass } = setup();
    recurring.start();
    for (const times of [1, 2, 3]) {
      await pass(1_000);
      expect(ends).toHaveLength(times);
      ends.at(-1)!();
      await pass(0);
    }
    await recurring.stop();
  });

  it('is not begun again while it is being done; who asks meanwhile waits for that', async () => {
    const { ends, recurring, pass } = setup();
    recurring.start();
    await pass(3_500);
    const asked = recurring.run();
    expect(ends).toHaveLength(1);
    ends[0]!();
    await asked;
    void recurring.run();
    expect(ends).toHaveLength(2);
  });

  it('ends when it is stopped, after what is under way', async () => {
    const { ends, recurring, pass } = setup();
    recurring.start();
    await pass(1_000);
    let isStopped = false;
    const stopped = recurring.stop().then(() => { isStopped = true; });
    await pass(5_000);
    expect([ends.length, isStopped]).toEqual([1, false]);
    ends[0]!();
    await stopped;
  });
});
