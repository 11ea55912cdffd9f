import type pg from 'pg';
import type { OrganizationId } from '../organization.js';
import { bools, bytes, int2s, int4s, texts, uuids } from './binary-array.js';
import type { Claim, RouteItem, RouteLane } from './lane.js';
import type { RequestKey } from './repeat.js';
import { run } from './statement.js';
import { newId } from './uuid.js';

/** A message that takes its place in a conversation's route lane. */
export interface AcceptedMessage {
  readonly id: string;
  readonly organization: OrganizationId;
  readonly endpoint: string;
  readonly entityType: string;
  /** Folded entity type. */
  readonly entityKey: string;
  readonly messageType: string;
  readonly ticketId: string | null;
  /** Id of the conversation that it would begin. */
  readonly proposed: string;
  /** The conversation it belongs to, where that is known (response messages); null: by its keys. */
  readonly known: string | null;
  readonly kind: number;
  readonly deliveryId: string | null;
  readonly depth: number;
  readonly rawId: string | null;
  readonly body: Uint8Array | null;
  readonly references: readonly { readonly endpoint: string; readonly entityKey: string; readonly ticketId: string }[];
}

/** The bytes of a canonical request, stored with the message that they are. */
export interface AcceptedRaw {
  readonly contentType: string;
  readonly body: Uint8Array;
  /** Null where the request has no key. */
  readonly key: RequestKey | null;
}

export interface Placed {
  readonly id: string;
  readonly conversation: string;
  readonly seq: number;
  /** Whether this statement claimed the lane. */
  readonly mine: boolean;
  readonly fresh: boolean;
  /** Whether its references name another conversation than its ticket has: stored with both, and counted by whoever accepts. */
  readonly isContradicted: boolean;
}

const OWN_KEY = `SELECT k.conversation_id FROM conversation_key k
  WHERE k.organization_id = u.org AND k.endpoint = u.ep AND k.entity_type = u.ek AND k.ticket_id = u.tid`;

/** A reference to a ticket that some conversation has; asked only for messages that carry references. */
const byReference = (first: number): string => `SELECT k.conversation_id
  FROM unnest($${first}::int4[], $${first + 1}::text[], $${first + 2}::text[], $${first + 3}::text[], $${first + 4}::int2[]) WITH ORDINALITY r(msg, ep, ek, tid, whose, place)
  JOIN conversation_key k ON k.organization_id = i.org AND k.endpoint = r.ep AND k.entity_type = r.ek AND k.ticket_id = r.tid
  WHERE r.msg = i.ord AND r.whose <> 2 ORDER BY r.place LIMIT 1`;

/** Conversations that references name though their message is in another one: its own ticket won. One open entry per pair, however many messages repeat it. */
const contradictions = (first: number): string => `,
x AS MATERIALIZED (SELECT s.org, s.cid, s.id, k.conversation_id AS other, r.ep, r.ek, r.tid, r.event
  FROM unnest($${first}::int4[], $${first + 1}::text[], $${first + 2}::text[], $${first + 3}::text[], $${first + 4}::int2[], $${first + 5}::uuid[]) r(msg, ep, ek, tid, whose, event)
  JOIN s ON s.ord = r.msg AND s.kind <> 1 JOIN conversation_key k ON k.organization_id = s.org AND k.endpoint = r.ep AND k.entity_type = r.ek AND k.ticket_id = r.tid
  WHERE r.whose >= 2 AND k.conversation_id <> s.cid),
e AS (INSERT INTO conversation_event AS e (organization_id, id, conversation_id, kind, other_id, message_id, details, count, attention)
  SELECT org, min(event::text)::uuid, cid, 'REFERENCE_CONFLICT', other, max(id::text)::uuid, (array_agg(jsonb_build_object('endpoint', ep, 'entityType', ek, 'ticketId', tid) ORDER BY id))[1], count(DISTINCT id), true
  FROM x GROUP BY org, cid, other ORDER BY cid, other
  ON CONFLICT (organization_id, conversation_id, kind, other_id, subject) WHERE attention DO UPDATE SET count = e.count + excluded.count, last_at = now(), message_id = excluded.message_id)`;

const raw = (first: number): string => `,
raw AS (INSERT INTO raw_request (organization_id, id, endpoint, entity_type, content_type, body)
  SELECT u.org, u.id, u.ep, u.et, u.ct, u.body FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $${first}::text[], $${first + 1}::bytea[]) u(id, org, ep, et, ct, body)),
rep AS (INSERT INTO inbound_key (organization_id, endpoint, key, message_id, body_hash)
  SELECT u.org, u.ep, u.key, u.id, u.hash FROM unnest($1::uuid[], $2::uuid[], $3::text[], $${first + 2}::text[], $${first + 3}::bytea[]) u(id, org, ep, key, hash) WHERE u.key IS NOT NULL)`;

/** Creates to the message's own place that are under way or of unknown outcome: one of them may have made this very ticket. */
const CREATING = `SELECT array_agg(t.create_delivery_id) FROM ticket_link t WHERE t.organization_id = j.org AND t.endpoint = j.ep AND t.entity_type = j.ek
  AND t.ticket_id IS NULL AND t.create_delivery_id IS NOT NULL AND (t.claim IS NOT NULL OR t.in_doubt)`;

/** Idle lanes are claimed as they get work; a lane that waits, is held or is blocked only gets the place. */
const IDLE = `c.ready_at = 'infinity' AND c.blocked IS NULL`;

/** A process that only receives claims nothing. */
const BEGUN = `CASE WHEN $14::int8 IS NULL THEN 0 ELSE 1 END`;

/** How long a message whose ticket nobody knows waits for the answers that may name it. */
const AWAIT_CREATE_SECONDS = 10;

const PLAIN_PARAMETERS = 17;
const REFERENCE_PARAMETERS = 6;

function statement(withReferences: boolean, withRaw: boolean): string {
  const rawFirst = PLAIN_PARAMETERS + 1 + (withReferences ? REFERENCE_PARAMETERS : 0);
  return `WITH i AS MATERIALIZED (
  SELECT u.*, coalesce(u.known, (${OWN_KEY})) AS own
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::uuid[], $10::int2[], $11::uuid[], $12::int2[], $13::bool[], $15::uuid[], $16::bytea[])
    WITH ORDINALITY u(id, org, ep, et, ek, mt, tid, prop, known, kind, delivery, depth, first, raw_id, body, ord)),
j AS MATERIALIZED (SELECT i.*, ${withReferences ? `coalesce(own, (${byReference(PLAIN_PARAMETERS + 1)}))` : 'own'} AS found FROM i),
f AS MATERIALIZED (SELECT j.*, coalesce(found, prop) AS cid, CASE WHEN found IS NULL AND kind <> 1 THEN (${CREATING}) END AS awaits FROM j),
p AS MATERIALIZED (SELECT f.*, row_number() OVER (PARTITION BY cid ORDER BY ord) AS place, count(*) OVER (PARTITION BY cid) AS places FROM f),
lane AS (INSERT INTO conversation AS c (organization_id, id, last_seq, ready_at, claim, crash_count, blocked)
  SELECT org, cid, max(place), CASE WHEN count(awaits) > 0 THEN 'infinity' ELSE now() END, CASE WHEN count(awaits) = 0 THEN $14::int8 END,
    CASE WHEN count(awaits) = 0 THEN ${BEGUN} ELSE 0 END, CASE WHEN count(awaits) > 0 THEN 'AWAITING_CREATE' END
  FROM p GROUP BY org, cid ORDER BY cid
  ON CONFLICT (id) DO UPDATE SET last_seq = c.last_seq + excluded.last_seq, updated_at = now(),
    ready_at = CASE WHEN ${IDLE} THEN now() ELSE c.ready_at END,
    claim = CASE WHEN ${IDLE} THEN excluded.claim ELSE c.claim END,
    crash_count = CASE WHEN ${IDLE} THEN ${BEGUN} ELSE c.crash_count END
  RETURNING id, last_seq, claim, xmax = 0 AS fresh),
s AS MATERIALIZED (SELECT p.*, lane.last_seq - p.places + p.place AS seq, coalesce(lane.claim = $14::int8, false) AS mine, lane.fresh FROM p JOIN lane ON lane.id = p.cid)${withReferences ? contradictions(PLAIN_PARAMETERS + 1) : ''},
m AS (INSERT INTO message (organization_id, id, raw_id, endpoint, entity_type, message_type, ticket_id, kind, conversation_id, seq, delivery_id, depth, body, conflicts)
  SELECT org, id, raw_id, ep, et, mt, tid, kind, cid, seq, delivery, depth, body, ${withReferences ? '(SELECT jsonb_agg(DISTINCT x.other) FROM x WHERE x.id = s.id)' : 'NULL'} FROM s),
k AS (INSERT INTO conversation_key (organization_id, endpoint, entity_type, ticket_id, conversation_id)
  SELECT org, ep, ek, tid, cid FROM p WHERE own IS NULL AND first),
w AS (INSERT INTO provisional_conversation (organization_id, conversation_id, endpoint, entity_type, ticket_id, awaits, deadline)
  SELECT org, cid, ep, ek, tid, awaits, now() + $17::int4 * interval '1 second' FROM p WHERE awaits IS NOT NULL AND first),
l AS (INSERT INTO ticket_link (organization_id, conversation_id, endpoint, entity_type, ticket_id)
  SELECT org, cid, ep, ek, tid FROM p WHERE own IS NULL AND first ORDER BY cid ON CONFLICT DO NOTHING)
${withRaw ? raw(rawFirst) : ''}
SELECT id::text, cid::text, seq::int8, mine, fresh, 1 / CASE WHEN fresh AND found IS NOT NULL THEN 0 ELSE 1 END, ${withReferences ? 'EXISTS (SELECT FROM x WHERE x.id = s.id)' : 'false'} FROM s ORDER BY ord`;
}

const VARIANTS = [0, 1, 2, 3].map((n) => ({ name: `accept-${n}`, text: statement((n & 1) === 1, (n & 2) === 2) }));

/**
 * Stores messages and gives each its place, in the order given, in one statement: finds or begins conversations, takes idle lanes
 * under `claim` (null: takes none). A new ticket key that another process made meanwhile raises 23505, a conversation that was merged into another
 * meanwhile divides by zero; run again, they are found. `raws` are the
 * requests themselves, one for each message, where the messages are canonical bodies that come straight from the wire.
 */
export async function acceptMessages(on: pg.Pool | pg.PoolClient, messages: readonly AcceptedMessage[], claim: Claim | null, raws?: readonly AcceptedRaw[]): Promise<Placed[]> {
  const leads = leadsOf(messages);
  const first = messages.map((message, i) => message.known === null && message.ticketId !== null && leads[i] === message);
  const references = leads.flatMap((lead, i) => referencesAt(lead, messages[i]!).map((reference) => ({ ord: i + 1, ...reference })));
  const variant = VARIANTS[(references.length > 0 ? 1 : 0) + (raws === undefined ? 0 : 2)]!;
  const values: unknown[] = [
    uuids(messages.map((m) => m.id)), uuids(messages.map((m) => m.organization)), texts(messages.map((m) => m.endpoint)),
    texts(messages.map((m) => m.entityType)), texts(messages.map((m) => m.entityKey)), texts(messages.map((m) => m.messageType)),
    texts(messages.map((m) => m.ticketId)), uuids(leads.map((m) => m.proposed)), uuids(messages.map((m) => m.known)),
    int2s(messages.map((m) => m.kind)), uuids(messages.map((m) => m.deliveryId)), int2s(messages.map((m) => m.depth)), bools(first), claim?.toString() ?? null,
    uuids(messages.map((m) => m.rawId)), bytes(messages.map((m) => m.body)), AWAIT_CREATE_SECONDS,
  ];
  if (references.length > 0) {
    values.push(int4s(references.map((r) => r.ord)), texts(references.map((r) => r.endpoint)), texts(references.map((r) => r.entityKey)), texts(references.map((r) => r.ticketId)),
      int2s(references.map((r) => r.whose)), uuids(references.map(() => newId())));
  }
  if (raws !== undefined) {
    values.push(texts(raws.map((r) => r.contentType)), bytes(raws.map((r) => r.body)), texts(raws.map((r) => r.key?.key ?? null)), bytes(raws.map((r) => r.key?.bodyHash ?? null)));
  }
  const rows = await run<[string, string, string, boolean, boolean, number, boolean]>(on, variant.name, variant.text, values);
  return rows.map(([id, conversation, seq, mine, fresh, , isContradicted]) => ({ id, conversation, seq: Number(seq), mine, fresh, isContradicted }));
}

/** Of each message the first of the same ticket in this batch, itself as a rule: they go where that one goes, known or new. */
function leadsOf(messages: readonly AcceptedMessage[]): AcceptedMessage[] {
  const leads = new Map<string, AcceptedMessage>();
  return messages.map((message) => {
    if (message.known !== null || message.ticketId === null) return message;
    const key = `${message.organization}|${message.endpoint}|${message.entityKey}|${message.ticketId}`;
    const lead = leads.get(key) ?? message;
    leads.set(key, lead);
    return lead;
  });
}

/** The lead's references say where a message goes (1), its own whether they contradict that (2), mostly both (3). */
function referencesAt(lead: AcceptedMessage, message: AcceptedMessage): (AcceptedMessage['references'][number] & { readonly whose: 1 | 2 | 3 })[] {
  if (lead === message) return message.references.map((reference) => ({ ...reference, whose: 3 }));
  return [...lead.references.map((reference) => ({ ...reference, whose: 1 as const })), ...message.references.map((reference) => ({ ...reference, whose: 2 as const }))];
}

type Writable = RouteLane & { lastSeq: number; fresh: boolean; items: RouteItem[] };

/**
 * The route lanes that an accept claimed, with their messages as they were stored. `read` gives, for the i-th message,
 * what is already known of it: its bytes and, where somebody read them, its canonical form.
 */
export function routeLanesOf(placed: readonly Placed[], messages: readonly AcceptedMessage[], claim: Claim, read?: (i: number) => { body: Uint8Array; message: unknown }): RouteLane[] {
  const lanes = new Map<string, Writable>();
  placed.forEach((place, i) => {
    if (!place.mine) return;
    const message = messages[i]!;
    let lane = lanes.get(place.conversation);
    if (lane === undefined) {
      lane = { organization: message.organization, conversation: place.conversation, claim, fresh: place.fresh, crashCount: 1, lastSeq: 0, items: [] };
      lanes.set(place.conversation, lane);
    }
    lane.lastSeq = place.seq;
    // What a later statement added to it was found in the store: there are links to read by now.
    lane.fresh &&= place.fresh;
    const known = read?.(i);
    lane.items.push({
      id: place.id, seq: place.seq, kind: message.kind, endpoint: message.endpoint, entityType: message.entityType, entityKey: message.entityKey,
      messageType: message.messageType, ticketId: message.ticketId, depth: message.depth, body: known?.body ?? message.body ?? new Uint8Array(0), read: known?.message,
    });
  });
  return [...lanes.values()];
}
