import { describe, expect, it } from '@jest/globals';
import { indexAttributes } from '../message/attribute-index.js';
import { failedTerm, parseInboundFilter } from './inbound-filter.js';

function failed(filter: string): string | null {
  const parsed = parseInboundFilter(filter);
  if (!parsed.ok) throw new Error(parsed.error.message);
  const attributes = indexAttributes({ state: 'Open', kind: 'Bug', tags: ['a', 'VIP'], n: 7, 'issue.user': 'Parley', odd: 'x, (y)' });
  return failedTerm(parsed.value, { attributes, params: { 'project.key': 'ACME' }, username: 'parley' });
}

describe('an inbound filter', () => {
  it.each([
    [''], ['  '], ['state=open'], ['state == OPEN , kind!=task'], ['kind IN (task, bug)'], ['kind in(bug)'], ['tags=vip'], ['n=7'], ['gone='],
    ['gone!=x'], ['${param:project.key}=acme'], ['${param:gone}='], ['${param:project.key} IN (X, ACME)'], ['odd="x, (y)"'], ['state=${STATE}'],
    ['kind IN ("bug", x), state!=closed'], ['gone!=b c=d'],
  ])('%j lets the message pass', (filter) => expect(failed(filter)).toBeNull());

  it.each([
    ['state=closed', 'state=closed'],
    ['state=open, kind = task', 'kind = task'],
    ['issue.user!=${username}', 'issue.user!=${username}'],
    ['tags!=vip', 'tags!=vip'],
    ['kind IN (task, story), state=open', 'kind IN (task, story)'],
    ['gone=x', 'gone=x'],
    ['${param:constructor}=x', '${param:constructor}=x'],
  ])('%j stops it and names the condition', (filter, term) => expect(failed(filter)).toBe(term));

  it.each([
    ['state', 0], ['=x', 0], ['state=a b(', 6], ['state=open,', 11], ['kind IN (a', 10], ['kind IN (a b c', 14], ['a="b', 2], [`a=${'x'.repeat(9_000)}`, 8_192],
  ])('%j is refused at character %d', (filter, at) => {
    const parsed = parseInboundFilter(filter);
    expect(parsed.ok ? null : parsed.error.at).toBe(at);
  });
});
