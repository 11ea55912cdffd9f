import { describe, expect, it } from 'vitest';
import { auditQuery, placeOf } from './audit-filter';

describe('the filters of the audit log', () => {
  it('ask only for what is set', () => {
    expect(auditQuery({ subject: '', actor: 'ann', since: '1h' }, () => '2026-11-21T11:00:00.000Z')).toEqual({ actor: 'ann', from: '2026-11-21T11:00:00.000Z' });
  });
});

describe('what an entry is about', () => {
  it.each([['rule.create', 'rule:r1', ['/rules', 'r1']], ['endpoint.put', 'endpoint:acme', ['/endpoints', 'acme']], ['conversation.merge', 'c1', ['/conversations', 'c1']], ['message.retry', 'm1', ['/messages', 'm1']]])('is shown at a place of its own: %s', (action, subject, place) => {
    expect(placeOf(action, subject)).toEqual(place);
  });

  it('has no place where there is no screen', () => { expect(placeOf('session.open', 'session:s1')).toBeUndefined(); });
});
