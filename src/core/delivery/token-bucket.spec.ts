import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fullBucket, takeTokens, type RateSettings, type TokenBucket } from './token-bucket.js';

/** Takes one token, or says in how many milliseconds there is one. */
function takeToken(bucket: TokenBucket, settings: RateSettings, nowMs: number): { bucket: TokenBucket; waitMs: number } {
  const { bucket: left, taken, waitMs } = takeTokens(bucket, settings, 1, nowMs);
  return { bucket: left, waitMs: taken === 1 ? 0 : waitMs };
}

describe('a token bucket', () => {
  const settings = { perSecond: 2, burst: 3 };

  it('gives a burst, then says how long to wait', () => {
    let bucket = fullBucket(settings, 0);
    const waits = [0, 0, 0, 0].map((nowMs) => {
      const taken = takeToken(bucket, settings, nowMs);
      bucket = taken.bucket;
      return taken.waitMs;
    });
    expect(waits).toEqual([0, 0, 0, 500]);
    expect(takeToken(bucket, settings, 499).waitMs).toBe(1);
    expect(takeToken(bucket, settings, 500).waitMs).toBe(0);
  });

  it('may be slower than one in a second', () => {
    const slow = { perSecond: 0.5, burst: 1 };
    expect(takeToken(takeToken(fullBucket(slow, 0), slow, 0).bucket, slow, 0).waitMs).toBe(2_000);
  });

  it('refills nothing when the clock goes backwards', () => {
    const { bucket } = takeToken(fullBucket({ perSecond: 1, burst: 1 }, 10_000), { perSecond: 1, burst: 1 }, 10_000);
    expect(takeToken(bucket, { perSecond: 1, burst: 1 }, 0).waitMs).toBe(1_000);
  });

  it('never gives more than the rate and the burst allow', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(300), { minLength: 50, maxLength: 200 }), (pauses) => {
        let bucket = fullBucket(settings, 0);
        let nowMs = 0;
        let given = 0;
        for (const pauseMs of pauses) {
          nowMs += pauseMs;
          const taken = takeToken(bucket, settings, nowMs);
          bucket = taken.bucket;
          if (taken.waitMs === 0) given += 1;
        }
        expect(given).toBeLessThanOrEqual(settings.burst + Math.floor((nowMs * settings.perSecond) / 1_000));
      }),
    );
  });

  it('gives as many as there are where more are wanted, and says when there is the next', () => {
    expect(takeTokens(fullBucket(settings, 0), settings, 2, 0)).toMatchObject({ taken: 2, waitMs: 0 });
    expect(takeTokens(fullBucket(settings, 0), settings, 9, 0)).toMatchObject({ taken: 3, waitMs: 500 });
    expect(takeTokens({ tokens: 0.2, atMs: 0 }, settings, 9, 500)).toMatchObject({ taken: 1, waitMs: 400 });
  });
});
