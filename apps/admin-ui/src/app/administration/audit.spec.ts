import { describe, expect, it } from 'vitest';
import { verdictOf } from './audit';

describe('the check of the audit log', () => {
  it('tells how many entries a whole chain has', () => {
    expect(verdictOf({ intact: true, entries: 42, forgotten: 0, brokenAt: null, reason: null })).toEqual({ isGood: true, words: 'The chain is whole: 42 entries.' });
  });

  it('names the first place at which it is broken, and why', () => {
    expect(verdictOf({ intact: false, entries: null, forgotten: null, brokenAt: '7', reason: 'an entry is missing' })).toEqual({ isGood: false, words: 'The chain is broken at entry 7: an entry is missing' });
  });
});
