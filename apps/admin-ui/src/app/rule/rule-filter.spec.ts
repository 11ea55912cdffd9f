import { describe, expect, it } from 'vitest';
import type { RuleSummaryDto } from '../api/models';
import { type RuleFilter, isFiltered, shownRules } from './rule-filter';

const rule = (ruleId: string, more: object): RuleSummaryDto => ({ ruleId, name: ruleId, sourceSystemId: 'acme', targetSystemId: 'vendor', sourceEntityType: 'incident', targetEntityType: 'case', priority: 0, updatedAt: '2026-01-01', ...more }) as RuleSummaryDto;
const RULES = [rule('a', { priority: 5 }), rule('b', { sourceSystemId: 'VENDOR', targetSystemId: 'acme', updatedAt: '2026-02-01' }), rule('c', { name: 'Comments' })];
const shown = (filter: RuleFilter): string[] => shownRules(RULES, filter, { nameOf: (endpoint) => (endpoint === 'acme' ? 'Acme Corp' : endpoint), hits: new Map([['c', 9], ['b', 3]]) }).map((one) => one.ruleId);

describe('the list of rules', () => {
  it.each([[{}, ['a', 'b', 'c']], [{ search: 'corp COMM' }, ['c']], [{ from: 'vendor' }, ['b']], [{ to: 'vendor' }, ['a', 'c']], [{ sort: 'hits' }, ['c', 'b', 'a']], [{ sort: 'priority' }, ['a', 'b', 'c']], [{ sort: 'changed' }, ['b', 'a', 'c']]])('%j', (filter, ids) => { expect(shown(filter)).toEqual(ids); });
  it('is not narrowed by its order', () => { expect([isFiltered({ sort: 'hits', search: '' }), isFiltered({ from: 'acme' })]).toEqual([false, true]); });
});
