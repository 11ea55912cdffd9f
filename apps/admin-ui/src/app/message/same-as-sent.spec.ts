import { describe, expect, it } from 'vitest';
import { sameAsSent } from './same-as-sent';

const ATTEMPTS = [{ startedAt: '2026-11-21T10:00:00.000Z' }, { startedAt: '2026-11-21T12:00:00.000Z' }];

describe('the request that the settings make today', () => {
  it.each([['2026-11-21T11:00:00.000Z', 'sent'], ['2026-11-21T13:00:00.000Z', 'changed'], [undefined, 'unknown']] as const)('is compared with the newest attempt: settings of %s', (changedAt, sameness) => {
    expect(sameAsSent(ATTEMPTS, changedAt)).toBe(sameness);
  });

  it('was sent to nobody where nothing was tried', () => { expect(sameAsSent([], undefined)).toBe('not-sent'); });
});
