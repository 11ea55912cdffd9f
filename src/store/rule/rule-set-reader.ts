import type pg from 'pg';
import type { OrganizationId } from '../organization.js';
import { ruleSetId, type RuleSetMembers } from './rule-set-id.js';

/** A stored version as it takes part in routing: the document without its lifecycle. */
export interface SetMember {
  readonly ruleId: string;
  readonly version: number;
  readonly document: Readonly<Record<string, unknown>>;
}

export interface StoredRuleSet {
  readonly id: string;
  readonly members: readonly SetMember[];
}

/** The current versions of all enabled rules. Reads as the pipeline, so the organization is named. */
export async function readCurrentRuleSet(organization: OrganizationId, worker: pg.Pool): Promise<StoredRuleSet> {
  const { rows } = await worker.query<SetMember>(
    `SELECT v.rule_id AS "ruleId", v.version, v.document
     FROM rule r JOIN rule_version v ON v.organization_id = r.organization_id AND v.rule_id = r.rule_id AND v.version = r.current_version
     WHERE r.organization_id = $1 AND r.enabled AND r.deleted_at IS NULL`, [organization]);
  return { id: ruleSetId(rows.map((row) => [row.ruleId, row.version] as const)), members: rows };
}

/** The versions that took part under this id, also where they were replaced or deleted since; null if there was no such set. */
export async function readRuleSet(organization: OrganizationId, worker: pg.Pool, id: string): Promise<StoredRuleSet | null> {
  if (id === ruleSetId([])) return { id, members: [] };
  const found = await worker.query<{ members: RuleSetMembers }>('SELECT members FROM rule_set WHERE organization_id = $1 AND id = $2', [organization, id]);
  const members = found.rows[0]?.members;
  if (members === undefined) return null;
  const { rows } = await worker.query<SetMember>(
    `SELECT v.rule_id AS "ruleId", v.version, v.document
     FROM unnest($2::text[], $3::integer[]) AS member (rule_id, version)
     JOIN rule_version v ON v.organization_id = $1 AND v.rule_id = member.rule_id AND v.version = member.version`,
    [organization, members.map(([ruleId]) => ruleId), members.map(([, version]) => version)]);
  return { id, members: rows };
}
