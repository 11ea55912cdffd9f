import type pg from 'pg';
import type { KeptAttachment, WaitingExecution } from '../../core/conversation/conversation.js';
import type { EntityRef } from '../../core/message/message.js';
import type { Value } from '../../core/message/value.js';
import { organizationId } from '../organization.js';
import { uuids } from './binary-array.js';
import { fold } from '../../core/message/fold.js';
import type { Claim, RouteItem, RouteLane } from './lane.js';
import { run } from './statement.js';

/**
 * Lanes taken per claim, and messages read of each. Literals: a parameter here is estimated as a tenth of the table.
 * `= ANY (ARRAY(…))`: a join would be planned over the whole table while that is small, and kept when it is not; so would one without `OFFSET 0`.
 * The row that is locked may be newer than what the statement sees of messages; the last place is read as old as those.
 *
 * `o`: organizations with ready lanes, found by leaping from one to the next; from the first, and from somewhere, so that none is always left out.
 * `q`: the oldest of each, more than one claim takes, since others may take the same. `c`: the first of each, then the second of each, and so on.
 */
const CLAIM = `WITH RECURSIVE o AS (
  SELECT s.org, 1 AS place FROM (SELECT (SELECT x.organization_id FROM conversation x WHERE x.organization_id > f.org AND x.ready_at < 'infinity' ORDER BY x.organization_id LIMIT 1) AS org
    FROM (VALUES ('00000000-0000-0000-0000-000000000000'::uuid), ((SELECT gen_random_uuid()))) f(org)) s WHERE s.org IS NOT NULL
  UNION ALL
  SELECT n.org, o.place + 1 FROM o CROSS JOIN LATERAL (
    SELECT x.organization_id AS org FROM conversation x WHERE x.organization_id > o.org AND x.ready_at < 'infinity' ORDER BY x.organization_id LIMIT 1) n WHERE o.place < 64),
q AS MATERIALIZED (
  SELECT l.id, l.ready_at, row_number() OVER (PARTITION BY a.org ORDER BY l.ready_at) AS turn FROM (SELECT DISTINCT org FROM o) a CROSS JOIN LATERAL (
    SELECT t.id, t.ready_at FROM conversation t WHERE t.organization_id = a.org AND t.ready_at <= now() AND t.ready_at < 'infinity' AND t.claim IS NULL AND t.blocked IS NULL
    ORDER BY t.ready_at LIMIT 128) l),
c AS MATERIALIZED (
  SELECT l.id FROM (SELECT q.id FROM q ORDER BY q.turn, q.ready_at LIMIT 256) s CROSS JOIN LATERAL (
    SELECT t.id FROM conversation t WHERE t.id = s.id AND t.ready_at <= now() AND t.ready_at < 'infinity' AND t.claim IS NULL AND t.blocked IS NULL FOR UPDATE SKIP LOCKED) l LIMIT 64),
u AS MATERIALIZED (
  UPDATE conversation v SET claim = $1::int8, poked = false, crash_count = v.crash_count + 1 WHERE v.id = ANY (ARRAY(SELECT id FROM c))
  RETURNING v.organization_id, v.id, v.done_seq, v.crash_count)
SELECT u.organization_id::text, u.id::text, u.crash_count, (SELECT x.last_seq FROM conversation x WHERE x.id = u.id), m.id::text, m.seq, m.kind, m.endpoint, m.entity_type, m.message_type, m.ticket_id, m.depth, coalesce(m.body, r.body)
FROM u LEFT JOIN LATERAL (
  SELECT * FROM message x WHERE x.conversation_id = u.id AND x.seq > u.done_seq ORDER BY x.seq LIMIT 20) m ON true
LEFT JOIN LATERAL (SELECT x.body FROM raw_request x WHERE m.body IS NULL AND x.id = m.raw_id OFFSET 0) r ON true
ORDER BY u.id, m.seq`;

type Row = [string, string, number, string, string | null, string, number, string, string, string, string | null, number, Buffer | null];

/** Takes up to 64 ready conversations with up to 20 waiting messages each, of all organizations in turn. */
export async function claimRouteLanes(on: pg.Pool | pg.PoolClient, claim: Claim): Promise<RouteLane[]> {
  const rows = await run<Row>(on, 'claim-route', CLAIM, [claim.toString()]);
  const lanes = new Map<string, RouteLane & { items: RouteItem[] }>();
  for (const [organization, conversation, crashCount, lastSeq, id, seq, kind, endpoint, entityType, messageType, ticketId, depth, body] of rows) {
    let lane = lanes.get(conversation);
    if (lane === undefined) {
      lane = { organization: organizationId(organization), conversation, claim, fresh: false, crashCount, lastSeq: Number(lastSeq), items: [] };
      lanes.set(conversation, lane);
    }
    if (id !== null) lane.items.push({ id, seq: Number(seq), kind, endpoint, entityType, entityKey: fold(entityType), messageType, ticketId, depth, body: body ?? new Uint8Array(0), read: undefined });
  }
  return [...lanes.values()];
}

const RELEASE = `UPDATE conversation v SET claim = NULL, ready_at = now() WHERE v.id = $1::uuid AND v.claim = $2::int8`;

/** Gives a lane back unworked; nothing happens where it is not ours any more. */
export async function releaseRouteLane(on: pg.Pool | pg.PoolClient, lane: RouteLane): Promise<void> {
  await run(on, 'release-route', RELEASE, [lane.conversation, lane.claim.toString()]);
}

/** What routing must know of a conversation, as stored. Entity types of links are folded. */
export interface ConversationState {
  readonly conversation: string;
  readonly attributes: Record<string, Value>;
  readonly counters: Record<string, number>;
  readonly links: readonly LinkState[];
  readonly delayed: readonly (WaitingExecution & { readonly id: string })[];
  readonly kept: readonly KeptAttachment[];
}

export interface LinkState {
  readonly endpoint: string;
  readonly entityKey: string;
  readonly ticketId: string | null;
  readonly createDeliveryId: string | null;
  readonly lastSeq: number;
}

const STATE = `SELECT c.id::text, m.attributes, m.counters, l.links, d.delayed, k.kept
FROM unnest($1::uuid[]) c(id)
LEFT JOIN conversation_memory m ON m.conversation_id = c.id
LEFT JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_array(t.endpoint, t.entity_type, t.ticket_id, t.create_delivery_id, t.last_seq)) AS links
  FROM ticket_link t WHERE t.conversation_id = c.id) l ON true
LEFT JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_array(x.id, x.rule_name, x.endpoint, x.entity_type, coalesce(x.operation = 'CREATE', false), x.due_at) ORDER BY x.id) AS delayed
  FROM delayed_execution x WHERE x.conversation_id = c.id AND x.state = 'WAITING') d ON true
LEFT JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_array(a.id, a.name, a.content_type, a.size, a.relayed_to) ORDER BY a.id) AS kept
  FROM kept_attachment a WHERE a.conversation_id = c.id) k ON true`;

type StateRow = [
  string, Record<string, Value> | null, Record<string, number> | null,
  [string, string, string | null, string | null, number][] | null,
  [string, string, string, string, boolean, string | null][] | null,
  [string, string, string, number, EntityRef[]][] | null,
];

/** Reads memory, links, waiting executions and kept attachments of conversations whose route lanes this process holds. */
export async function readConversations(on: pg.Pool | pg.PoolClient, conversations: readonly string[]): Promise<Map<string, ConversationState>> {
  if (conversations.length === 0) return new Map();
  const rows = await run<StateRow>(on, 'read-conversations', STATE, [uuids(conversations)]);
  return new Map(rows.map(([conversation, attributes, counters, links, delayed, kept]) => [conversation, {
    conversation,
    attributes: attributes ?? {},
    counters: counters ?? {},
    links: (links ?? []).map(([endpoint, entityKey, ticketId, createDeliveryId, lastSeq]) => ({ endpoint, entityKey, ticketId, createDeliveryId, lastSeq })),
    delayed: (delayed ?? []).map(([id, rule, endpoint, entityType, creates, dueAt]) => ({ id, rule, endpoint, entityType, creates, dueAt })),
    kept: (kept ?? []).map(([id, name, contentType, size, relayedTo]) => ({ id, name, contentType, size, relayedTo })),
  }]));
}
