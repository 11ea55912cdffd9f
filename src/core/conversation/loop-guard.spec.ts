import { describe, expect, it } from '@jest/globals';
import { loopReason } from './loop-guard.js';

describe('the loop guard', () => {
  it('lets a lively conversation pass', () => expect(loopReason({ recentDeliveries: 120, chain: 20, answers: 5 })).toBeNull());

  it.each([
    [{ recentDeliveries: 121, chain: 0, answers: 0 }, /121 deliveries in one conversation within 60 s/],
    [{ recentDeliveries: 1, chain: 21, answers: 0 }, /a chain of 21 messages/],
    [{ recentDeliveries: 1, chain: 6, answers: 6 }, /answers caused answers 6 times/],
  ])('blocks %j', (facts, reason) => expect(loopReason(facts)).toMatch(reason));

  it('takes the limits of the organization', () => {
    const limits = { deliveries: 2, windowMs: 1_000, chain: 1, answers: 1 };
    expect(loopReason({ recentDeliveries: 3, chain: 0, answers: 0 }, limits)).toMatch(/within 1 s, at most 2/);
  });
});
