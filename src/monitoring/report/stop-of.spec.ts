import { describe, expect, it } from '@jest/globals';
import { stopOf } from './stop-of.js';

const NOW = Date.parse('2026-05-04T12:00:00Z');
const window = { from: '2026-05-04T11:00:00Z', to: '2026-05-04T13:00:00Z' };
const at = (changes: object): unknown => stopOf({ isSuspended: false, isPaused: false, isOpen: false, windows: [], ...changes }, NOW);

describe('why an endpoint is not sent to', () => {
  it('is nothing while it is', () => { expect(at({})).toBeNull(); });

  it('is one thing at a time, what somebody decided first', () => {
    expect(at({ isSuspended: true, isPaused: true, isOpen: true, windows: [window] })).toBe('suspended');
    expect(at({ isPaused: true, isOpen: true, windows: [window] })).toBe('maintenance');
    expect(at({ isPaused: true, isOpen: true })).toBe('credentials');
    expect(at({ isOpen: true })).toBe('circuit');
  });

  it('is no maintenance outside of its windows', () => { expect(at({ windows: [{ ...window, to: '2026-05-04T11:30:00Z' }] })).toBeNull(); });
});
