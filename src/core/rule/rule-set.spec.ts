import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aConversation, aMessage, aRule, aRuleSet, compiled, NOW } from '../../../test/support/routing.js';
import { RunningMemory } from '../conversation/memory-draft.js';
import type { Scalar, Value } from '../message/value.js';
import { compileRule } from './compile.js';
import { OPERATORS } from './condition/operators.js';
import { compileRuleSet } from './rule-set.js';
import { scopeOf } from './scope.js';
import { select } from './select.js';

describe('a rule set', () => {
  it('orders by priority, then folded name by code unit, then id', () => {
    const ruleSet = aRuleSet(
      aRule({ ruleId: '1', name: 'b' }), aRule({ ruleId: '2', name: 'B' }), aRule({ ruleId: '3', name: 'a', priority: -1 }),
      aRule({ ruleId: '4', name: 'Z', priority: 5 }), aRule({ ruleId: '5', name: 'é' }), aRule({ ruleId: '6', name: 'z' }),
    );
    expect(ruleSet.rules.map((rule) => rule.ref.ruleId)).toEqual(['4', '1', '2', '6', '5', '3']);
  });

  it('leaves out what is disabled or not current', () => {
    const ruleSet = aRuleSet(aRule({ ruleId: '1', enabled: false }), aRule({ ruleId: '2', current: false }), aRule({ ruleId: '3' }));
    expect(ruleSet.rules.map((rule) => rule.ref.ruleId)).toEqual(['3']);
    expect(ruleSet.ruleOf('3')?.ref.ruleId).toBe('3');
    expect(ruleSet.ruleOf('1')).toBeNull();
  });

  it('tells whether anyone listens to an answer', () => {
    const answer = (given: object): object => aRule({ sourceSystemId: 'vendorx_jira', sourceEntityType: 'Issue', ...given });
    const ruleSet = aRuleSet(
      answer({ name: 'a', targetCondition: 'RESPONSE_TO_CREATE', responseStatus: 'ERROR' }),
      answer({ name: 'b', targetCondition: 'RESPONSE_TO_UPDATE', sourceEntityType: 'Task' }),
      answer({ name: 'c', targetCondition: 'RESPONSE_TO_UPDATE', enabled: false }),
    );
    expect(ruleSet.listensToAnswers('VendorX_Jira', 'issue', 'CREATE', 'ERROR')).toBe(true);
    expect(ruleSet.listensToAnswers('vendorx_jira', 'Issue', 'CREATE', 'SUCCESS')).toBe(false);
    expect(ruleSet.listensToAnswers('vendorx_jira', 'Issue', 'UPDATE', 'ERROR')).toBe(false);
    expect(ruleSet.listensToAnswers('vendorx_jira', 'task', 'UPDATE', 'SUCCESS')).toBe(true);
    expect(ruleSet.listensToAnswers('vendorx_jira', 'task', 'UPDATE', 'ERROR')).toBe(true);
  });

  it('finds by its index exactly the rules that hold', () => {
    // Few names and values, so that they meet often; every operator, alone and together, over ten rules and more that share conditions.
    const name = fc.constantFrom('a', 'B', 'c', 'sf:conversation:a', 'sf:message:ticketId', 'sf:conversation:counter:n', 'gone');
    const texts = ['1', '2', '10', '1e1', '9007199254740993', '9007199254740992', '-3', ' 2 ', 'X', 'xy', 'INC1', 'the INC1 is here', 'ΣΑΣ', 'σας', 'maſk', 'MASK', '2026-11-20', '2026-11-20T12:00:00+02:00', '2026-11-21T00:00:00Z', '', ' ', '1.0'];
    const value = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...texts) }, fc.constantFrom('${b}', '$${', 'x${a}', '^in', 'c\\d', 'x|y', 'mas[kx]', 'k|1', '.', 'is h', 'inc1 '));
    const condition = fc.record({ attribute: name, operator: fc.constantFrom(...OPERATORS.map(({ operator }) => operator)), values: fc.array(value, { maxLength: 3 }) });
    const scalar = fc.oneof(fc.constantFrom(...texts), fc.constantFrom<Scalar>(null, 1, 2.5, true, 10, 1e21));
    const attribute: fc.Arbitrary<Value> = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }));
    const shared = fc.array(condition, { minLength: 1, maxLength: 3 });
    const documents = shared.chain((known) => fc.array(fc.array(fc.oneof(condition, fc.constantFrom(...known)), { maxLength: 3 }), { maxLength: 20, size: 'max' }));
    const attributes = fc.dictionary(fc.constantFrom('A', 'b', 'C'), attribute);
    let missed = 0;
    fc.assert(
      fc.property(documents, attributes, attribute, fc.option(attributes), (conditions, given, stored, previous) => {
        const rules = conditions.map((entityConditions, at) => compileRule(aRule({ ruleId: `${at}`, entityConditions }))).flatMap((rule) => (rule.ok ? [rule.value] : []));
        const ruleSet = compileRuleSet(rules);
        const conversation = aConversation({ attributes: { A: stored }, counters: { n: 2 }, previous });
        const message = aMessage({ attributes: given });
        const scope = scopeOf({ message, conversation, memory: new RunningMemory(conversation), now: NOW, known: {} });
        const holding = ruleSet.rules.filter((rule) => rule.conditions.every((one) => one.holds(scope)));
        const bucket = ruleSet.bucketFor(message);
        missed += rules.length - bucket.candidates(scope).length;
        expect(select(bucket, scope).kept).toEqual(holding);
      }),
      { numRuns: 300 },
    );
    // An index that leaves out nothing would always be right.
    expect(missed).toBeGreaterThan(1_000);
  });

  it.each<[string, (at: number) => object]>([
    ['EQUALS', (at) => ({ attribute: 'title', operator: 'EQUALS', values: [`word ${at}`] })],
    ['NOT_EQUALS', (at) => ({ attribute: 'group', operator: 'NOT_EQUALS', values: ['network', `g${at}`] })],
    ['CONTAINS', (at) => ({ attribute: 'title', operator: 'CONTAINS', values: [`word${at}y`] })],
    ['NOT_CONTAINS', (at) => ({ attribute: 'title', operator: 'NOT_CONTAINS', values: [`word${at}y`, 'PRINTER'] })],
    ['STARTS_WITH', (at) => ({ attribute: 'title', operator: 'STARTS_WITH', values: [`${at} printer`] })],
    ['ENDS_WITH', (at) => ({ attribute: 'title', operator: 'ENDS_WITH', values: [`floor ${at}x`] })],
    ['MATCHES', (at) => ({ attribute: 'title', operator: 'MATCHES', values: [`\\bword${at}\\b`] })],
    ['GREATER_THAN', (at) => ({ attribute: 'n', operator: 'GREATER_THAN', values: [`${at + 501}`] })],
    ['LESS_THAN', (at) => ({ attribute: 'when', operator: 'LESS_THAN', values: [`2026-11-${10 + (at % 10)}`] })],
    ['EXISTS', (at) => ({ attribute: `gone${at}`, operator: 'EXISTS' })],
    ['NOT_EXISTS', () => ({ attribute: 'title', operator: 'NOT_EXISTS' })],
    ['BLANK', () => ({ attribute: 'title', operator: 'BLANK' })],
    ['NOT_BLANK', (at) => ({ attribute: `gone${at}`, operator: 'NOT_BLANK' })],
    ['CHANGED', () => ({ attribute: 'group', operator: 'CHANGED' })],
  ])('asks of a thousand rules that differ in %s only those that may fit', (_operator, conditionAt) => {
    const rules = Array.from({ length: 1_000 }, (_, at) => compiled(aRule({ ruleId: `${at}`, entityConditions: [conditionAt(at)] })));
    const bucket = compileRuleSet([...rules, compiled(aRule({ ruleId: 'fits' }))]).bucketFor(aMessage());
    const message = aMessage({ attributes: { title: 'The printer on floor 7', group: 'Network', n: 500, when: '2026-11-20' } });
    const conversation = aConversation({ previous: { group: 'network' } });
    const scope = scopeOf({ message, conversation, memory: new RunningMemory(conversation), now: NOW, known: {} });
    expect(bucket.candidates(scope)).toEqual([1_000]);
  });
});
