import { describe, expect, it } from '@jest/globals';
import { aConversation, aMessage, aRule, aRuleSet, compiled, NOW } from '../../../test/support/routing.js';
import { evaluate } from './evaluate.js';
import { release } from './release.js';
import { stillUnmappedAt } from './unmapped.js';

const priority = { type: 'Table', sources: ['priority'], targets: ['severity'], rows: [{ when: ['1'], then: ['High'] }] };
const unmappedOf = (rule: Readonly<Record<string, unknown>>, attributes: Readonly<Record<string, unknown>>) =>
  evaluate(aRuleSet(aRule(rule)), aMessage({ attributes: attributes as never }), aConversation(), NOW).unmapped;

describe('a value that a table has no row for', () => {
  it('is told of with rule, place, names and value, and whether the defaults took its place', () => {
    const note = { ruleId: 'r1', rule: 'r', ruleVersion: 1, sources: ['priority'], targets: ['severity'], values: ['7'] };
    expect(unmappedOf({ mappings: [{ type: 'Single', template: 'x', targetAttribute: 'y' }, priority] }, { priority: 7 })).toEqual([{ ...note, mapping: '/mappings/1', hasDefault: false }]);
    expect(unmappedOf({ virtualAttributeMappings: [{ ...priority, defaults: ['Low'] }] }, { priority: 7 })).toEqual([{ ...note, mapping: '/virtualAttributeMappings/0', hasDefault: true }]);
    expect(unmappedOf({ conversationAttributeMappings: [priority] }, { priority: 7 })).toEqual([{ ...note, mapping: '/conversationAttributeMappings/0', hasDefault: false }]);
  });

  it('is none where a row fits, or where the message brings no value at all', () => {
    expect(unmappedOf({ mappings: [priority] }, { priority: '1' })).toEqual([]);
    expect(unmappedOf({ mappings: [priority] }, {})).toEqual([]);
    expect(unmappedOf({ mappings: [priority] }, { priority: ' ' })).toEqual([]);
    expect(unmappedOf({ mappings: [{ ...priority, rows: [{ when: [{ match: 'ANY' }], then: ['x'] }] }] }, { priority: '9' })).toEqual([]);
  });

  it('stands with all sources of its table, of which at least one has a value', () => {
    const both = { ...priority, sources: ['impact', 'priority'], rows: [{ when: ['1', '1'], then: ['High'] }] };
    expect(unmappedOf({ mappings: [both] }, { priority: '1' })).toMatchObject([{ sources: ['impact', 'priority'], values: ['', '1'] }]);
  });

  it('is told of on its own where it comes with others, each once, as rows are looked for', () => {
    const labels = { ...priority, sources: ['labels'], rows: [{ when: ['network'], then: ['High'] }] };
    expect(unmappedOf({ mappings: [labels] }, { labels: ['printer', ' ', 'paper', 'printer'] })).toMatchObject([{ values: ['printer'] }, { values: ['paper'] }]);
    expect(unmappedOf({ mappings: [labels] }, { labels: ['printer', 'network'] })).toEqual([]);
    const both = { ...labels, sources: ['labels', 'priority'], rows: [{ when: ['network', '1'], then: ['High'] }] };
    expect(unmappedOf({ mappings: [both] }, { labels: ['printer', 'paper'], priority: '1' })).toMatchObject([{ values: ['printer', '1'] }, { values: ['paper', '1'] }]);
    const many = Array.from({ length: 1_000 }, (_, at) => `v${at}`);
    expect(unmappedOf({ mappings: [{ ...both, sources: ['labels', 'others'] }] }, { labels: many, others: many })).toHaveLength(50);
  });

  it('is cut, and told of a few dozen times at most by one execution', () => {
    expect(unmappedOf({ mappings: [priority] }, { priority: 'x'.repeat(5_000) })[0]?.values[0]).toBe(`${'x'.repeat(200)}…`);
    const items = Array.from({ length: 500 }, (_, at) => ({ p: `v${at}` }));
    expect(unmappedOf({ iterate: 'BY_VALUE', iterateAttribute: 'items', mappings: [{ ...priority, sources: ['sf:item:p'] }] }, { items })).toHaveLength(50);
  });

  it('is not told of where the execution failed: nothing came of it, and a retry tells it anew', () => {
    const failing = { type: 'Single', template: '${priority}', targetAttribute: 'd', sourceFormatters: [{ type: 'DateFormat', toFormat: 'yyyy' }] };
    const rules = aRuleSet(aRule({ mappings: [priority, failing] }), aRule({ ruleId: 'r2', name: 's', mappings: [priority] }));
    expect(evaluate(rules, aMessage({ attributes: { priority: 'x' } }), aConversation(), NOW).unmapped).toMatchObject([{ ruleId: 'r2' }]);
  });

  it('is told of by an execution that was delayed when it is released', () => {
    const execution = { ruleId: 'r1', rule: 'r', ruleVersion: 1, endpoint: 'vendorx_jira', entityType: 'Issue', operation: null, dueAt: null, waitingFor: [], timeoutAt: null, onTimeout: null } as const;
    expect(release(execution, compiled(aRule({ mappings: [priority] })), aMessage({ attributes: { priority: '7' } }), aConversation(), NOW)).toMatchObject({ kind: 'EXECUTED', unmapped: [{ values: ['7'] }] });
  });
});

describe('a value that had no row, in another version of its rule', () => {
  const note = { mapping: '/mappings/0', sources: ['priority'], targets: ['severity'], values: ['Seven'] };
  const other = { type: 'Single', template: 'x', targetAttribute: 'y' };

  it('has none still, wherever its table stands now', () => {
    expect(stillUnmappedAt({ mappings: [other, priority] }, note)).toBe('/mappings/1');
  });

  it('has one: compared as tables compare, in any case and by matchers', () => {
    for (const cell of ['seven', { match: 'ANY' }, { match: 'NOT_BLANK' }]) {
      expect(stillUnmappedAt({ mappings: [{ ...priority, rows: [...priority.rows, { when: [cell], then: ['x'] }] }] }, note)).toBeNull();
    }
  });

  it('has none where a cell depends on the message', () => {
    expect(stillUnmappedAt({ mappings: [{ ...priority, rows: [{ when: ['${priority}'], then: ['x'] }] }] }, note)).toBe('/mappings/0');
  });

  it('is over where the table is gone, or looks at or writes something else', () => {
    expect(stillUnmappedAt({ mappings: [other] }, note)).toBeNull();
    expect(stillUnmappedAt({}, note)).toBeNull();
    expect(stillUnmappedAt({ mappings: [{ ...priority, targets: ['urgency'] }] }, note)).toBeNull();
    expect(stillUnmappedAt({ virtualAttributeMappings: [priority] }, note)).toBeNull();
  });
});
