import type pg from 'pg';
import type { Database } from '../database.js';
import type { OrganizationId } from '../organization.js';
import { bools, bytes, int2s, int4s, int8s, texts, uuids } from './binary-array.js';
import { noteFailed } from './failed-message.js';
import type { Claim } from './lane.js';
import { run } from './statement.js';
import { endDelayed, writeDelayed, type DelayedEnd, type DelayedRow } from './delayed.js';
import { writeSnapshots, type SnapshotWrite } from './ticket-history.js';
import { holdBehind, type StoppedLane } from './troubled.js';
import { writeKept, writeMemory, type KeptWrite, type MemoryWrite } from './memory.js';

/** Everything that routing the messages of one claimed conversation decided. */
export interface RouteResult {
  readonly organization: OrganizationId;
  readonly conversation: string;
  readonly claim: Claim;
  /** The place of the last message that was routed; null: nothing is left to route, whatever the places say. */
  readonly doneSeq: number | null;
  readonly messages: readonly { readonly id: string; readonly state: string; readonly reason: string | null; readonly trace: string | null; /** Of an echo: the delivery that came back. */ readonly receipt: string | null }[];
  readonly links: readonly LinkWrite[];
  readonly deliveries: readonly NewDelivery[];
  readonly memory: MemoryWrite | null;
  readonly kept: KeptWrite | null;
  readonly delayed: readonly DelayedRow[];
  readonly ended: readonly DelayedEnd[];
  readonly snapshots: readonly SnapshotWrite[];
  /** Why the conversation stands still from now on; null: it does not. */
  readonly blocked: string | null;
}

export interface LinkWrite {
  readonly endpoint: string;
  readonly entityKey: string;
  readonly createDeliveryId: string | null;
  /** What it was read as: the commit is refused if an operator changed the lane meanwhile. */
  readonly previousSeq: number;
  readonly lastSeq: number;
  /** Whether this process would go on with the lane at once, if it is idle. */
  readonly take: boolean;
  readonly firstDelivery: string;
}

export interface NewDelivery {
  readonly id: string;
  readonly messageId: string;
  /** Endpoint that its message came from: for whoever sends it, not stored. */
  readonly source: string | null;
  readonly endpoint: string;
  readonly entityType: string;
  readonly entityKey: string;
  readonly seq: number;
  readonly operation: 'CREATE' | 'UPDATE';
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly depth: number;
  readonly body: Uint8Array;
}

export interface RouteCommitted {
  /** Whether some of the conversations have more to route. */
  readonly more: boolean;
  /** Delivery lanes that this commit claimed, as `conversation|endpoint|entityKey`, with the ticket id that they have now: a create may have ended since the conversation was read. */
  readonly taken: ReadonlyMap<string, string | null>;
  /** Whether some lane got work and was not taken. */
  readonly left: boolean;
  /** Lanes that stood still already: what they got is to be shown as held. */
  readonly stopped: readonly StoppedLane[];
}

export const laneKey = (conversation: string, endpoint: string, entityKey: string): string => `${conversation}|${endpoint}|${entityKey}`;

const IDLE = `t.ready_at = 'infinity' AND t.blocked IS NULL`;

/**
 * `excluded.done_seq` carries the place that the link was read with: 0 for a new one, and the condition on the others.
 * The guard divides by zero, and so rolls the whole batch back, when a conversation is not ours any more, when a link has changed,
 * or when a ticket to be created has become known meanwhile.
 */
const COMMIT = `WITH g AS (
  UPDATE conversation v SET done_seq = coalesce(u.done, v.last_seq), claim = NULL, crash_count = 0, updated_at = now(), blocked = u.blocked,
    poked = false, ready_at = CASE WHEN u.blocked IS NOT NULL THEN 'infinity' WHEN v.last_seq > coalesce(u.done, v.last_seq) OR v.poked THEN now() ELSE 'infinity' END
  FROM unnest($1::uuid[], $2::int8[], $3::int8[], $34::text[]) u(id, done, claim, blocked) WHERE v.id = u.id AND v.claim = u.claim RETURNING v.ready_at < 'infinity' AS more),
m AS (UPDATE message x SET state = u.state, reason = u.reason, trace_text = u.trace, delivery_id = coalesce(u.receipt, x.delivery_id), finished_at = now()
  FROM unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $35::uuid[]) u(org, id, state, reason, trace, receipt) WHERE x.organization_id = u.org AND x.id = u.id),
ln AS (INSERT INTO ticket_link AS t (organization_id, conversation_id, endpoint, entity_type, create_delivery_id, done_seq, last_seq, ready_at, claim, crash_count)
  SELECT u.org, u.conv, u.ep, u.ek, u.made, u.prev, u.last, now(), CASE WHEN u.take THEN $16::int8 END, CASE WHEN u.take THEN 1 ELSE 0 END
  FROM unnest($9::uuid[], $10::uuid[], $11::text[], $12::text[], $13::uuid[], $14::int8[], $15::int8[], $17::bool[]) u(org, conv, ep, ek, made, prev, last, take)
  ORDER BY u.conv, u.ep COLLATE "C", u.ek COLLATE "C"
  ON CONFLICT (conversation_id, endpoint, entity_type) DO UPDATE SET
    create_delivery_id = coalesce(excluded.create_delivery_id, t.create_delivery_id), last_seq = excluded.last_seq, updated_at = now(),
    ready_at = CASE WHEN ${IDLE} THEN now() ELSE t.ready_at END,
    claim = CASE WHEN ${IDLE} THEN excluded.claim ELSE t.claim END,
    crash_count = CASE WHEN ${IDLE} THEN excluded.crash_count ELSE t.crash_count END
  WHERE t.last_seq = excluded.done_seq AND (excluded.create_delivery_id IS NULL OR t.ticket_id IS NULL)
  RETURNING conversation_id, endpoint, entity_type, coalesce(claim = $16::int8, false) AS mine, blocked, ticket_id),
a AS (INSERT INTO attempt (organization_id, delivery_id, number, claim)
  SELECT u.org, u.first, 1, $16::int8 FROM unnest($9::uuid[], $10::uuid[], $11::text[], $12::text[], $18::uuid[]) u(org, conv, ep, ek, first)
  JOIN ln ON ln.conversation_id = u.conv AND ln.endpoint = u.ep AND ln.entity_type = u.ek AND ln.mine),
d AS (INSERT INTO delivery (organization_id, id, conversation_id, message_id, endpoint, entity_type, entity_key, seq, operation, rule_id, rule_version, depth)
  SELECT * FROM unnest($19::uuid[], $20::uuid[], $21::uuid[], $22::uuid[], $23::text[], $24::text[], $25::text[], $26::int8[], $27::text[], $28::text[], $29::int4[], $30::int2[])),
b AS (INSERT INTO delivery_body (organization_id, id, body) SELECT * FROM unnest($19::uuid[], $20::uuid[], $31::bytea[]))
SELECT guard.more, ln.conversation_id::text, ln.endpoint, ln.entity_type, ln.mine, ln.blocked, ln.ticket_id
FROM (SELECT bool_or(g.more) AS more, 1 / CASE WHEN count(*) = $32::int4 AND (SELECT count(*) FROM ln) = $33::int4 THEN 1 ELSE 0 END AS ok FROM g) guard
LEFT JOIN ln ON guard.ok = 1`;

type Row = [boolean, string | null, string, string, boolean | null, string | null, string | null];

/** Commits routed conversations in one statement (in one transaction where memory or delays change), and takes idle delivery lanes under `claim`. */
export async function commitRoutes(database: Database, results: readonly RouteResult[], claim: Claim): Promise<RouteCommitted> {
  const failed = results.flatMap(({ organization, messages }) => messages.filter(({ state }) => state === 'FAILED').map(({ id }) => ({ organization, id })));
  const needsMore = failed.length > 0 || results.some((result) => result.memory !== null || result.kept !== null || result.delayed.length > 0 || result.ended.length > 0 || result.snapshots.length > 0);
  if (!needsMore) {
    const committed = await write(database.worker, results, claim);
    // They are safe where they are; that they are held is only shown.
    if (committed.stopped.length > 0) await database.asWorker((client) => holdBehind(client, committed.stopped));
    return committed;
  }
  return database.asWorker(async (client) => {
    const committed = await write(client, results, claim);
    const placed = <T>(result: RouteResult, write: T): T & Pick<RouteResult, 'organization' | 'conversation'> =>
      ({ ...write, organization: result.organization, conversation: result.conversation });
    await writeMemory(client, results.flatMap((result) => (result.memory === null ? [] : [placed(result, result.memory)])));
    await writeKept(client, results.flatMap((result) => (result.kept === null ? [] : [placed(result, result.kept)])));
    await writeDelayed(client, results.flatMap((result) => result.delayed.map((row) => placed(result, row))));
    await endDelayed(client, results.flatMap((result) => result.ended.map((end) => placed(result, end))));
    await writeSnapshots(client, results.flatMap((result) => result.snapshots));
    await holdBehind(client, committed.stopped);
    await noteFailed(client, failed);
    return committed;
  });
}

async function write(on: pg.Pool | pg.PoolClient, unsorted: readonly RouteResult[], claim: Claim): Promise<RouteCommitted> {
  // Rows are locked in the order of their ids, whoever locks them.
  const results = [...unsorted].sort((a, b) => (a.conversation < b.conversation ? -1 : 1));
  const messages = results.flatMap((r) => r.messages.map((m) => ({ ...m, organization: r.organization })));
  const links = results.flatMap((r) => r.links.map((l) => ({ ...l, organization: r.organization, conversation: r.conversation })));
  const deliveries = results.flatMap((r) => r.deliveries.map((d) => ({ ...d, organization: r.organization, conversation: r.conversation })));
  const rows = await run<Row>(on, 'commit-route', COMMIT, [
    uuids(results.map((r) => r.conversation)), int8s(results.map((r) => r.doneSeq)), int8s(results.map((r) => r.claim)),
    uuids(messages.map((m) => m.organization)), uuids(messages.map((m) => m.id)), texts(messages.map((m) => m.state)), texts(messages.map((m) => m.reason)), texts(messages.map((m) => m.trace)),
    uuids(links.map((l) => l.organization)), uuids(links.map((l) => l.conversation)), texts(links.map((l) => l.endpoint)), texts(links.map((l) => l.entityKey)),
    uuids(links.map((l) => l.createDeliveryId)), int8s(links.map((l) => l.previousSeq)), int8s(links.map((l) => l.lastSeq)), claim.toString(),
    bools(links.map((l) => l.take)), uuids(links.map((l) => l.firstDelivery)),
    uuids(deliveries.map((d) => d.organization)), uuids(deliveries.map((d) => d.id)), uuids(deliveries.map((d) => d.conversation)), uuids(deliveries.map((d) => d.messageId)),
    texts(deliveries.map((d) => d.endpoint)), texts(deliveries.map((d) => d.entityType)), texts(deliveries.map((d) => d.entityKey)), int8s(deliveries.map((d) => d.seq)),
    texts(deliveries.map((d) => d.operation)), texts(deliveries.map((d) => d.ruleId)), int4s(deliveries.map((d) => d.ruleVersion)), int2s(deliveries.map((d) => d.depth)),
    bytes(deliveries.map((d) => d.body)), results.length, links.length, texts(results.map((r) => r.blocked)), uuids(messages.map((m) => m.receipt)),
  ]);
  const taken = new Map<string, string | null>();
  const stopped: StoppedLane[] = [];
  let left = false;
  for (const [, conversation, endpoint, entityKey, mine, blocked, ticketId] of rows) {
    if (conversation === null) continue;
    if (blocked !== null) stopped.push({ conversation, endpoint, entityKey, blocked });
    if (mine === true) taken.set(laneKey(conversation, endpoint, entityKey), ticketId);
    else left = true;
  }
  return { more: rows[0]?.[0] ?? false, taken, left, stopped };
}
