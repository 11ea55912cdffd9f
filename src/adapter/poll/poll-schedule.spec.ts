import { describe, expect, it } from '@jest/globals';
import { afterFailureMs, afterSuccessMs } from './poll-schedule.js';

describe('when to poll again', () => {
  it('after success is the interval, a tenth more or less', () => {
    expect([0, 0.5, 0.999].map((random) => afterSuccessMs(60_000, random))).toEqual([54_000, 60_000, 65_988]);
  });

  it('after failures doubles up to a quarter of an hour, and never falls below the interval of a rare poll', () => {
    expect([1, 2, 3, 5, 50].map((failures) => afterFailureMs(60_000, failures, null, 0.9999999))).toEqual([60_000, 120_000, 240_000, 900_000, 900_000]);
    expect(afterFailureMs(3_600_000, 4, null, 0)).toBe(1_800_000);
    expect(afterFailureMs(1_000, 1, null, 0)).toBe(1_000);
  });

  it('after a failure is not before what the target asked for', () => {
    expect(afterFailureMs(1_000, 1, 30_000, 0)).toBe(30_000);
  });
});
