import type pg from 'pg';
import { organizationId } from '../organization.js';
import { texts, uuids } from './binary-array.js';
import type { Claim, DeliveryLane, QueuedDelivery } from './lane.js';
import { run } from './statement.js';

/**
 * Per endpoint at most 64 lanes, of each at most 20 deliveries: literals, since a parameter here is estimated as a tenth of the table. `= ANY (ARRAY(…))` and
 * `OFFSET 0` keep the planner from reading whole tables to join them with few rows. The head's attempt is begun with the claim.
 */
const CLAIM = `WITH c AS MATERIALIZED (
  SELECT l.* FROM unnest($2::uuid[], $3::text[]) e(org, ep) CROSS JOIN LATERAL (
    SELECT t.conversation_id, t.endpoint, t.entity_type FROM ticket_link t
    WHERE t.organization_id = e.org AND t.endpoint = e.ep AND t.ready_at <= now() AND t.ready_at < 'infinity' AND t.claim IS NULL AND t.blocked IS NULL
    ORDER BY t.ready_at LIMIT 64 FOR UPDATE SKIP LOCKED) l),
u AS MATERIALIZED (
  UPDATE ticket_link t SET claim = $1::int8, crash_count = t.crash_count + 1
  WHERE t.conversation_id = ANY (ARRAY(SELECT conversation_id FROM c)) AND (t.conversation_id, t.endpoint, t.entity_type) IN (SELECT conversation_id, endpoint, entity_type FROM c)
  RETURNING t.organization_id, t.conversation_id, t.endpoint, t.entity_type, t.ticket_id, t.done_seq, t.crash_count),
p AS MATERIALIZED (
  SELECT u.organization_id AS org, u.conversation_id AS conv, u.endpoint AS ep, u.entity_type AS ek, u.ticket_id AS tid, u.crash_count, d.*
  FROM u LEFT JOIN LATERAL (
    SELECT x.id, x.seq, x.message_id, x.entity_type, x.operation, x.rule_id, x.rule_version, x.depth, x.attempts, x.created_at, row_number() OVER (ORDER BY x.seq) AS place
    FROM delivery x WHERE x.conversation_id = u.conversation_id AND x.seq > u.done_seq AND x.endpoint = u.endpoint AND x.entity_key = u.entity_type AND x.state IN ('QUEUED', 'RETRYING')
    ORDER BY x.seq LIMIT 20) d ON true),
a AS (INSERT INTO attempt (organization_id, delivery_id, number, claim) SELECT org, id, attempts + 1, $1::int8 FROM p WHERE place = 1
  ON CONFLICT (delivery_id, number) DO UPDATE SET outcome = NULL, claim = excluded.claim, started_at = now(), finished_at = NULL WHERE attempt.outcome = 'NOT_SENT')
SELECT p.org::text, p.conv::text, p.ep, p.ek, p.tid, p.crash_count,
  (SELECT x.last_seq FROM ticket_link x WHERE x.conversation_id = p.conv AND x.endpoint = p.ep AND x.entity_type = p.ek), p.id::text, p.seq, p.message_id::text, p.entity_type, p.operation, p.rule_id, p.rule_version, p.depth, p.attempts,
  (extract(epoch FROM p.created_at) * 1000)::float8, b.body, src.endpoint, (begun.delivery_id IS NOT NULL AND begun.outcome IS NULL) OR coalesce(last.outcome = 'unknown', false), coalesce(last.outcome = 'overruled', false)
FROM p LEFT JOIN LATERAL (SELECT x.body FROM delivery_body x WHERE x.id = p.id OFFSET 0) b ON true
LEFT JOIN LATERAL (SELECT x.endpoint FROM message x WHERE x.organization_id = p.org AND x.id = p.message_id OFFSET 0) src ON true
LEFT JOIN LATERAL (SELECT x.delivery_id, x.outcome FROM attempt x WHERE x.delivery_id = p.id AND x.number = p.attempts + 1 OFFSET 0) begun ON true
LEFT JOIN LATERAL (SELECT x.outcome FROM attempt x WHERE x.delivery_id = p.id AND x.number = p.attempts OFFSET 0) last ON true
ORDER BY p.conv, p.ep, p.ek, p.seq`;

type Row = [string, string, string, string, string | null, number, string, string | null, string, string, string, 'CREATE' | 'UPDATE', string, number, number, number, number, Buffer | null, string | null, boolean, boolean];

/** Takes ready lanes of the endpoints named, oldest first. A lane whose deliveries are all gone comes back empty and is released by its commit. */
export async function claimDeliveryLanes(on: pg.Pool | pg.PoolClient, endpoints: readonly { readonly organization: string; readonly endpoint: string }[], claim: Claim): Promise<DeliveryLane[]> {
  const rows = await run<Row>(on, 'claim-delivery', CLAIM, [claim.toString(), uuids(endpoints.map((e) => e.organization)), texts(endpoints.map((e) => e.endpoint))]);
  const lanes = new Map<string, DeliveryLane & { deliveries: QueuedDelivery[] }>();
  for (const [org, conversation, endpoint, entityKey, ticketId, crashCount, lastSeq, id, seq, messageId, entityType, operation, ruleId, ruleVersion, depth, attempts, createdMs, body, source, isUnknown, isOverruled] of rows) {
    const key = `${conversation}|${endpoint}|${entityKey}`;
    let lane = lanes.get(key);
    if (lane === undefined) {
      lane = { organization: organizationId(org), conversation, endpoint, entityKey, claim, crashCount, lastSeq: Number(lastSeq), ticketId, deliveries: [] };
      lanes.set(key, lane);
    }
    if (id !== null) {
      lane.deliveries.push({ id, seq: Number(seq), messageId, source, entityType, operation, ruleId, ruleVersion, depth, body: body ?? new Uint8Array(0), attempts, createdMs, isUnknown, isOverruled });
    }
  }
  return [...lanes.values()];
}
