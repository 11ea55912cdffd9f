import type pg from 'pg';
import type { Database } from '../database.js';
import { acceptMessages, type Placed } from './accept.js';
import { bools, bytes, int2s, int4s, int8s, texts, uuids } from './binary-array.js';
import type { Claim } from './lane.js';
import { recountRelays } from './relay.js';
import type { DeliveryResult } from './delivery-result.js';
import { run } from './statement.js';
import type { TicketConflict } from './ticket-conflict.js';
import { holdBehind, writeTroubled } from './troubled.js';

export interface DeliveriesCommitted {
  /** Whether some released lane has more to send now. */
  readonly more: boolean;
  /** Whether some conversation has something delayed that may have waited for this. */
  readonly poked: boolean;
  readonly responses: readonly Placed[];
  /** Ticket ids that another conversation owns already: these conversations keep them for sending only. */
  readonly conflicts: readonly TicketConflict[];
}

/** Conversations are locked before links, as everywhere: `g` asks for what `p` did. */
const COMMIT = `WITH p AS (UPDATE conversation v SET poked = v.ready_at < 'infinity', ready_at = CASE WHEN v.ready_at = 'infinity' AND v.blocked IS NULL THEN now() ELSE v.ready_at END
  FROM unnest($34::uuid[]) u(id) WHERE v.id = u.id AND (SELECT true FROM delayed_execution x WHERE x.conversation_id = u.id AND x.state = 'WAITING' LIMIT 1) RETURNING v.id),
g AS (
  UPDATE ticket_link t SET done_seq = u.done, ticket_id = coalesce(u.tid, t.ticket_id), blocked = u.blocked, in_doubt = coalesce(u.doubt, t.in_doubt), updated_at = now(),
    claim = CASE WHEN u.release THEN NULL ELSE t.claim END, crash_count = CASE WHEN u.release THEN 0 ELSE t.crash_count END,
    ready_at = CASE WHEN NOT u.release THEN t.ready_at WHEN u.blocked IS NOT NULL THEN 'infinity'
      WHEN u.delay IS NOT NULL THEN now() + u.delay * interval '1 millisecond' WHEN t.last_seq > u.done THEN now() ELSE 'infinity' END
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int8[], $5::int8[], $6::bool[], $7::int8[], $8::text[], $9::text[], $36::bool[]) u(conv, ep, ek, claim, done, release, delay, blocked, tid, doubt)
  WHERE t.conversation_id = u.conv AND t.endpoint = u.ep AND t.entity_type = u.ek AND t.claim = u.claim AND (SELECT count(*) FROM p) >= 0
  RETURNING t.claim IS NULL AND t.ready_at <= now() AS more),
d AS (UPDATE delivery x SET state = u.state, attempts = u.attempts, http_status = u.status, error = u.error, ticket_id = u.tid,
    next_at = CASE WHEN u.delay IS NOT NULL THEN now() + u.delay * interval '1 millisecond' END, finished_at = CASE WHEN u.final THEN now() END
  FROM unnest($10::uuid[], $11::uuid[], $12::text[], $13::int4[], $14::int2[], $15::text[], $16::text[], $17::int8[], $18::bool[]) u(org, id, state, attempts, status, error, tid, delay, final)
  WHERE x.organization_id = u.org AND x.id = u.id),
a AS (UPDATE attempt x SET outcome = u.outcome, http_status = u.status, error = u.error, duration_ms = u.ms, answer = u.answer, finished_at = now()
  FROM unnest($19::uuid[], $20::int4[], $21::text[], $22::int2[], $23::text[], $24::int4[], $25::bytea[]) u(id, number, outcome, status, error, ms, answer)
  WHERE x.delivery_id = u.id AND x.number = u.number),
n AS (INSERT INTO attempt (organization_id, delivery_id, number, claim) SELECT * FROM unnest($26::uuid[], $27::uuid[], $28::int4[], $29::int8[])
  ON CONFLICT (delivery_id, number) DO UPDATE SET outcome = NULL, claim = excluded.claim, started_at = now(), finished_at = NULL WHERE attempt.outcome = 'NOT_SENT'),
k AS (INSERT INTO conversation_key (organization_id, endpoint, entity_type, ticket_id, conversation_id)
  SELECT * FROM unnest($30::uuid[], $31::text[], $32::text[], $33::text[], $34::uuid[]) ON CONFLICT DO NOTHING RETURNING conversation_id, endpoint, entity_type)
SELECT guard.more, k.conversation_id::text, k.endpoint, k.entity_type, EXISTS (SELECT FROM p)
FROM (SELECT coalesce(bool_or(g.more), false) AS more, 1 / CASE WHEN count(*) = $35::int4 THEN 1 ELSE 0 END AS ok FROM g) guard LEFT JOIN k ON guard.ok = 1`;

type Row = [boolean, string | null, string, string, boolean];

/**
 * Commits results of deliveries. Where an answer is a response message, its place in the route lane is taken in the same transaction,
 * conversations before links as everywhere. `claim` is for the route lanes that the responses wake.
 */
export async function commitDeliveries(database: Database, results: readonly DeliveryResult[], claim: Claim): Promise<DeliveriesCommitted> {
  const responses = results.flatMap((result) => (result.response === null ? [] : [result.response]));
  const troubled = results.some((result) => result.delivery !== null && (result.delivery.state !== 'SENT' || result.delivery.attempts > 1));
  if (responses.length === 0 && !troubled) return { ...(await write(database.worker, results)), responses: [] };
  return database.asWorker(async (client) => {
    const placed = responses.length === 0 ? [] : await acceptMessages(client, responses, claim);
    const committed = await write(client, results);
    await writeRequests(client, results);
    await writeTroubled(client, results);
    await holdBehind(client, results.flatMap(({ conversation, endpoint, entityKey, blocked }) => (blocked === null ? [] : [{ conversation, endpoint, entityKey, blocked }])));
    for (const [organization, dead] of Map.groupBy(results.filter(({ delivery }) => delivery?.state === 'DEAD'), (result) => result.organization)) {
      await recountRelays(async <T>(sql: string, values: unknown[]) => (await client.query(sql, values)).rows as T[], organization, dead.map(({ delivery }) => delivery!.id));
    }
    return { ...committed, responses: placed };
  });
}

const REQUESTS = `UPDATE attempt x SET request = u.request FROM unnest($1::uuid[], $2::int4[], $3::text[]) u(id, number, request) WHERE x.delivery_id = u.id AND x.number = u.number`;

/** Apart from the statement that all results take: what succeeds pays nothing for it. */
async function writeRequests(client: pg.PoolClient, results: readonly DeliveryResult[]): Promise<void> {
  const kept = results.flatMap(({ attempt }) => (attempt?.request == null ? [] : [attempt]));
  if (kept.length > 0) await run(client, 'attempt-requests', REQUESTS, [uuids(kept.map((a) => a.deliveryId)), int4s(kept.map((a) => a.number)), texts(kept.map((a) => a.request ?? null))]);
}

const laneKey = ({ conversation, endpoint, entityKey }: DeliveryResult): string => `${conversation}|${endpoint}|${entityKey}`;

async function write(on: pg.Pool | pg.PoolClient, unsorted: readonly DeliveryResult[]): Promise<Omit<DeliveriesCommitted, 'responses'>> {
  const results = [...unsorted].sort((a, b) => (laneKey(a) < laneKey(b) ? -1 : 1));
  const done = results.filter((r) => r.delivery !== null) as (DeliveryResult & { delivery: NonNullable<DeliveryResult['delivery']> })[];
  const attempts = results.flatMap((r) => (r.attempt === null ? [] : [r.attempt]));
  const next = results.filter((r) => r.next !== null) as (DeliveryResult & { next: NonNullable<DeliveryResult['next']> })[];
  const keys = results.filter((r) => r.ticketId !== null) as (DeliveryResult & { ticketId: string })[];
  const rows = await run<Row>(on, 'commit-delivery', COMMIT, [
    uuids(results.map((r) => r.conversation)), texts(results.map((r) => r.endpoint)), texts(results.map((r) => r.entityKey)), int8s(results.map((r) => r.claim)),
    int8s(results.map((r) => r.doneSeq)), bools(results.map((r) => r.release)), int8s(results.map((r) => r.delayMs)), texts(results.map((r) => r.blocked)), texts(results.map((r) => r.ticketId)),
    uuids(done.map((r) => r.organization)), uuids(done.map((r) => r.delivery.id)), texts(done.map((r) => r.delivery.state)), int4s(done.map((r) => r.delivery.attempts)),
    int2s(done.map((r) => r.delivery.httpStatus)), texts(done.map((r) => r.delivery.error)), texts(done.map((r) => r.ticketId)), int8s(done.map((r) => r.delayMs)), bools(done.map((r) => r.delivery.final)),
    uuids(attempts.map((a) => a.deliveryId)), int4s(attempts.map((a) => a.number)), texts(attempts.map((a) => a.outcome)), int2s(attempts.map((a) => a.httpStatus)),
    texts(attempts.map((a) => a.error)), int4s(attempts.map((a) => a.durationMs)), bytes(attempts.map((a) => a.answer)),
    uuids(next.map((r) => r.organization)), uuids(next.map((r) => r.next.deliveryId)), int4s(next.map((r) => r.next.number)), int8s(next.map((r) => r.claim)),
    uuids(keys.map((r) => r.organization)), texts(keys.map((r) => r.endpoint)), texts(keys.map((r) => r.entityKey)), texts(keys.map((r) => r.ticketId)), uuids(keys.map((r) => r.conversation)),
    results.length, bools(results.map(({ attempt }) => (attempt === null || attempt.outcome === 'NOT_SENT' ? null : attempt.outcome === 'unknown'))),
  ]);
  const made = new Set(rows.flatMap(([, conversation, endpoint, entityKey]) => (conversation === null ? [] : [`${conversation}|${endpoint}|${entityKey}`])));
  return {
    more: rows[0]?.[0] ?? false,
    poked: rows[0]?.[4] ?? false,
    conflicts: keys.filter((r) => !made.has(`${r.conversation}|${r.endpoint}|${r.entityKey}`)).map(({ conversation, endpoint, entityKey, ticketId }) => ({ conversation, endpoint, entityKey, ticketId })),
  };
}
