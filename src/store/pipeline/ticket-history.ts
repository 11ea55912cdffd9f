import type pg from 'pg';
import { fold } from '../../core/message/fold.js';
import type { Attributes } from '../../core/message/value.js';
import type { OrganizationId } from '../organization.js';
import { instants, int8s, texts, uuids } from './binary-array.js';
import { run } from './statement.js';

/** A ticket of a conversation whose last known values are asked for. Entity types are folded. */
export interface TicketKey {
  readonly conversation: string;
  readonly endpoint: string;
  readonly entityKey: string;
  readonly ticketId: string;
}

/** What is stored of a ticket's values, and its messages since then, oldest first. */
export interface TicketHistory extends TicketKey {
  readonly attributes: Attributes | null;
  readonly lastReceivedMs: number | null;
  readonly since: readonly PastValues[];
  /** Those that an inbound filter stopped: they have no place in the lane, their ids tell where they belong. Newer ones than the messages in hand are among them. */
  readonly filtered: readonly PastValues[];
}

/** What one message said about a ticket. */
export interface PastValues {
  readonly id: string;
  readonly receivedMs: number;
  readonly body: Buffer;
}

const VALUES = `SELECT x.id, x.seq, x.entity_type, (extract(epoch FROM x.received_at) * 1000)::float8 AS received, coalesce(x.body, r.body) AS body
  FROM message x LEFT JOIN raw_request r ON x.body IS NULL AND r.id = x.raw_id
  WHERE x.conversation_id = t.conv AND x.endpoint = t.ep AND x.ticket_id = t.tid AND x.kind <> 1`;

/** A snapshot that names no message was written before filtered messages were part of it. Routed messages that were merged in stand before the first place. */
const HISTORY = `SELECT t.conv::text, t.ep, t.ek, t.tid, s.attributes, (extract(epoch FROM s.received_at) * 1000)::float8, m.entity_type, m.id::text, m.received, m.body, m.seq IS NULL
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) t(conv, ep, ek, tid)
LEFT JOIN ticket_snapshot s ON s.conversation_id = t.conv AND s.endpoint = t.ep AND s.entity_type = t.ek AND s.ticket_id = t.tid
LEFT JOIN conversation c ON c.id = t.conv
LEFT JOIN LATERAL (
  (${VALUES} AND x.seq > coalesce(s.upto_seq, -9223372036854775808) AND x.seq <= c.done_seq ORDER BY x.seq LIMIT 1000)
  UNION ALL
  (${VALUES} AND x.seq IS NULL AND x.state = 'FILTERED' AND CASE WHEN s.upto_id IS NULL THEN x.received_at > coalesce(s.received_at, '-infinity') ELSE x.id > s.upto_id END ORDER BY x.id LIMIT 1000)) m ON true
ORDER BY t.conv, t.ep, t.ek, t.tid, m.seq, m.id`;

type HistoryRow = [string, string, string, string, Attributes | null, number | null, string | null, string | null, number | null, Buffer | null, boolean];

/** Reads what tickets were last known as, before the messages that their conversations' route lanes still hold. */
export async function readTicketHistories(on: pg.Pool | pg.PoolClient, tickets: readonly TicketKey[]): Promise<TicketHistory[]> {
  if (tickets.length === 0) return [];
  const rows = await run<HistoryRow>(on, 'ticket-histories', HISTORY, [
    uuids(tickets.map((t) => t.conversation)), texts(tickets.map((t) => t.endpoint)), texts(tickets.map((t) => t.entityKey)), texts(tickets.map((t) => t.ticketId)),
  ]);
  const found = new Map<string, TicketHistory & { since: PastValues[]; filtered: PastValues[] }>();
  for (const [conversation, endpoint, entityKey, ticketId, attributes, lastReceivedMs, entityType, id, receivedMs, body, isFiltered] of rows) {
    const key = ticketText({ conversation, endpoint, entityKey, ticketId });
    let history = found.get(key);
    if (history === undefined) found.set(key, (history = { conversation, endpoint, entityKey, ticketId, attributes, lastReceivedMs, since: [], filtered: [] }));
    // Another kind of record may have the same id.
    if (body === null || id === null || receivedMs === null || entityType === null || fold(entityType) !== entityKey) continue;
    (isFiltered ? history.filtered : history.since).push({ id, receivedMs, body });
  }
  return [...found.values()];
}

export const ticketText = (ticket: TicketKey): string => `${ticket.conversation} ${ticket.endpoint} ${ticket.entityKey} ${ticket.ticketId}`;

/** A ticket's values after the messages that were routed. */
export interface SnapshotWrite extends TicketKey {
  readonly organization: OrganizationId;
  readonly uptoSeq: number;
  /** The newest of its messages that is part of it. */
  readonly uptoId: string | null;
  readonly receivedMs: number;
  readonly attributes: Attributes;
}

const WRITE = `INSERT INTO ticket_snapshot AS s (organization_id, conversation_id, endpoint, entity_type, ticket_id, upto_seq, received_at, attributes, upto_id)
SELECT u.org, u.conv, u.ep, u.ek, u.tid, u.upto, u.received, u.attributes::jsonb, u.upto_id
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::int8[], $7::timestamptz[], $8::text[], $9::uuid[]) u(org, conv, ep, ek, tid, upto, received, attributes, upto_id) ORDER BY u.conv
ON CONFLICT (conversation_id, endpoint, entity_type, ticket_id) DO UPDATE SET upto_seq = excluded.upto_seq, received_at = excluded.received_at, attributes = excluded.attributes, upto_id = excluded.upto_id WHERE s.upto_seq < excluded.upto_seq`;

/** Writes last known values; the caller holds the conversations' route lanes. */
export async function writeSnapshots(client: pg.PoolClient, writes: readonly SnapshotWrite[]): Promise<void> {
  if (writes.length === 0) return;
  await run(client, 'write-snapshots', WRITE, [
    uuids(writes.map((w) => w.organization)), uuids(writes.map((w) => w.conversation)), texts(writes.map((w) => w.endpoint)), texts(writes.map((w) => w.entityKey)), texts(writes.map((w) => w.ticketId)),
    int8s(writes.map((w) => w.uptoSeq)), instants(writes.map((w) => w.receivedMs)), texts(writes.map((w) => JSON.stringify(w.attributes))), uuids(writes.map((w) => w.uptoId)),
  ]);
}

/** A delivery that reached a ticket lately: what may come back as an echo. */
export interface RecentDelivery {
  readonly conversation: string;
  readonly endpoint: string;
  readonly entityKey: string;
  readonly id: string;
  readonly operation: 'CREATE' | 'UPDATE';
  readonly beganMs: number;
  readonly body: Buffer;
}

const RECENT = `SELECT t.conv::text, t.ep, t.ek, d.id::text, d.operation, (extract(epoch FROM d.began) * 1000)::float8, b.body
FROM unnest($1::uuid[], $2::text[], $3::text[]) t(conv, ep, ek)
JOIN LATERAL (
  SELECT x.id, x.operation, x.seq, a.started_at AS began FROM delivery x JOIN attempt a ON a.delivery_id = x.id AND a.number = x.attempts
  WHERE x.conversation_id = t.conv AND x.endpoint = t.ep AND x.entity_key = t.ek AND x.state = 'SENT' AND a.started_at > now() - interval '11 minutes' ORDER BY x.seq DESC LIMIT 20) d ON true
JOIN delivery_body b ON b.id = d.id`;

/** The newest deliveries to tickets of conversations, sent within the time in which an echo is looked for (the core decides exactly). */
export async function readRecentDeliveries(on: pg.Pool | pg.PoolClient, targets: readonly Omit<TicketKey, 'ticketId'>[]): Promise<RecentDelivery[]> {
  if (targets.length === 0) return [];
  const rows = await run<[string, string, string, string, 'CREATE' | 'UPDATE', number, Buffer]>(on, 'recent-deliveries', RECENT, [uuids(targets.map((t) => t.conversation)), texts(targets.map((t) => t.endpoint)), texts(targets.map((t) => t.entityKey))]);
  return rows.map(([conversation, endpoint, entityKey, id, operation, beganMs, body]) => ({ conversation, endpoint, entityKey, id, operation, beganMs, body }));
}

const COUNT = `SELECT v.id::text, (extract(epoch FROM v.loops_after) * 1000)::float8, (SELECT count(*)::int4 FROM delivery d
  WHERE d.conversation_id = v.id AND d.created_at > greatest(now() - interval '60 seconds', coalesce(v.loops_after, '-infinity'))) FROM unnest($1::uuid[]) c(id) JOIN conversation v ON v.id = c.id`;

/** What the loop guard asks of a conversation. */
export interface LoopHistory {
  /** When an operator last released it, in milliseconds; null: never. */
  readonly releasedMs: number | null;
  /** Deliveries within the last minute, since then. */
  readonly recentDeliveries: number;
}

export async function readLoopHistories(on: pg.Pool | pg.PoolClient, conversations: readonly string[]): Promise<Map<string, LoopHistory>> {
  if (conversations.length === 0) return new Map();
  const rows = await run<[string, number | null, number]>(on, 'loop-histories', COUNT, [uuids(conversations)]);
  return new Map(rows.map(([conversation, releasedMs, recentDeliveries]) => [conversation, { releasedMs, recentDeliveries }]));
}
