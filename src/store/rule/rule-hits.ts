import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';
import { uuidFloor } from '../pipeline/uuid.js';

/** How often a rule took part (executed, delayed or dropped) among the messages that were looked at. */
export interface RuleHitRow {
  readonly ruleId: string;
  readonly hits: number;
  readonly lastAt: Date;
}

export interface RuleHits {
  readonly rules: readonly RuleHitRow[];
  /** The oldest message that was looked at, where not all since `fromMs` were: more than the budget allows. */
  readonly oldestAt: Date | null;
}

/** Messages that are looked at: about 50 ms of reading, however many there are. */
export const MOST_MESSAGES = 20_000;

/** A trace without what it says of rules that took no part, which comes last in its text: four fifths less to read. */
const FATES = `coalesce((left(trace_text, strpos(trace_text, ',"misses":') - 1) || '}')::json, to_json(trace))`;

/** Counts from the traces of the newest messages since `fromMs` (ms since 1970); the primary key is walked backwards, no other index is needed. */
export async function readRuleHits(manager: EntityManager, organization: OrganizationId, fromMs: number): Promise<RuleHits> {
  const rows = await manager.query<(RuleHitRow & { readonly looked: number; readonly oldestAt: Date })[]>(
    `WITH newest AS MATERIALIZED (SELECT received_at, ${FATES} AS fates FROM message WHERE organization_id = $1 AND id >= $2 ORDER BY id DESC LIMIT $3),
       hit AS (SELECT DISTINCT ON (n.place, ref->>'ruleId') ref->>'ruleId' AS rule_id, n.received_at
         FROM (SELECT row_number() OVER () AS place, received_at, fates FROM newest) n
         CROSS JOIN LATERAL (VALUES (n.fates->'executed'), (n.fates->'delayed'), (n.fates->'dropped')) part(refs) CROSS JOIN LATERAL json_array_elements(part.refs) ref)
     SELECT rule_id AS "ruleId", count(*)::int AS hits, max(received_at) AS "lastAt",
       (SELECT count(*)::int FROM newest) AS looked, (SELECT min(received_at) FROM newest) AS "oldestAt"
     FROM hit GROUP BY rule_id`,
    [organization, uuidFloor(fromMs), MOST_MESSAGES]);
  const first = rows[0];
  return {
    rules: rows.map(({ ruleId, hits, lastAt }) => ({ ruleId, hits, lastAt })),
    oldestAt: first !== undefined && first.looked === MOST_MESSAGES ? first.oldestAt : null,
  };
}
