import { readRuleDocument } from '../core/rule/document.js';
import type { RuleHistoryRow } from '../store/rule/rule-history.js';
import type { StoredRule } from '../store/rule/rule.store.js';
import type { RuleHistoryEntryDto, RuleSummaryDto, RuleVersionDto } from './rule.dto.js';

/** A rule as the list shows it. */
export function summaryOf({ rule, version }: StoredRule): RuleSummaryDto {
  const read = readRuleDocument(version.document);
  const text = (key: string): string => (typeof version.document[key] === 'string' ? version.document[key] : '');
  return {
    ruleId: rule.ruleId, name: rule.name, enabled: rule.enabled, currentVersion: rule.currentVersion, lastVersion: rule.lastVersion,
    action: read.ok ? read.value.action : text('action'), priority: read.ok ? read.value.priority : 0,
    sourceSystemId: text('sourceSystemId'), sourceEntityType: text('sourceEntityType'),
    targetSystemId: text('targetSystemId'), targetEntityType: text('targetEntityType'),
    targetCondition: read.ok ? read.value.targetCondition : text('targetCondition'),
    responseStatus: read.ok ? (read.value.responseStatus ?? null) : null,
    changeDescription: version.changeDescription, changedBy: version.createdBy, updatedAt: rule.updatedAt.toISOString(),
  };
}

export const versionOf = ({ rule, version }: StoredRule): RuleVersionDto => ({
  version: version.version, current: rule.currentVersion === version.version, name: String(version.document['name'] ?? rule.name),
  changeDescription: version.changeDescription, createdAt: version.createdAt.toISOString(), createdBy: version.createdBy,
  activatedAt: version.activatedAt?.toISOString() ?? null, activatedBy: version.activatedBy,
});

export function historyEntryOf({ seq, at, actorName, actorKind, action, details }: RuleHistoryRow): RuleHistoryEntryDto {
  const { version, changeDescription, ...rest } = details;
  return {
    seq, at: at.toISOString(), by: actorName, byKind: actorKind, action, version: typeof version === 'number' ? version : null,
    changeDescription: typeof changeDescription === 'string' ? changeDescription : null, details: rest,
  };
}
