import { describe, expect, it } from 'vitest';
import { compareMemory, compareSent, missOf, nested, sameDecision, ticketIdAt } from './bench-comparison';

const sent = (attributes: object, more: object = {}): object => ({ rule: 'a', endpoint: 'x', entityType: 'case', messageType: '', operation: 'CREATE', attributes, attachments: [], ...more });
const decision = (outbound: readonly object[], more: object = {}): Record<string, unknown> => ({ outcome: 'ROUTED', outbound, delayed: [], conversation: { attributes: {}, counters: {} }, trace: { misses: [] }, ...more });

describe('two decisions side by side', () => {
  it('pair what goes to one target', () => {
    const [message, second] = compareSent(decision([sent({ title: 'a', old: 1 })]), decision([sent({ title: 'b', fresh: [1] }), sent({})]));
    expect(message).toMatchObject({ title: 'create case', differs: true, rows: [{ name: 'title', current: 'a', draft: 'b' }, { name: 'old', current: '1', draft: undefined }, { name: 'fresh', current: undefined, draft: '[1]' }] });
    expect(second).toMatchObject({ current: undefined, differs: true });
  });
  it('are the same whatever the rules are called', () => {
    expect(sameDecision(decision([sent({ a: 1 })]), decision([sent({ a: 1 }, { rule: 'renamed' })]))).toBe(true);
    expect(sameDecision(decision([sent({ a: 1 })]), decision([sent({ a: 2 })]))).toBe(false);
  });
  it('remember what differs', () => {
    expect(compareMemory(decision([], { conversation: { attributes: { a: 1 }, counters: {} } }), decision([], { conversation: { attributes: {}, counters: { n: 2 } } }))).toEqual([{ name: 'a', current: '1', draft: undefined }, { name: 'counter:n', current: undefined, draft: '2' }]);
  });
  it('say why a rule took no part', () => {
    const missed = decision([], { trace: { misses: [{ ruleId: 'r', rule: 'A', detail: 'priority EQUALS 1', expected: '1', actual: '3' }] } });
    expect([missOf(missed, { ruleId: 'r', name: '' })?.actual, missOf(missed, { ruleId: '', name: 'a' })?.detail, missOf(missed, { ruleId: 'q', name: 'a' })]).toEqual(['3', 'priority EQUALS 1', undefined]);
  });
});

describe('attributes as JSON', () => {
  it('are nested by their dots', () => { expect(nested({ 'fields.summary': 'S', 'fields.a.b': 1, plain: true, plainer: 1, 'plain.x': 2, 'odd.': 3 })).toEqual({ fields: { summary: 'S', a: { b: 1 } }, plain: true, plainer: 1, 'plain.x': 2, 'odd.': 3 }); });
  it('never reach the prototype', () => { expect(nested({ '__proto__.x': 1 })).toEqual({ '__proto__.x': 1 }); });
});

describe('the ticket at a target', () => {
  const routingCase = { conversation: { ticketIds: [{ endpoint: 'Vendor', entityType: 'case', ticketId: 'C-1' }] } };
  it.each([['vendor', 'CASE', 'C-1'], ['vendor', 'task', undefined], ['other', 'case', undefined]])('%s %s', (endpoint, entityType, id) => { expect(ticketIdAt(routingCase, endpoint, entityType)).toBe(id); });
});
