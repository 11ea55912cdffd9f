import type pg from 'pg';
import type { DeliveryResult } from './delivery-result.js';
import { texts, uuids } from './binary-array.js';
import { run } from './statement.js';

const ENTER = `INSERT INTO troubled_delivery AS t (organization_id, delivery_id, conversation_id, endpoint, entity_type, state, reason)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[])
ON CONFLICT (delivery_id) DO UPDATE SET state = excluded.state, reason = excluded.reason, since = CASE WHEN t.state = excluded.state THEN t.since ELSE now() END`;

const LEAVE = `DELETE FROM troubled_delivery t USING unnest($1::uuid[]) u(id) WHERE t.delivery_id = u.id`;

/** Keeps the work list: a delivery is on it while it is RETRYING, DEAD or HELD. */
export async function writeTroubled(client: pg.PoolClient, results: readonly DeliveryResult[]): Promise<void> {
  const entering = results.filter((r) => r.delivery !== null && r.delivery.state !== 'SENT');
  const leaving = results.filter((r) => r.delivery?.state === 'SENT' && r.delivery.attempts > 1);
  if (entering.length > 0) {
    await run(client, 'troubled-enter', ENTER, [
      uuids(entering.map((r) => r.organization)), uuids(entering.map((r) => r.delivery!.id)), uuids(entering.map((r) => r.conversation)), texts(entering.map((r) => r.endpoint)),
      texts(entering.map((r) => r.entityKey)), texts(entering.map((r) => r.delivery!.state)), texts(entering.map((r) => r.delivery!.error ?? r.blocked ?? '')),
    ]);
  }
  if (leaving.length > 0) await run(client, 'troubled-leave', LEAVE, [uuids(leaving.map((r) => r.delivery!.id))]);
}

/** Under the lanes' locks: an operator may have let one go on meanwhile, and nobody would wake what is held in a lane that goes. */
const HOLD_BEHIND = `WITH l AS MATERIALIZED (
  SELECT t.conversation_id AS conv, t.endpoint AS ep, t.entity_type AS ek, t.done_seq, u.why FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) u(conv, ep, ek, why)
  JOIN ticket_link t ON t.conversation_id = u.conv AND t.endpoint = u.ep AND t.entity_type = u.ek
  WHERE t.blocked IS NOT NULL ORDER BY u.conv, u.ep COLLATE "C", u.ek COLLATE "C" FOR NO KEY UPDATE OF t),
held AS (
  UPDATE delivery d SET state = 'HELD' FROM l u
  WHERE d.conversation_id = u.conv AND d.endpoint = u.ep AND d.entity_key = u.ek AND d.seq > u.done_seq AND d.state = 'QUEUED'
  RETURNING d.organization_id, d.id, d.conversation_id, d.endpoint, d.entity_key, u.why)
INSERT INTO troubled_delivery (organization_id, delivery_id, conversation_id, endpoint, entity_type, state, reason)
SELECT organization_id, id, conversation_id, endpoint, entity_key, 'HELD', 'waits behind a delivery that stopped the lane: ' || why FROM held ON CONFLICT (delivery_id) DO NOTHING`;

/** A delivery lane that stands still, and why. */
export interface StoppedLane {
  readonly conversation: string;
  readonly endpoint: string;
  readonly entityKey: string;
  readonly blocked: string;
}

/** What waits in lanes that stand still is held, visibly: what was there when the lane stopped, and what joined it since. */
export async function holdBehind(client: pg.PoolClient, stopped: readonly StoppedLane[]): Promise<void> {
  if (stopped.length === 0) return;
  await run(client, 'hold-behind', HOLD_BEHIND, [uuids(stopped.map((r) => r.conversation)), texts(stopped.map((r) => r.endpoint)), texts(stopped.map((r) => r.entityKey)), texts(stopped.map((r) => r.blocked))]);
}
