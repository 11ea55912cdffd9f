import { describe, expect, it } from '@jest/globals';
import { aRule, aRuleSet } from '../../../test/support/routing.js';
import { closingLine, runCase } from './case.js';
import { simulate } from './simulate.js';

const message = { endpoint: 'acme_snc', entityType: 'incident', ticketId: 'INC1', attributes: { a: '1', fields: { b: 2 } } };
const rule = aRule({
  mappings: [{ type: 'Single', template: '${a}${fields.b}', targetAttribute: 'x' }],
  attachmentMapping: { mapAttachmentsFromSourceMessage: true },
});
const aCase = (expect: unknown, given: object = {}): object => ({ name: 'a case', rules: [rule], message, expect, ...given });

describe('a case', () => {
  it('passes where everything that it expects is so', () => {
    const result = runCase(aCase({ outcome: 'ROUTED', outbound: [{ attributes: { x: '12' } }], conversation: { counters: {} } }));
    expect(result).toMatchObject({ name: 'a case', passed: true, explanation: [], warnings: [] });
    expect(runCase(aCase(undefined)).passed).toBe(true);
  });

  it('explains in words where the decision is another', () => {
    const wrong = {
      outcome: 'NO_ROUTE', outbound: [{ operation: 'UPDATE', attributes: { x: '1', y: '2' }, attachments: [{ name: 'b' }] }], delayed: [{}],
      conversation: { attributes: { z: 1 } }, error: 'boom',
    };
    const { passed, explanation } = runCase(aCase(wrong, { message: { ...message, attachments: [{ name: 'a', size: 1 }] } }));
    expect(passed).toBe(false);
    expect(explanation).toEqual([
      'outcome: expected "NO_ROUTE", got "ROUTED"',
      'outbound[0].operation: expected "UPDATE", got "CREATE"',
      'outbound[0].attributes.x: expected "1", got "12"',
      'outbound[0].attributes.y: expected "2", got nothing',
      'outbound[0].attachments[0]: expected "b", got "a"',
      'delayed: expected 1 element, got 0 elements: []',
      'conversation.attributes.z: expected 1, got nothing',
      'error: expected a message with "boom", got nothing',
    ]);
  });

  it('compares attributes in full and types exactly', () => {
    expect(runCase(aCase({ outbound: [{ attributes: {} }] })).explanation).toEqual(['outbound[0].attributes.x: expected nothing, got "12"']);
    expect(runCase(aCase({ outbound: [{ attributes: { x: 12 } }] })).passed).toBe(false);
  });

  it('warns of keys that mean nothing', () => {
    const { warnings } = runCase(aCase({}, { message: { ...message, colour: 1 }, conversation: { mood: 2 } }));
    expect(warnings).toEqual(['"colour" in message means nothing and is ignored', '"mood" in conversation means nothing and is ignored']);
  });

  it('that cannot be read fails with every problem', () => {
    const broken = { name: 'broken', rules: [{ name: 'r' }, rule, 5], message: { endpoint: 'a', response: { operation: 'READ' } }, conversation: { counters: { n: 'x' } }, now: 'noon' };
    expect(runCase(broken)).toMatchObject({ name: 'broken', passed: false, decision: null });
    expect(runCase(broken).explanation).toEqual([
      'now: expected an ISO 8601 instant, found "noon"',
      'rules[0].sourceSystemId: expected text that is not blank, found nothing',
      'rules[0].sourceEntityType: expected text that is not blank, found nothing',
      'rules[2]: expected an object, found 5',
      'message.entityType: expected text that is not blank, found nothing',
      'message.response.operation: expected one of CREATE, UPDATE, found "READ"',
      'message.response.status: expected one of SUCCESS, ERROR, found nothing',
      'conversation.counters.n: expected a whole number, found "x"',
    ]);
    expect(runCase('x').explanation).toHaveLength(1);
    const badPattern = aRule({ entityConditions: [{ attribute: 'a', operator: 'MATCHES', values: ['('] }] });
    expect(runCase({ rules: [badPattern], message }).explanation[0]).toMatch(/^rules\[0\]\.entityConditions\[0\]\.values\[0\]: expected a pattern/);
  });

  it('without rules means the current ones', () => {
    const current = aRuleSet(aRule({ name: 'current' }));
    expect(runCase({ message, expect: { outbound: [{ rule: 'current' }] } }, current).passed).toBe(true);
    expect(runCase({ message, expect: { outcome: 'NO_ROUTE' } }).passed).toBe(true);
  });

  it('knows what a waiting execution would do', () => {
    const conversation = (rule: string): object => ({ delayed: [{ rule, endpoint: 'vendorx_jira', entityType: 'Issue' }] });
    const creating = aRule({ name: 'creates', targetCondition: 'CREATE' });
    const updating = aRule({ name: 'updates', targetCondition: 'UPDATE', entityConditions: [{ attribute: 'a', operator: 'EQUALS', values: ['no'] }] });
    const run = (waiting: string, outcome: string): boolean =>
      runCase({ rules: [creating, updating], message, conversation: conversation(waiting), expect: { outcome } }).passed;
    expect(run('unknown', 'NO_ROUTE')).toBe(true);
    expect(run('updates', 'DELAYED')).toBe(true);
  });

  it('closes with a count', () => {
    expect(closingLine([runCase(aCase({})), runCase(aCase({ outcome: 'DROPPED' })), runCase({})])).toBe('1 passed, 2 failed');
  });
});

describe('a simulation', () => {
  it('prints the decision with its trace', () => {
    const simulated = simulate(aCase({ outcome: 'whatever' }));
    expect(simulated).toMatchObject({
      ok: true,
      value: {
        warnings: [],
        decision: {
          outcome: 'ROUTED', delayed: [], needs: [], conversation: { attributes: {}, counters: {}, attachments: [] },
          outbound: [{ rule: 'r', endpoint: 'vendorx_jira', entityType: 'Issue', messageType: '', operation: 'CREATE', attributes: { x: '12' }, attachments: [] }],
          trace: { executed: [{ rule: 'r' }], misses: [] },
        },
      },
    });
  });

  it('refuses a case that cannot be read', () => expect(simulate({ message: 1 })).toMatchObject({ ok: false }));
});
