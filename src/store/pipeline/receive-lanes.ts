import type pg from 'pg';
import type { Database } from '../database.js';
import { organizationId, type OrganizationId } from '../organization.js';
import { takeBack, type UndoneDelivery } from './acknowledged.js';
import { acceptMessages, routeLanesOf, type AcceptedMessage, type Placed } from './accept.js';
import { writeAttachments, type AttachmentRow } from './attachment.js';
import { bytes, texts, uuids } from './binary-array.js';
import { countBounces, forgetBounces, type AddressPlace, type BouncedAddress } from './bounced-address.js';
import { cutAtReferences } from './cut-at-references.js';
import { parkRequests } from './incomplete.js';
import { noteHeldBack } from './held-back.js';
import { noteFailed } from './failed-message.js';
import type { Claim, RouteLane } from './lane.js';
import { takeEventIds, type RequestKey } from './repeat.js';
import { run } from './statement.js';
import { failDeliveries, writeAliases, writeNotes } from './ticket-knowledge.js';

/** A request that is normalized after it was accepted. */
export interface ReceivedRequest {
  readonly id: string;
  readonly organization: OrganizationId;
  readonly endpoint: string;
  readonly entityType: string;
  readonly contentType: string;
  /** JSON object, lower-case names. */
  readonly headers: string;
  readonly query: string;
  readonly body: Uint8Array;
  readonly key: RequestKey | null;
}

export interface ReceiveLane {
  readonly organization: OrganizationId;
  readonly endpoint: string;
  readonly claim: Claim;
  readonly crashCount: number;
  /** The place of the last request when it was claimed: all up to there are in `requests`, or gone. */
  readonly lastSeq: number;
  readonly requests: readonly { readonly id: string; readonly seq: number; readonly entityType: string; readonly contentType: string; readonly headers: Readonly<Record<string, string>>; readonly query: string; readonly body: Uint8Array; readonly completion?: Uint8Array | null }[];
}

const IDLE = `t.ready_at = 'infinity'`;

const RECEIVE = `WITH i AS MATERIALIZED (
  SELECT u.*, row_number() OVER (PARTITION BY org, ep ORDER BY ord) AS place, count(*) OVER (PARTITION BY org, ep) AS places
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[], $9::text[], $10::bytea[]) WITH ORDINALITY
    u(org, id, ep, et, ct, headers, query, body, key, hash, ord)),
lane AS (INSERT INTO receive_lane AS t (organization_id, endpoint, last_seq, ready_at)
  SELECT org, ep, max(place), now() FROM i GROUP BY org, ep ORDER BY org, ep
  ON CONFLICT (organization_id, endpoint) DO UPDATE SET last_seq = t.last_seq + excluded.last_seq, ready_at = CASE WHEN ${IDLE} THEN now() ELSE t.ready_at END
  RETURNING organization_id, endpoint, last_seq),
k AS (INSERT INTO inbound_key (organization_id, endpoint, key, message_id, body_hash) SELECT org, ep, key, id, hash FROM i WHERE key IS NOT NULL)
INSERT INTO raw_request (organization_id, id, endpoint, entity_type, content_type, headers, query, body, seq)
SELECT i.org, i.id, i.ep, i.et, i.ct, i.headers::jsonb, i.query, i.body, lane.last_seq - i.places + i.place FROM i JOIN lane ON lane.organization_id = i.org AND lane.endpoint = i.ep`;

const rawArrays = (requests: readonly ReceivedRequest[]): Buffer[] => [
  uuids(requests.map((r) => r.organization)), uuids(requests.map((r) => r.id)), texts(requests.map((r) => r.endpoint)), texts(requests.map((r) => r.entityType)),
  texts(requests.map((r) => r.contentType)), texts(requests.map((r) => r.headers)), texts(requests.map((r) => r.query)), bytes(requests.map((r) => r.body)),
  texts(requests.map((r) => r.key?.key ?? null)), bytes(requests.map((r) => r.key?.bodyHash ?? null)),
];

/** Stores requests in their endpoints' receive lanes, in the order given. A repeated key raises 23505 and stores nothing. */
export async function receiveRequests(on: pg.Pool | pg.PoolClient, requests: readonly ReceivedRequest[]): Promise<void> {
  await run(on, 'receive', RECEIVE, rawArrays(requests));
}

const CLAIM = `WITH c AS MATERIALIZED (
  SELECT organization_id, endpoint FROM receive_lane WHERE ready_at <= now() AND ready_at < 'infinity' AND claim IS NULL ORDER BY ready_at LIMIT 8 FOR UPDATE SKIP LOCKED),
u AS MATERIALIZED (UPDATE receive_lane t SET claim = $1::int8, crash_count = t.crash_count + 1 FROM c WHERE t.organization_id = c.organization_id AND t.endpoint = c.endpoint
  RETURNING t.organization_id, t.endpoint, t.done_seq, t.crash_count)
SELECT u.organization_id::text, u.endpoint, u.crash_count, (SELECT x.last_seq FROM receive_lane x WHERE x.organization_id = u.organization_id AND x.endpoint = u.endpoint), r.id::text, r.seq, r.entity_type, r.content_type, r.headers, r.query, r.body, r.completion
FROM u LEFT JOIN LATERAL (
  SELECT * FROM raw_request x WHERE x.organization_id = u.organization_id AND x.endpoint = u.endpoint AND x.seq IS NOT NULL AND x.seq > u.done_seq ORDER BY x.seq LIMIT 200) r ON true
ORDER BY u.organization_id, u.endpoint, r.seq`;

type ClaimRow = [string, string, number, string, string | null, string, string, string, Record<string, string> | null, string | null, Buffer, Buffer | null];

/** Takes up to 8 ready receive lanes with up to 200 requests each. */
export async function claimReceiveLanes(on: pg.Pool | pg.PoolClient, claim: Claim): Promise<ReceiveLane[]> {
  const lanes = new Map<string, ReceiveLane & { requests: ReceiveLane['requests'][number][] }>();
  for (const [org, endpoint, crashCount, lastSeq, id, seq, entityType, contentType, headers, query, body, completion] of await run<ClaimRow>(on, 'claim-receive', CLAIM, [claim.toString()])) {
    const key = `${org}|${endpoint}`;
    let lane = lanes.get(key);
    if (lane === undefined) lanes.set(key, (lane = { organization: organizationId(org), endpoint, claim, crashCount, lastSeq: Number(lastSeq), requests: [] }));
    if (id !== null) lane.requests.push({ id, seq: Number(seq), entityType, contentType, headers: headers ?? {}, query: query ?? '', body, completion });
  }
  return [...lanes.values()];
}

type Undone = Pick<UndoneDelivery, 'id' | 'reason' | 'again'>;

/** A message that ends where it was normalized: never in a route lane. */
export interface EndedMessage {
  readonly id: string;
  readonly organization: OrganizationId;
  readonly endpoint: string;
  readonly entityType: string;
  /** Folded entity type. */
  readonly entityKey: string;
  readonly ticketId: string | null;
  readonly conversation: string | null;
  readonly state: 'FILTERED' | 'DUPLICATE' | 'FAILED';
  readonly reason: string;
  readonly deliveryId: string | null;
  readonly rawId: string;
  readonly body: Uint8Array | null;
  /** A delivery that it says was not done after all. */
  readonly undoneDelivery?: Undone;
  /** It is filtered since too many like it come: somebody is told. */
  readonly isHeldBack?: true;
}

/** A message that takes its place in a conversation, unless its event has come before. */
export interface NormalizedItem {
  readonly accepted: AcceptedMessage;
  readonly eventKey: string | null;
  readonly attachments: readonly AttachmentRow[];
  /** Further ids of its ticket. */
  readonly aliases?: readonly string[];
  /** What its kind wants to know of the ticket later. */
  readonly note?: Readonly<Record<string, unknown>>;
  /** A delivery that it says has failed after all. */
  readonly failedDelivery?: { readonly id: string; readonly reason: string };
  readonly undoneDelivery?: Undone;
  /** What it says of addresses that its endpoint sends to. */
  readonly addressNews?: { readonly alive: readonly string[]; readonly dead: readonly Omit<BouncedAddress, keyof AddressPlace>[] };
}

/** What normalizing the requests of one claimed receive lane gave. */
export interface NormalizeResult {
  readonly organization: OrganizationId;
  readonly endpoint: string;
  readonly claim: Claim;
  /** Place of the last request that was normalized. */
  readonly doneSeq: number;
  readonly items: readonly NormalizedItem[];
  readonly ended: readonly EndedMessage[];
  /** Requests that wait until what they leave out was fetched. */
  readonly parked?: readonly string[];
}

const END = `INSERT INTO message (organization_id, id, raw_id, endpoint, entity_type, ticket_id, conversation_id, state, reason, delivery_id, body, finished_at)
SELECT u.org, u.id, u.raw, u.ep, u.et, u.tid, coalesce(u.conv, (SELECT k.conversation_id FROM conversation_key k WHERE k.organization_id = u.org AND k.endpoint = u.ep AND k.entity_type = u.ek AND k.ticket_id = u.tid)),
  u.state, u.reason, u.delivery, u.body, now()
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::text[], $9::text[], $10::uuid[], $11::bytea[], $12::text[]) u(org, id, raw, ep, et, tid, conv, state, reason, delivery, body, ek)`;

/** Stores messages that end where they were normalized. */
async function endMessages(client: pg.PoolClient, ended: readonly EndedMessage[]): Promise<void> {
  if (ended.length === 0) return;
  await run(client, 'end-messages', END, [
    uuids(ended.map((m) => m.organization)), uuids(ended.map((m) => m.id)), uuids(ended.map((m) => m.rawId)), texts(ended.map((m) => m.endpoint)), texts(ended.map((m) => m.entityType)),
    texts(ended.map((m) => m.ticketId)), uuids(ended.map((m) => m.conversation)), texts(ended.map((m) => m.state)), texts(ended.map((m) => m.reason)), uuids(ended.map((m) => m.deliveryId)),
    bytes(ended.map((m) => m.body)), texts(ended.map((m) => m.entityKey)),
  ]);
  await noteHeldBack(client, ended);
  await noteFailed(client, ended.filter(({ state }) => state === 'FAILED'));
}

const ADVANCE = `WITH g AS (UPDATE receive_lane t SET done_seq = $4::int8, claim = NULL, crash_count = 0,
    ready_at = CASE WHEN t.last_seq > $4::int8 THEN now() ELSE 'infinity' END
  WHERE t.organization_id = $1::uuid AND t.endpoint = $2 AND t.claim = $3::int8 RETURNING t.ready_at < 'infinity' AS more)
SELECT coalesce(bool_or(g.more), false), 1 / CASE WHEN count(*) = 1 THEN 1 ELSE 0 END FROM g`;

const RELEASE = `UPDATE receive_lane t SET claim = NULL, ready_at = now() WHERE t.organization_id = $1::uuid AND t.endpoint = $2 AND t.claim = $3::int8`;

/** Gives a lane back unworked; nothing happens where it is not ours any more. */
export async function releaseReceiveLane(on: pg.Pool | pg.PoolClient, lane: ReceiveLane): Promise<void> {
  await run(on, 'release-receive', RELEASE, [lane.organization, lane.endpoint, lane.claim.toString()]);
}

export interface NormalizeCommitted {
  /** Route lanes that were idle and are ours now. */
  readonly lanes: readonly RouteLane[];
  readonly more: boolean;
  /** Messages whose references name another conversation than their ticket has. */
  readonly contradicted: number;
  /** Addresses that nothing is sent to from now on, and those that are sent to again. */
  readonly suppressed: readonly BouncedAddress[];
  readonly lifted: readonly string[];
}

/** Commits one normalized lane in one transaction: messages with their places, those that ended, attachments, the lane's advance. */
export async function commitNormalized(database: Database, result: NormalizeResult, claim: Claim): Promise<NormalizeCommitted> {
  return database.asWorker(async (client) => {
    const events = result.items.flatMap(({ accepted, eventKey }) => (eventKey === null ? [] : [{ organization: accepted.organization, endpoint: accepted.endpoint, key: eventKey, messageId: accepted.id }]));
    const first = await takeEventIds(client, events);
    const isRepeat = ({ accepted, eventKey }: NormalizedItem): boolean => eventKey !== null && !first.has(accepted.id);
    const items = result.items.filter((item) => !isRepeat(item));
    const placed: Placed[] = [];
    for (const part of cutAtReferences(items, (item) => item.accepted, (item) => item.aliases ?? [])) {
      const taken = await acceptMessages(client, part.map((item) => item.accepted), claim);
      await writeAliases(client, part.flatMap(({ accepted, aliases = [] }, i) => aliases.map((alias) => ({ accepted, alias, conversation: taken[i]!.conversation }))));
      placed.push(...taken);
    }
    await writeNotes(client, items.flatMap(({ accepted, note }, i) => (note === undefined ? [] : [{ ...accepted, conversation: placed[i]!.conversation, note }])));
    await failDeliveries(client, items.flatMap(({ accepted, failedDelivery: failed }) => (failed === undefined ? [] : [{ ...accepted, failedId: failed.id, reason: failed.reason }])));
    await takeBack(client, [...items, ...result.ended].flatMap(({ undoneDelivery }) => (undoneDelivery === undefined ? [] : [{ ...undoneDelivery, organization: result.organization, endpoint: result.endpoint }])));
    const lifted = await forgetBounces(client, result, items.flatMap(({ addressNews }) => addressNews?.alive ?? []));
    const suppressed = await countBounces(client, items.flatMap(({ accepted: { organization, endpoint }, addressNews }) => (addressNews?.dead ?? []).map((one) => ({ organization, endpoint, ...one }))));
    await writeAttachments(client, items.flatMap((item) => item.attachments));
    await endMessages(client, [...result.ended, ...result.items.filter(isRepeat).map(asDuplicate)]);
    await parkRequests(client, result.organization, result.endpoint, result.parked ?? []);
    const rows = await run<[boolean, number]>(client, 'advance-receive', ADVANCE, [result.organization, result.endpoint, result.claim.toString(), result.doneSeq]);
    return { lanes: routeLanesOf(placed, items.map((item) => item.accepted), claim), more: rows[0]?.[0] ?? false, contradicted: placed.filter((place) => place.isContradicted).length, suppressed, lifted };
  });
}

const asDuplicate = ({ accepted, eventKey }: NormalizedItem): EndedMessage => ({
  id: accepted.id, organization: accepted.organization, endpoint: accepted.endpoint, entityType: accepted.entityType, entityKey: accepted.entityKey, ticketId: accepted.ticketId, conversation: null,
  state: 'DUPLICATE', reason: `the same event has come before (${eventKey ?? ''})`, deliveryId: null, rawId: accepted.rawId ?? accepted.id, body: accepted.body,
});
