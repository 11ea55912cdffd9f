import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';
import { recountRelays } from '../pipeline/relay.js';

/** A delivery with the lane it stands in, locked until the transaction ends. */
export interface LockedDelivery {
  readonly id: string;
  readonly conversation: string;
  readonly endpoint: string;
  readonly entityKey: string;
  readonly operation: 'CREATE' | 'UPDATE';
  readonly state: string;
  readonly seq: number;
  /** Its lane: what is done, whether somebody sends from it now, why it stands still. */
  readonly doneSeq: number;
  readonly isClaimed: boolean;
  readonly blocked: string | null;
}

/** A lane of a conversation, locked until the transaction ends, and the delivery that is next in it. */
export interface LockedLane extends Pick<LockedDelivery, 'conversation' | 'endpoint' | 'entityKey' | 'doneSeq' | 'isClaimed' | 'blocked'> {
  readonly head: string | null;
}

type Lane = Pick<LockedLane, 'conversation' | 'endpoint' | 'entityKey' | 'doneSeq'>;

const LOCK_LANE = `SELECT FROM delivery d JOIN conversation c ON c.id = d.conversation_id JOIN ticket_link t ON t.conversation_id = d.conversation_id AND t.endpoint = d.endpoint AND t.entity_type = d.entity_key
WHERE d.organization_id = $1 AND d.id = $2 FOR NO KEY UPDATE OF c, t`;

/** A statement of its own: one that waits for a lock sees everything but the locked row as it was before it waited. */
const READ = `SELECT d.id, d.conversation_id AS conversation, d.endpoint, d.entity_key AS "entityKey", d.operation, d.state, d.seq::float8 AS seq,
  t.done_seq::float8 AS "doneSeq", t.claim IS NOT NULL AS "isClaimed", t.blocked
FROM delivery d JOIN ticket_link t ON t.conversation_id = d.conversation_id AND t.endpoint = d.endpoint AND t.entity_type = d.entity_key
WHERE d.organization_id = $1 AND d.id = $2`;

/** Conversations before ticket links, rows of one table by ascending id: as everywhere, or two who lock many wait for each other. */
const LOCK_CONVERSATIONS = `SELECT FROM conversation c WHERE c.id IN (SELECT conversation_id FROM delivery WHERE organization_id = $1 AND id = ANY($2::uuid[])) ORDER BY c.id FOR NO KEY UPDATE`;
const LOCK_LINKS = `SELECT FROM ticket_link t WHERE (t.conversation_id, t.endpoint, t.entity_type) IN (SELECT conversation_id, endpoint, entity_key FROM delivery WHERE organization_id = $1 AND id = ANY($2::uuid[]))
ORDER BY t.conversation_id, t.endpoint COLLATE "C", t.entity_type COLLATE "C" FOR NO KEY UPDATE`;

/** Ready again if it has work and nothing holds it; a lane that waits for its time is not hurried. */
const READY = `CASE WHEN last_seq > done_seq THEN now() ELSE 'infinity'::timestamptz END`;

/** What an operator's hand does to lanes and their deliveries; one organization, one transaction. */
export class LaneActStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  /** The delivery under the locks of its conversation and its lane, in this order as everywhere; null where there is none. One that is moved to another conversation meanwhile is followed. */
  async lock(id: string): Promise<LockedDelivery | null> {
    for (;;) {
      const locked = await this.manager.query<unknown[]>(LOCK_LANE, [this.organization, id]);
      const [delivery] = await this.manager.query<LockedDelivery[]>(READ, [this.organization, id]);
      if (delivery === undefined || locked.length > 0) return delivery ?? null;
    }
  }

  /** Locks the conversations and lanes of many deliveries, before any of them is acted on. */
  async lockAll(ids: readonly string[]): Promise<void> {
    await this.manager.query(LOCK_CONVERSATIONS, [this.organization, ids]);
    await this.manager.query(LOCK_LINKS, [this.organization, ids]);
  }

  /** Locks a lane by its place and tells what stands at its head: null where there is no such lane. */
  async lockLane(conversation: string, endpoint: string, entityKey: string): Promise<LockedLane | null> {
    const place = [this.organization, conversation, endpoint, entityKey];
    await this.manager.query('SELECT FROM conversation WHERE organization_id = $1 AND id = $2 FOR NO KEY UPDATE', [this.organization, conversation]);
    await this.manager.query('SELECT FROM ticket_link WHERE organization_id = $1 AND conversation_id = $2 AND endpoint = $3 AND entity_type = $4 FOR NO KEY UPDATE', place);
    const rows = await this.manager.query<Omit<LockedLane, 'head'>[]>(
      `SELECT conversation_id AS conversation, endpoint, entity_type AS "entityKey", done_seq::float8 AS "doneSeq", claim IS NOT NULL AS "isClaimed", blocked
       FROM ticket_link WHERE organization_id = $1 AND conversation_id = $2 AND endpoint = $3 AND entity_type = $4`, place);
    const [lane] = rows;
    if (lane === undefined) return null;
    const [head] = await this.manager.query<{ id: string }[]>(
      `SELECT id FROM delivery WHERE organization_id = $1 AND conversation_id = $2 AND endpoint = $3 AND entity_key = $4 AND seq > $5 AND state NOT IN ('SENT', 'SKIPPED', 'CANCELLED') ORDER BY seq LIMIT 1`,
      [...place, lane.doneSeq]);
    return { ...lane, head: head?.id ?? null };
  }

  /** Whether nothing waits before it in its lane. */
  async isNext(delivery: LockedDelivery): Promise<boolean> {
    const before = await this.manager.query<unknown[]>(
      `SELECT 1 FROM delivery WHERE organization_id = $1 AND conversation_id = $2 AND endpoint = $3 AND entity_key = $4 AND seq > $5 AND seq < $6 AND state NOT IN ('SENT', 'SKIPPED', 'CANCELLED') LIMIT 1`,
      [this.organization, ...laneOf(delivery), delivery.doneSeq, delivery.seq]);
    return before.length === 0;
  }

  /** Sets the state of one delivery and keeps the work list in step. */
  async setState(id: string, state: 'QUEUED' | 'SKIPPED' | 'CANCELLED'): Promise<void> {
    await this.manager.query(
      `UPDATE delivery SET state = $3, next_at = NULL, finished_at = CASE WHEN $3 = 'QUEUED' THEN NULL ELSE now() END WHERE organization_id = $1 AND id = $2`, [this.organization, id, state]);
    await this.leaveWorkList([id]);
    await this.recount([id]);
  }

  /** Whether an attempt at it was begun of which nobody knows how it ended. */
  async isOutcomeUnknown(id: string): Promise<boolean> {
    const unknown = await this.manager.query<unknown[]>(
      `SELECT FROM delivery d JOIN attempt a ON a.delivery_id = d.id AND a.number >= d.attempts AND (a.outcome IS NULL OR a.outcome = 'unknown') WHERE d.organization_id = $1 AND d.id = $2 LIMIT 1`, [this.organization, id]);
    return unknown.length > 0;
  }

  /** Overrules what nobody knows: the next attempt is a new one. */
  async overruleAttempts(id: string): Promise<void> {
    await this.manager.query(`UPDATE attempt SET outcome = 'overruled', finished_at = coalesce(finished_at, now()) WHERE delivery_id = $1 AND (outcome IS NULL OR outcome = 'unknown')`, [id]);
    await this.manager.query(
      `UPDATE delivery d SET attempts = greatest(d.attempts, (SELECT coalesce(max(a.number), 0) FROM attempt a WHERE a.delivery_id = d.id AND a.outcome <> 'NOT_SENT')) WHERE d.organization_id = $1 AND d.id = $2`,
      [this.organization, id]);
  }

  /** Lets the lane go on: what was held behind its head is queued again. */
  async unblock(lane: Lane): Promise<void> {
    const held = await this.manager.query<[{ id: string }[], number]>(
      `UPDATE delivery SET state = 'QUEUED' WHERE organization_id = $1 AND conversation_id = $2 AND endpoint = $3 AND entity_key = $4 AND state = 'HELD' RETURNING id`, [this.organization, ...laneOf(lane)]);
    await this.leaveWorkList(held[0].map((row) => row.id));
    await this.manager.query(`UPDATE ticket_link SET blocked = NULL, updated_at = now(), ready_at = ${READY} WHERE conversation_id = $1 AND endpoint = $2 AND entity_type = $3`, laneOf(lane));
  }

  /** Stops the lane until somebody retries; its deliveries show it. */
  async block(lane: Lane, reason: string): Promise<void> {
    await this.manager.query(
      `WITH held AS (UPDATE delivery SET state = 'HELD', next_at = NULL WHERE organization_id = $1 AND conversation_id = $2 AND endpoint = $3 AND entity_key = $4 AND seq > $5 AND state IN ('QUEUED', 'RETRYING') RETURNING id)
       INSERT INTO troubled_delivery AS t (organization_id, delivery_id, conversation_id, endpoint, entity_type, state, reason) SELECT $1, id, $2, $3, $4, 'HELD', $6 FROM held
       ON CONFLICT (delivery_id) DO UPDATE SET state = excluded.state, reason = excluded.reason, since = now()`,
      [this.organization, ...laneOf(lane), lane.doneSeq, reason]);
    await this.manager.query(`UPDATE ticket_link SET blocked = $4, updated_at = now(), ready_at = 'infinity' WHERE conversation_id = $1 AND endpoint = $2 AND entity_type = $3`, [...laneOf(lane), reason]);
  }

  /** Moves the lane past deliveries that need nothing more, up to the first that still waits; a create that died stands in its way. */
  async passDone(lane: LockedDelivery): Promise<void> {
    await this.manager.query(
      `UPDATE ticket_link t SET done_seq = greatest(t.done_seq, coalesce((
         SELECT min(d.seq) - 1 FROM delivery d WHERE d.organization_id = $1 AND d.conversation_id = t.conversation_id AND d.endpoint = t.endpoint AND d.entity_key = t.entity_type
           AND d.seq > t.done_seq AND (d.state IN ('QUEUED', 'RETRYING', 'HELD') OR (d.state = 'DEAD' AND d.id = t.create_delivery_id))), t.last_seq))
       WHERE t.conversation_id = $2 AND t.endpoint = $3 AND t.entity_type = $4`, [this.organization, ...laneOf(lane)]);
  }

  /** Puts a delivery that the lane has passed at its end: out of its order, and after all that waits. */
  async requeueAtEnd(lane: LockedDelivery): Promise<void> {
    await this.manager.query(
      `WITH l AS (UPDATE ticket_link SET last_seq = last_seq + 1 WHERE conversation_id = $3 AND endpoint = $4 AND entity_type = $5 RETURNING last_seq)
       UPDATE delivery d SET seq = l.last_seq FROM l WHERE d.organization_id = $1 AND d.id = $2`, [this.organization, lane.id, ...laneOf(lane)]);
  }

  /**
   * A create that will not be made: what waits behind it has no ticket to go to, and the next message may create anew. A place is used up, so that
   * whoever is deciding at this moment to send behind that create notices.
   */
  async forgetCreate(lane: LockedDelivery): Promise<string[]> {
    const [waiting] = await this.manager.query<[{ id: string }[], number]>(
      `UPDATE delivery SET state = 'SKIPPED', finished_at = now() WHERE organization_id = $1 AND conversation_id = $2 AND endpoint = $3 AND entity_key = $4 AND state IN ('QUEUED', 'RETRYING', 'HELD') RETURNING id`,
      [this.organization, ...laneOf(lane)]);
    await this.leaveWorkList(waiting.map((row) => row.id));
    await this.recount(waiting.map((row) => row.id));
    await this.manager.query(
      `UPDATE ticket_link SET create_delivery_id = NULL, in_doubt = false, last_seq = last_seq + 1, done_seq = last_seq + 1, blocked = NULL, ready_at = 'infinity', updated_at = now() WHERE conversation_id = $1 AND endpoint = $2 AND entity_type = $3`, laneOf(lane));
    return waiting.map((row) => row.id);
  }

  /** Gives the lane the ticket that somebody found or made by hand; false where another conversation owns it. */
  async adoptTicket(lane: LockedDelivery, ticketId: string): Promise<boolean> {
    await this.manager.query(
      `INSERT INTO conversation_key (organization_id, endpoint, entity_type, ticket_id, conversation_id) VALUES ($1, $3, $4, $5, $2) ON CONFLICT DO NOTHING`,
      [this.organization, ...laneOf(lane), ticketId]);
    // A statement of its own sees who was quicker.
    const owner = await this.manager.query<{ conversation: string }[]>(
      `SELECT conversation_id AS conversation FROM conversation_key WHERE organization_id = $1 AND endpoint = $2 AND entity_type = $3 AND ticket_id = $4`,
      [this.organization, lane.endpoint, lane.entityKey, ticketId]);
    if (owner[0]?.conversation !== lane.conversation) return false;
    await this.manager.query(`UPDATE ticket_link SET ticket_id = $4 WHERE conversation_id = $1 AND endpoint = $2 AND entity_type = $3`, [...laneOf(lane), ticketId]);
    return true;
  }

  /** Lets the conversation look again at what waits in it: something changed besides a message. */
  async poke(lane: LockedDelivery): Promise<void> {
    await this.manager.query(
      `UPDATE conversation SET poked = ready_at < 'infinity', ready_at = CASE WHEN ready_at = 'infinity' AND blocked IS NULL THEN now() ELSE ready_at END WHERE organization_id = $1 AND id = $2`,
      [this.organization, lane.conversation]);
  }

  async body(id: string): Promise<Buffer | null> {
    const rows = await this.manager.query<{ body: Buffer }[]>('SELECT body FROM delivery_body WHERE organization_id = $1 AND id = $2', [this.organization, id]);
    return rows[0]?.body ?? null;
  }

  async replaceBody(id: string, body: Buffer): Promise<void> {
    await this.manager.query('UPDATE delivery_body SET body = $3 WHERE organization_id = $1 AND id = $2', [this.organization, id, body]);
  }

  /** Keeps what it carried so far beside what it carries from now on. */
  async keepBody(id: string, body: Buffer, { by, reason }: { readonly by: string; readonly reason: string | null }): Promise<void> {
    await this.manager.query(
      `INSERT INTO delivery_edit (organization_id, delivery_id, number, body_before, edited_by, reason)
       SELECT $1, $2, count(*) + 1, $3, $4, $5 FROM delivery_edit WHERE organization_id = $1 AND delivery_id = $2`, [this.organization, id, body, by, reason]);
  }

  /** The files that these deliveries carry: whether their target counts as having had them. */
  private recount(ids: readonly string[]): Promise<void> {
    return recountRelays(<T>(sql: string, values: unknown[]) => this.manager.query<T[]>(sql, values), this.organization, ids);
  }

  private async leaveWorkList(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.manager.query('DELETE FROM troubled_delivery WHERE organization_id = $1 AND delivery_id = ANY ($2)', [this.organization, ids]);
  }
}

const laneOf = (lane: Lane): [string, string, string] => [lane.conversation, lane.endpoint, lane.entityKey];
