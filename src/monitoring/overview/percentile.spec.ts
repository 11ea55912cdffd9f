import { describe, expect, it } from '@jest/globals';
import { percentileMs } from './percentile.js';

const STEPS = [1, 2, 5];

describe('the time within which a share of deliveries was done', () => {
  it('is nothing where there were none', () => { expect(percentileMs([0, 0, 0, 0], STEPS, 0.5)).toBeNull(); });

  it('lies within its step, as if times were spread evenly', () => {
    expect(percentileMs([10, 0, 0, 0], STEPS, 0.5)).toBe(500);
    expect(percentileMs([5, 5, 0, 0], STEPS, 0.75)).toBe(1_500);
    expect(percentileMs([90, 0, 10, 0], STEPS, 0.95)).toBe(3_500);
  });

  it('is the end of the last step for what took longer than any', () => { expect(percentileMs([0, 0, 0, 3], STEPS, 0.9)).toBe(5_000); });
});
