import { describe, expect, it } from '@jest/globals';
import { aRule } from '../../../test/support/routing.js';
import { compileRule } from './compile.js';

function refusals(given: Readonly<Record<string, unknown>>): [string, string][] {
  const compiled = compileRule(aRule(given));
  return compiled.ok ? [] : compiled.error.map((problem) => [problem.path, problem.found]);
}

const single = (targetAttribute: string, template = 'x'): object => ({ type: 'Single', template, targetAttribute });

describe('compiling a rule', () => {
  it('refuses what cannot run, naming every place', () => {
    expect(
      refusals({
        entityConditions: [{ attribute: 'a', operator: 'MATCHES', values: ['ok', '('] }],
        conversationConditions: [{ attribute: 'b', operator: 'EQUALS', values: ['${b'] }],
        delayConditions: [{ type: 'ConversationAttribute', attribute: 'c', operator: 'NOT_MATCHES', values: ['['] }],
        virtualAttributeMappings: [single('v', '${')],
        mappings: [
          { ...single('a'), sourceFormatters: [{ type: 'DateFormat', toFormat: 'yyyy', fromTimeZone: 'Nowhere' }] },
          { type: 'Table', sources: ['a'], targets: ['b'], rows: [{ when: ['${'], then: ['${'] }], defaults: ['${}'] },
          { type: 'MultiValueToSingle', sourceAttribute: 'a', targetAttribute: 'b', elementTemplate: '${' },
        ],
        conversationAttributeMappings: [{ type: 'Append', template: '${', targetAttribute: 'x' }],
      }).map(([path]) => path),
    ).toEqual([
      'entityConditions[0].values[1]', 'conversationConditions[0].values[0]', 'delayConditions[0].values[0]',
      'virtualAttributeMappings[0].template', 'mappings[0].sourceFormatters[0].fromTimeZone', 'mappings[1].rows[0].when[0]',
      'mappings[1].rows[0].then[0]', 'mappings[1].defaults[0]', 'mappings[2].elementTemplate',
      'conversationAttributeMappings[0].template',
    ]);
  });

  it('refuses targets that a list may not write', () => {
    expect(refusals({ mappings: [single('sf:conversation:x'), single('a.__proto__.b'), single(' ')] }).map(([path]) => path)).toEqual([
      'mappings[2].targetAttribute',
    ]);
    expect(refusals({ mappings: [single('sf:conversation:x'), single('a.__proto__.b')] })).toEqual([
      ['mappings[0].targetAttribute', '"sf:conversation:x"'],
      ['mappings[1].targetAttribute', '"a.__proto__.b"'],
    ]);
    expect(refusals({ virtualAttributeMappings: [single('sf:conversation:x'), single('SF:virtual:ok')] })).toEqual([
      ['virtualAttributeMappings[0].targetAttribute', '"sf:conversation:x"'],
    ]);
    expect(
      refusals({ conversationAttributeMappings: [single('sf:conversation:id'), single('sf:conversation:counter:n'), single('sf:virtual:v')] }),
    ).toHaveLength(3);
  });

  it('lets counters stand among conversation mappings only', () => {
    const counter = { type: 'CounterIncrement', counterName: 'sf:conversation:counter:n' };
    expect(refusals({ mappings: [counter] })).toEqual([['mappings[0].type', 'a counter mapping']]);
    expect(refusals({ conversationAttributeMappings: [counter, { type: 'CounterReset', counterName: 'n' }] })).toEqual([]);
    expect(refusals({ conversationAttributeMappings: [{ ...counter, counterName: 'sf:conversation:n' }] })).toHaveLength(1);
  });

  it('knows what an active response rule is for', () => {
    const compiled = compileRule(aRule({ targetCondition: 'RESPONSE_TO_UPDATE', responseStatus: 'ERROR', enabled: false }));
    expect(compiled).toMatchObject({ ok: true, value: { answeredOperation: 'UPDATE', isActive: false, ref: { ruleId: 'r1', rule: 'r', ruleVersion: 1 } } });
  });
});
