import { describe, expect, it } from '@jest/globals';
import { aRule } from '../../../test/support/routing.js';
import { problemsOfRuleTests, runRuleTests } from './rule-tests.js';

const message = { endpoint: 'acme_snc', entityType: 'incident', ticketId: 'INC1', attributes: { a: 'x' } };
const copies = { mappings: [{ type: 'Single', template: '${a}', targetAttribute: 'b' }] };
const sends = (b: string) => ({ outbound: [{ attributes: { b } }] });
const tested = (tests: unknown, given = {}) => aRule({ ...copies, ...given, tests });

describe('the tests of a rule', () => {
  it('are run with the rule itself, whether it is in use or not', () => {
    const results = runRuleTests(tested([{ name: 'right', message, expect: sends('x') }, { name: 'wrong', message, expect: sends('y') }], { enabled: false, current: false }));
    expect(results).toMatchObject([{ name: 'right', passed: true }, { name: 'wrong', passed: false, explanation: ['outbound[0].attributes.b: expected "y", got "x"'] }]);
  });

  it('may name other rules, and one that stands for the rule itself is replaced by it', () => {
    const stale = aRule({ mappings: [] });
    const other = aRule({ ruleId: 'r2', name: 'other', action: 'DROP', entityConditions: [{ attribute: 'a', operator: 'EQUALS', values: ['drop me'] }] });
    const test = { name: 'beside another', rules: [stale, other], message };
    expect(runRuleTests(tested([{ ...test, expect: sends('x') }, { ...test, message: { ...message, attributes: { a: 'drop me' } }, expect: { outcome: 'DROPPED' } }]))).toMatchObject([{ passed: true }, { passed: true }]);
    expect(runRuleTests(tested([{ ...test, rules: [other], expect: sends('x') }]))).toMatchObject([{ passed: true }]);
  });

  it('tell the rule by its name where an id is missing, whatever the case', () => {
    const test = { name: 't', rules: [{ ...aRule({ name: 'R', mappings: [] }), ruleId: undefined }], message, expect: sends('x') };
    expect(runRuleTests(tested([test]))).toMatchObject([{ passed: true }]);
  });

  it('may be left out', () => {
    for (const tests of [undefined, null, []]) expect([runRuleTests(tested(tests)), problemsOfRuleTests(tested(tests))]).toEqual([[], []]);
  });
});

describe('tests that cannot be read', () => {
  it.each([
    ['no list', {}, ['/tests']],
    ['no object', [3], ['/tests/0']],
    ['without message', [{ name: 'x' }], ['/tests/0/message']],
    ['with a wrong rule beside', [{ message, rules: [aRule({ name: 'other', ruleId: 'o', action: 'WALK' })] }], ['/tests/0/rules/0/action']],
    ['in two places', [{ message }, { message: { ...message, endpoint: 3 }, now: 'noon' }], ['/tests/1/now', '/tests/1/message/endpoint']],
    ['too many', Array.from({ length: 201 }, () => ({ message })), ['/tests']],
  ])('are told with their place: %s', (_, tests, pointers) => {
    expect(problemsOfRuleTests(tested(tests)).map((problem) => problem.pointer)).toEqual(pointers);
  });
});
