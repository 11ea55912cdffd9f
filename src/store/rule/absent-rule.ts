import type pg from 'pg';
import type { AbsentRule } from '../../core/rule/release.js';
import { texts, uuids } from '../pipeline/binary-array.js';
import type { OrganizationId } from '../organization.js';
import { run } from '../pipeline/statement.js';

export const ruleText = (organization: OrganizationId, ruleId: string): string => `${organization} ${ruleId}`;

const ABSENT = `SELECT u.org::text, r.rule_id, r.enabled, r.deleted_at IS NOT NULL
FROM unnest($1::uuid[], $2::text[]) u(org, rule) JOIN rule r ON r.organization_id = u.org AND r.rule_id = u.rule`;

/** Why rules take no part now; one that is not stored at all is not among the answers. */
export async function readAbsentRules(on: pg.Pool, rules: readonly { readonly organization: OrganizationId; readonly ruleId: string }[]): Promise<Map<string, AbsentRule>> {
  if (rules.length === 0) return new Map();
  const rows = await run<[string, string, boolean, boolean]>(on, 'absent-rules', ABSENT, [uuids(rules.map((one) => one.organization)), texts(rules.map((one) => one.ruleId))]);
  return new Map(rows.map(([organization, ruleId, isEnabled, isDeleted]) => [ruleText(organization as OrganizationId, ruleId), isDeleted ? 'deleted' : isEnabled ? 'unusable' : 'disabled']));
}
