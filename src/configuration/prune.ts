import type { EndpointChange, KnownEndpoint } from '../adapter/index.js';
import type { RuleChange } from '../rule/index.js';
import type { StoredRule } from '../store/rule/rule.store.js';
import type { ChangeDto } from './configuration.dto.js';

/** Suspends the active endpoints that a document does not name. */
export async function suspendOthers(endpoints: EndpointChange, stored: readonly KnownEndpoint[], named: ReadonlySet<string>): Promise<ChangeDto[]> {
  const changes: ChangeDto[] = [];
  for (const known of stored.filter(({ row }) => !named.has(row.id) && row.status === 'ACTIVE')) {
    await endpoints.setStatus(known, 'SUSPENDED');
    changes.push({ kind: 'endpoint', id: known.row.id, name: known.row.name, action: 'update', differences: [{ pointer: '/status', before: 'ACTIVE', after: 'SUSPENDED' }] });
  }
  return changes;
}

/** Disables the enabled rules that a document does not name. */
export async function disableOthers(rules: RuleChange, stored: readonly StoredRule[], named: ReadonlySet<string>): Promise<ChangeDto[]> {
  const changes: ChangeDto[] = [];
  for (const known of stored.filter(({ rule }) => !named.has(rule.ruleId) && rule.enabled)) {
    await rules.setEnabled(known, false);
    changes.push({ kind: 'rule', id: known.rule.ruleId, name: known.rule.name, action: 'update', differences: [{ pointer: '/enabled', before: true, after: false }] });
  }
  return changes;
}
