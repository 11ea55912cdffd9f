import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fullBucket, rateOver, takeTokens, type RateSettings, type TokenBucket } from './token-bucket.js';

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

describe('limits over several times', () => {
  it('hold together: what one gives is taken of all', () => {
    const settings = { perSecond: 10, burst: 5, longer: [{ perSecond: 0.5, burst: 3 }] };
    const first = takeTokens(fullBucket(settings, 0), settings, 9, 0);
    expect(first).toMatchObject({ taken: 3, waitMs: 2_000, bucket: { tokens: 2, longer: [{ tokens: 0 }] } });
    expect(takeTokens(first.bucket, settings, 9, 2_000)).toMatchObject({ taken: 1, waitMs: 2_000 });
  });

  it('begin full where they were set later', () => {
    const settings = { perSecond: 10, burst: 5, longer: [{ perSecond: 0.5, burst: 3 }] };
    expect(takeTokens({ tokens: 5, atMs: 0 }, settings, 9, 0)).toMatchObject({ taken: 3 });
    expect(takeTokens({ tokens: 5, atMs: 0, longer: [{ tokens: 0, atMs: 0 }] }, { perSecond: 10, burst: 5 }, 9, 0).bucket).toEqual({ tokens: 0, atMs: 0 });
  });

  it.each([1, 2, 9, 10, 100, 5_000])('never let more than %d pass within any hour, and nearly that many', (most) => {
    const hourMs = 3_600_000;
    const settings = rateOver(most, hourMs);
    let bucket = fullBucket(settings, 0);
    const times: number[] = [];
    for (let nowMs = 0; nowMs < 3 * hourMs; nowMs += 500) {
      const { bucket: left, taken } = takeTokens(bucket, settings, most, nowMs);
      bucket = left;
      for (let i = 0; i < taken; i++) times.push(nowMs);
    }
    const within = times.map((from, at) => times.slice(at).filter((time) => time < from + hourMs).length);
    expect(Math.max(...within.slice(0, 50))).toBeLessThanOrEqual(most);
    expect(times.length).toBeGreaterThanOrEqual(Math.floor(most * 2.6));
  });
});
