import { describe, expect, it } from '@jest/globals';
import { failure, FAILURE_POLICY } from './failure.js';

describe('a failure', () => {
  it('says who must act, and the table how it is answered', () => {
    const late = failure('target-down', 'target-unreachable', 'The target does not answer.', 5_000);
    expect(late).toEqual({ kind: 'target-down', code: 'target-unreachable', message: 'The target does not answer.', retryAfterMs: 5_000 });
    expect(FAILURE_POLICY[late.kind]).toEqual({ httpStatus: 503, retry: true, logLevel: 'warn' });
    expect('retryAfterMs' in failure('missing', 'rule-missing', 'There is no such rule.')).toBe(false);
  });

  it('is tried again only where nobody has to do anything', () => {
    const retried = Object.entries(FAILURE_POLICY).filter(([, policy]) => policy.retry).map(([kind]) => kind);
    expect(retried).toEqual(['target-down', 'fault']);
  });
});
