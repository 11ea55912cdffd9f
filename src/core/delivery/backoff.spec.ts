import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DEFAULT_BACKOFF, nextAttempt } from './backoff.js';

const after = (attempt: number, random: number, notBeforeMs: number | null = null): unknown =>
  nextAttempt({ attempt, ageMs: 0, notBeforeMs, random });

describe('back-off', () => {
  it('doubles from one second up to fifteen minutes', () => {
    const ceilings = [1, 2, 3, 10, 11, 5_000].map((attempt) => after(attempt, 0.999_999_9));
    expect(ceilings).toEqual([1_000, 2_000, 4_000, 512_000, 900_000, 900_000].map((afterMs) => ({ kind: 'retry', afterMs })));
  });

  it('takes any pause below the ceiling', () => {
    expect(after(3, 0.5)).toEqual({ kind: 'retry', afterMs: 2_000 });
    expect(after(3, 0)).toEqual({ kind: 'retry', afterMs: 0 });
  });

  it('never comes sooner than the target asked', () => {
    expect(after(1, 0.5, 60_000)).toEqual({ kind: 'retry', afterMs: 60_000 });
    expect(after(10, 0.5, 1_000)).toEqual({ kind: 'retry', afterMs: 256_000 });
  });

  it('gives up after five days', () => {
    const { giveUpAfterMs } = DEFAULT_BACKOFF;
    expect(nextAttempt({ attempt: 900, ageMs: giveUpAfterMs, notBeforeMs: null, random: 0 })).toEqual({ kind: 'give-up' });
    expect(nextAttempt({ attempt: 900, ageMs: giveUpAfterMs - 1, notBeforeMs: null, random: 0 }).kind).toBe('retry');
  });

  it('always gives a pause that a timer can hold', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), random, (attempt, chance) => {
        const next = nextAttempt({ attempt, ageMs: 0, notBeforeMs: null, random: chance });
        expect(next.kind === 'retry' && Number.isSafeInteger(next.afterMs) && next.afterMs <= 900_000).toBe(true);
      }),
    );
  });
});
