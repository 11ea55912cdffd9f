import type { RuleSummaryDto } from '../api/models';

/** What the address asks of the list. */
export interface RuleFilter {
  readonly search?: string | undefined;
  readonly enabled?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** By name where it is left out. */
  readonly sort?: string | undefined;
}

export const isFiltered = ({ search, enabled, from, to }: RuleFilter): boolean => [search, enabled, from, to].some((value) => value !== undefined && value !== '');

/** Rules that fit, in the order that is asked for. `nameOf`: of endpoints; `hits`: per day, by rule. */
export function shownRules(rules: readonly RuleSummaryDto[], filter: RuleFilter, { nameOf, hits }: { readonly nameOf: (endpoint: string) => string; readonly hits: ReadonlyMap<string, number> }): readonly RuleSummaryDto[] {
  const words = (filter.search ?? '').toLowerCase().split(/\s+/).filter((word) => word !== '');
  const fitting = rules.filter((rule) => {
    const text = [rule.name, rule.sourceSystemId, nameOf(rule.sourceSystemId), rule.targetSystemId, nameOf(rule.targetSystemId), rule.sourceEntityType, rule.targetEntityType].join(' ').toLowerCase();
    return words.every((word) => text.includes(word)) && isAt(rule.sourceSystemId, filter.from) && isAt(rule.targetSystemId, filter.to);
  });
  switch (filter.sort) {
    case 'hits': return fitting.toSorted((one, other) => (hits.get(other.ruleId) ?? 0) - (hits.get(one.ruleId) ?? 0));
    case 'priority': return fitting.toSorted((one, other) => other.priority - one.priority);
    case 'changed': return fitting.toSorted((one, other) => other.updatedAt.localeCompare(one.updatedAt));
    default: return fitting;
  }
}

const isAt = (endpoint: string, wanted: string | undefined): boolean => wanted === undefined || wanted === '' || endpoint.toLowerCase() === wanted.toLowerCase();
