import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';

/** One change of a rule, as the audit log has it. */
export interface RuleHistoryRow {
  readonly seq: string;
  readonly at: Date;
  readonly actorKind: string;
  readonly actorName: string;
  readonly action: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What was done to a rule, newest first, from before the entry `before`; also of rules that are deleted. */
export function readRuleHistory(manager: EntityManager, organization: OrganizationId, ruleId: string, { before, limit }: { readonly before: string | null; readonly limit: number }): Promise<RuleHistoryRow[]> {
  return manager.query<RuleHistoryRow[]>(
    `SELECT seq::text, at, actor_kind AS "actorKind", actor_name AS "actorName", action, details FROM audit_entry
     WHERE organization_id = $1 AND subject = $2 AND ($3::bigint IS NULL OR seq < $3) ORDER BY audit_entry.seq DESC LIMIT $4`,
    [organization, `rule:${ruleId}`, before, limit]);
}
