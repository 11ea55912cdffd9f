import { describe, expect, it } from '@jest/globals';
import { restOf, restText } from './rest.js';

const ACTIVE = { status: 'ACTIVE', pausedReason: null, maintenance: null } as const;
const maintenance = { fromMs: 0, untilMs: 3_600_000, note: '' };

describe('an endpoint', () => {
  it('may be sent to while nothing speaks against it', () => { expect(restOf(ACTIVE)).toBeNull(); });

  it('rests for what somebody must end before what ends by itself', () => {
    expect(restOf({ ...ACTIVE, maintenance })).toEqual({ kind: 'maintenance', untilMs: 3_600_000, note: '' });
    expect(restOf({ ...ACTIVE, pausedReason: 'credentials', maintenance })).toEqual({ kind: 'paused', reason: 'credentials' });
    expect(restOf({ status: 'SUSPENDED', pausedReason: 'credentials', maintenance })).toEqual({ kind: 'suspended' });
  });

  it('says why in words', () => {
    expect(restText({ kind: 'maintenance', untilMs: 3_600_000, note: 'upgrade' })).toBe('maintenance until 1970-01-01T01:00:00.000Z (upgrade)');
    expect(restText({ kind: 'suspended' })).toBe('the endpoint is suspended');
  });
});
