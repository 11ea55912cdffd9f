import { describe, expect, it } from '@jest/globals';
import { readCase } from './case-file.js';
import { compileExpression } from './expression.js';
import { READABLE_NAMES } from './readable-names.js';
import { scopeOf } from './scope.js';
import { RunningMemory } from '../conversation/memory-draft.js';
import { tryRule } from './trial.js';

const CASE = {
  now: '2026-11-20T12:00:00Z',
  message: { endpoint: 'acme', entityType: 'incident', ticketId: 'INC1', attributes: { short_description: 'Printer', impact: '1', tags: ['a', 'b'], opened: 'never' } },
  conversation: { attributes: { note: 'old' }, counters: { retries: 2 } },
};

function caseOf(more = {}) {
  const read = readCase({ ...CASE, ...more });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

describe('trying a draft', () => {
  it('shows what each mapping reads and writes, virtual attributes first', () => {
    const { mappings, problems } = tryRule({
      virtualAttributeMappings: [{ type: 'Single', template: '${short_description}!', targetAttribute: 'sf:virtual:title' }],
      mappings: [
        { type: 'Single', template: '${sf:virtual:title}', targetAttribute: 'summary' },
        { type: 'Table', sources: ['impact'], targets: ['priority'], rows: [{ when: ['1'], then: ['High'] }] },
      ],
    }, caseOf());
    expect(problems).toEqual([]);
    expect(mappings).toEqual([
      { pointer: '/virtualAttributeMappings/0', reads: [{ name: 'short_description', value: 'Printer' }], writes: [{ name: 'title', value: 'Printer!' }], error: null },
      { pointer: '/mappings/0', reads: [{ name: 'sf:virtual:title', value: 'Printer!' }], writes: [{ name: 'summary', value: 'Printer!' }], error: null },
      { pointer: '/mappings/1', reads: [{ name: 'impact', value: '1' }], writes: [{ name: 'priority', value: 'High' }], error: null },
    ]);
  });

  it('goes on past a mapping that is half written and one that fails', () => {
    const { mappings, problems } = tryRule({
      mappings: [
        { type: 'Single', template: '${short', targetAttribute: 'a' },
        { type: 'Single', template: '${opened}', targetAttribute: 'b', sourceFormatters: [{ type: 'DateFormat', toFormat: 'yyyy' }] },
        { type: 'Nonsense' },
        null,
        { type: 'Single', template: '${impact}', targetAttribute: 'c' },
      ],
    }, caseOf());
    expect(problems.map((problem) => problem.pointer)).toEqual(['/mappings/0/template', '/mappings/2/type', '/mappings/3']);
    expect(mappings).toMatchObject([
      { pointer: '/mappings/1', writes: [], error: 'DateFormat: "never" is not an ISO 8601 date' },
      { pointer: '/mappings/4', writes: [{ name: 'c', value: '1' }], error: null },
    ]);
  });

  it('tells which conditions hold, whether others are broken or not', () => {
    const { conditions, problems } = tryRule({
      entityConditions: [{ attribute: 'impact', operator: 'EQUALS', values: ['2'] }, { attribute: 'impact', operator: 'MATCHES', values: ['('] }],
      conversationConditions: [{ attribute: 'note', operator: 'NOT_BLANK' }],
    }, caseOf());
    expect(conditions).toEqual([
      { pointer: '/entityConditions/0', holds: false, actual: '1' },
      { pointer: '/conversationConditions/0', holds: true, actual: 'old' },
    ]);
    expect(problems.map((problem) => problem.pointer)).toEqual(['/entityConditions/1/values/0']);
  });

  it('shows counters and appends as they would stand afterwards', () => {
    const { mappings } = tryRule({
      conversationAttributeMappings: [{ type: 'CounterIncrement', counterName: 'sf:conversation:counter:retries' }, { type: 'Append', template: 'new', targetAttribute: 'note', separator: ', ' }],
    }, caseOf());
    expect(mappings.map((mapping) => mapping.writes)).toEqual([[{ name: 'sf:conversation:counter:retries', value: 3 }], [{ name: 'note', value: 'old, new' }]]);
  });

  it('takes the first value where the rule iterates', () => {
    const { mappings } = tryRule({ iterate: 'BY_VALUE', iterateAttribute: 'tags', mappings: [{ type: 'Single', template: '${sf:item}', targetAttribute: 'tag' }] }, caseOf());
    expect(mappings[0]?.writes).toEqual([{ name: 'tag', value: 'a' }]);
  });

  it('takes anything for a draft', () => {
    expect(tryRule({ mappings: 'none', entityConditions: { a: 1 } }, caseOf())).toEqual({ conditions: [], mappings: [], problems: [], needs: [] });
  });
});

describe('a readable name', () => {
  const { message, conversation, now } = caseOf({
    message: { ...CASE.message, messageType: 'Submit', sender: 'bob', receivedAt: '2026-11-20T11:00:00Z', response: { operation: 'CREATE', status: 'ERROR', httpStatus: 423, error: 'locked', ticketId: 'X' } },
  });
  const scope = { ...scopeOf({ message, conversation, now, memory: new RunningMemory(conversation), known: {} }), item: 'in hand' };

  it.each(READABLE_NAMES.filter((one) => !one.isPrefix))('$name is resolved', ({ name }) => {
    expect(compileExpression(name).read(scope)).toBeDefined();
  });
});
