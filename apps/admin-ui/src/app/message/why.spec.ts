import type { Miss, Trace } from '../api/models';
import { why } from './why';

const REF = { ruleId: 'r-1', rule: 'Acme incident → Vendor X issue', ruleVersion: 3 };
const NOTHING: Trace = { ruleSet: 's', executed: [], delayed: [], failed: [], dropped: [], misses: [], missCounts: {} };
const miss = (reason: Miss['reason'], detail = '', expected: string | null = null, actual: string | null = null): Miss => ({ ...REF, reason, detail, expected, actual });

describe('the answer to why', () => {
  it('counts what was done and what did not apply', () => {
    const answer = why({ ...NOTHING, executed: [REF], failed: [{ ...REF, ruleId: 'r-2', error: 'DateFormat: “soon” is no date' }], missCounts: { condition: 2, operation: 1 } }, 'FAILED', null);
    expect(answer.summary).toBe('1 rule was executed, 1 failed; 3 did not apply.');
    expect(answer.did.map((line) => line.sentence)).toEqual(['matched and was executed.', 'matched but failed: DateFormat: “soon” is no date']);
    expect(answer.counts).toEqual([{ reason: 'a condition did not hold', count: 2 }, { reason: 'wrong operation', count: 1 }]);
  });

  it('shows the nearest miss with what was expected and what was there, blank included', () => {
    const answer = why({ ...NOTHING, misses: [miss('condition', 'comment is not blank', 'not blank', '')], missCounts: { condition: 1 } }, 'NO_ROUTE', null);
    expect(answer.summary).toBe('No rule applied: the only candidate did not match.');
    expect(answer.misses[0]).toMatchObject({ sentence: 'did not match: comment is not blank', expected: 'not blank', actual: 'blank' });
  });

  it('says that an attribute is absent, and operators in words', () => {
    const answer = why({ ...NOTHING, misses: [miss('condition', 'category EQUALS network', 'network', null)], missCounts: { condition: 1 } }, 'NO_ROUTE', null);
    expect(answer.misses[0]).toMatchObject({ sentence: 'did not match: category is network', actual: 'absent' });
  });

  it('tells that there was no candidate at all', () => {
    expect(why(NOTHING, 'NO_ROUTE', null).summary).toBe('No enabled rule has this endpoint and entity type as its source.');
  });

  it('says that a drop rule ended it', () => {
    const answer = why({ ...NOTHING, dropped: [REF] }, 'DROPPED', null);
    expect(answer.summary).toBe('Dropped by a rule; nothing was sent.');
    expect(answer.did[0]?.kind).toBe('dropped');
  });

  it.each([['ECHO', 'our own change'], ['RECEIVED', 'not looked at it yet'], ['DUPLICATE', 'received before']])('explains %s without a trace', (state, words) => {
    expect(why(null, state, null).summary).toContain(words);
  });

  it('passes on the reason of a message that could not be read', () => {
    expect(why(null, 'FAILED', 'The body has no ticketId at /number').summary).toBe('The body has no ticketId at /number');
  });
});
