import type { Memory } from '../../core/conversation/conversation.js';
import type { MergedMemory } from '../../core/conversation/merge-memory.js';
import type { TicketRef } from '../../core/message/message.js';
import type { EntityManager } from '../data-source.js';
import type { OrganizationId } from '../organization.js';
import { changedTerms } from '../pipeline/memory-term.js';
import { moveNotes } from '../pipeline/ticket-knowledge.js';
import { newId } from '../pipeline/uuid.js';

/** A conversation under its lock. */
export interface LockedConversation {
  readonly id: string;
  readonly lastSeq: number;
  readonly doneSeq: number;
  readonly isClaimed: boolean;
  readonly blocked: string | null;
}

/** A delivery lane under its lock. */
export interface LockedLink {
  readonly conversation: string;
  readonly endpoint: string;
  /** Folded. */
  readonly entityKey: string;
  readonly ticketId: string | null;
  readonly createDeliveryId: string | null;
  readonly lastSeq: number;
  readonly doneSeq: number;
  readonly isClaimed: boolean;
  /** Whether it stands still until somebody does something. */
  readonly isBlocked: boolean;
  /** Deliveries that still wait in it, dead heads among them. */
  readonly waiting: number;
}

/** How much belongs to a conversation. */
export interface ConversationCounts {
  readonly messages: number;
  readonly waitingMessages: number;
  readonly deliveries: number;
  readonly delayed: number;
  readonly attachments: number;
}

/** What becomes of a delivery lane of a conversation that is merged into another one. */
export type LaneMove = LockedLink & { readonly move: 'MOVES' | 'JOINS' | 'ENDS' };

/** Lanes wait for nobody in here for longer than this. */
const LOCK_LIMIT = `SET LOCAL lock_timeout = '2s'`;

/** Merges and splits conversations: one organization, one transaction; whoever calls holds all locks of `lock`. */
export class ArrangeStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  /** Locks conversations and their delivery lanes, in the order in which everybody does. */
  async lock(ids: readonly string[]): Promise<{ readonly conversations: readonly LockedConversation[]; readonly links: readonly LockedLink[] }> {
    await this.manager.query(LOCK_LIMIT);
    const conversations = await this.manager.query<LockedConversation[]>(
      `SELECT id, last_seq::float8 AS "lastSeq", done_seq::float8 AS "doneSeq", claim IS NOT NULL AS "isClaimed", blocked FROM conversation
       WHERE organization_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR UPDATE`, [this.organization, ids]);
    await this.manager.query(
      `SELECT FROM ticket_link WHERE organization_id = $1 AND conversation_id = ANY ($2::uuid[]) ORDER BY conversation_id, endpoint COLLATE "C", entity_type COLLATE "C" FOR UPDATE`, [this.organization, ids]);
    // A statement of its own sees what was committed while the locks were waited for.
    const links = await this.manager.query<LockedLink[]>(
      `SELECT t.conversation_id AS conversation, t.endpoint, t.entity_type AS "entityKey", t.ticket_id AS "ticketId", t.create_delivery_id AS "createDeliveryId", t.last_seq::float8 AS "lastSeq", t.done_seq::float8 AS "doneSeq",
         t.claim IS NOT NULL AS "isClaimed", t.blocked IS NOT NULL AS "isBlocked", (SELECT count(*)::int4 FROM delivery d WHERE d.organization_id = t.organization_id AND d.conversation_id = t.conversation_id AND d.endpoint = t.endpoint AND d.entity_key = t.entity_type
           AND d.seq > t.done_seq AND d.state NOT IN ('SENT', 'SKIPPED', 'CANCELLED')) AS waiting
       FROM ticket_link t WHERE t.organization_id = $1 AND t.conversation_id = ANY ($2::uuid[]) ORDER BY t.conversation_id, t.endpoint, t.entity_type`, [this.organization, ids]);
    return { conversations, links };
  }

  /** Where a conversation is that was merged; null: it never was. */
  async mergedInto(id: string): Promise<string | null> {
    const [row] = await this.manager.query<{ into: string }[]>('SELECT into_id AS into FROM conversation_alias WHERE organization_id = $1 AND id = $2', [this.organization, id]);
    return row?.into ?? null;
  }

  /** The tickets whose messages find this conversation. Entity types folded. */
  tickets(conversation: string): Promise<TicketRef[]> {
    return this.manager.query<TicketRef[]>(
      `SELECT endpoint, entity_type AS "entityType", ticket_id AS "ticketId" FROM conversation_key WHERE organization_id = $1 AND conversation_id = $2 ORDER BY endpoint, entity_type, ticket_id`, [this.organization, conversation]);
  }

  async memory(conversation: string): Promise<Memory> {
    const [row] = await this.manager.query<Memory[]>('SELECT attributes, counters FROM conversation_memory WHERE organization_id = $1 AND conversation_id = $2', [this.organization, conversation]);
    return row ?? { attributes: {}, counters: {} };
  }

  async counts(conversation: string, doneSeq: number): Promise<ConversationCounts> {
    const [row] = await this.manager.query<[ConversationCounts]>(
      `SELECT (SELECT count(*)::int4 FROM message m WHERE m.organization_id = $1 AND m.conversation_id = $2) AS messages,
         (SELECT count(*)::int4 FROM message m WHERE m.organization_id = $1 AND m.conversation_id = $2 AND m.seq > $3) AS "waitingMessages",
         (SELECT count(*)::int4 FROM delivery d WHERE d.organization_id = $1 AND d.conversation_id = $2) AS deliveries,
         (SELECT count(*)::int4 FROM delayed_execution x WHERE x.organization_id = $1 AND x.conversation_id = $2 AND x.state = 'WAITING') AS delayed,
         (SELECT count(*)::int4 FROM kept_attachment k WHERE k.organization_id = $1 AND k.conversation_id = $2) AS attachments`, [this.organization, conversation, doneSeq]);
    return row;
  }

  /**
   * Makes one conversation part of another. Its routed messages stand before the other's first place, those that wait behind its last one;
   * its memory and its log stay under its id, where what was decided with them is explained.
   */
  async merge(from: LockedConversation, into: LockedConversation, lanes: readonly LaneMove[]): Promise<void> {
    const parameters = [this.organization, from.id, into.id];
    await this.manager.query(
      `UPDATE message SET conversation_id = $3, moved_at = CASE WHEN seq > $4 THEN moved_at ELSE now() END, home_id = CASE WHEN seq > $4 THEN home_id ELSE coalesce(home_id, $2) END,
         seq = CASE WHEN seq > $4 THEN seq - $4 + $5 ELSE seq - $4 END WHERE organization_id = $1 AND conversation_id = $2`, [...parameters, from.doneSeq, into.lastSeq]);
    await this.manager.query(
      `UPDATE conversation SET last_seq = last_seq + $3, blocked = coalesce(blocked, $4), updated_at = now(), poked = poked OR ready_at < 'infinity',
         ready_at = CASE WHEN coalesce(blocked, $4) IS NULL THEN least(ready_at, now()) ELSE 'infinity' END WHERE organization_id = $1 AND id = $2`, [this.organization, into.id, from.lastSeq - from.doneSeq, from.blocked]);
    await this.manager.query('UPDATE conversation_key SET conversation_id = $3 WHERE organization_id = $1 AND conversation_id = $2', parameters);
    for (const lane of lanes) await this.moveLane(lane, into.id);
    for (const table of ['troubled_delivery', 'delayed_execution', 'kept_attachment']) await this.manager.query(`UPDATE ${table} SET conversation_id = $3 WHERE organization_id = $1 AND conversation_id = $2`, parameters);
    await this.manager.query(
      `UPDATE ticket_snapshot s SET conversation_id = $3, upto_seq = upto_seq - $4 WHERE s.organization_id = $1 AND s.conversation_id = $2
         AND NOT EXISTS (SELECT FROM ticket_snapshot o WHERE o.conversation_id = $3 AND o.endpoint = s.endpoint AND o.entity_type = s.entity_type AND o.ticket_id = s.ticket_id)`, [...parameters, from.doneSeq]);
    await this.manager.query('DELETE FROM ticket_snapshot WHERE organization_id = $1 AND conversation_id = $2', parameters.slice(0, 2));
    await this.asPipeline(() => moveNotes(this.manager, from.id, into.id));
    await this.manager.query('UPDATE conversation_alias SET into_id = $3 WHERE organization_id = $1 AND into_id = $2', parameters);
    await this.manager.query('INSERT INTO conversation_alias (organization_id, id, into_id) VALUES ($1, $2, $3)', parameters);
    await this.manager.query('DELETE FROM conversation WHERE organization_id = $1 AND id = $2', parameters.slice(0, 2));
    const { attributes } = await this.memory(from.id);
    await this.writeTerms(from.id, Object.entries(attributes).map(([name, before]) => ({ kind: 'attribute', name, before, after: undefined })));
  }

  /** Writes what a merge changed in the memory, with its log. */
  async writeMemory(conversation: string, { memory, taken }: MergedMemory, actor: string, reason: string): Promise<void> {
    if (taken.length === 0) return;
    await this.manager.query(
      `INSERT INTO conversation_memory AS m (organization_id, conversation_id, attributes, counters) VALUES ($1, $2, $3, $4)
       ON CONFLICT (conversation_id) DO UPDATE SET attributes = excluded.attributes, counters = excluded.counters WHERE m.organization_id = excluded.organization_id`,
      [this.organization, conversation, JSON.stringify(memory.attributes), JSON.stringify(memory.counters)]);
    for (const { kind, name, before, after } of taken) {
      await this.manager.query(
        'INSERT INTO memory_change (organization_id, id, conversation_id, kind, name, before, after, actor, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
        [this.organization, newId(), conversation, kind, name, before === undefined ? null : JSON.stringify(before), JSON.stringify(after), actor, reason]);
    }
    await this.writeTerms(conversation, taken);
  }

  private async writeTerms(conversation: string, changes: Parameters<typeof changedTerms>[0]): Promise<void> {
    const { gone, found } = changedTerms(changes);
    await this.manager.query('DELETE FROM conversation_term WHERE organization_id = $1 AND term = ANY ($2::int8[]) AND conversation_id = $3', [this.organization, gone.map(String), conversation]);
    await this.manager.query('INSERT INTO conversation_term SELECT $1::uuid, term, $3::uuid FROM unnest($2::int8[]) term ON CONFLICT DO NOTHING', [this.organization, found.map(String), conversation]);
  }

  /** Who owns a ticket; null: nobody. */
  async ownerOf({ endpoint, entityType, ticketId }: TicketRef): Promise<string | null> {
    const [row] = await this.manager.query<{ conversation: string }[]>(
      'SELECT conversation_id AS conversation FROM conversation_key WHERE organization_id = $1 AND endpoint = $2 AND entity_type = $3 AND ticket_id = $4', [this.organization, endpoint, entityType, ticketId]);
    return row?.conversation ?? null;
  }

  /** How many messages of a ticket there are in a conversation. */
  async messagesOf(conversation: string, { endpoint, ticketId }: TicketRef, entityTypes: readonly string[]): Promise<number> {
    const [row] = await this.manager.query<[{ count: number }]>(
      `SELECT count(*)::int4 AS count FROM message WHERE organization_id = $1 AND conversation_id = $2 AND endpoint = $3 AND ticket_id = $4 AND entity_type = ANY ($5::text[])`,
      [this.organization, conversation, endpoint, ticketId, entityTypes]);
    return row.count;
  }

  /** The spellings of entity types under which messages of an endpoint stand in a conversation. */
  async entityTypesOf(conversation: string, endpoint: string): Promise<string[]> {
    const rows = await this.manager.query<{ type: string }[]>('SELECT DISTINCT entity_type AS type FROM message WHERE organization_id = $1 AND conversation_id = $2 AND endpoint = $3', [this.organization, conversation, endpoint]);
    return rows.map(({ type }) => type);
  }

  /**
   * Gives a ticket a conversation of its own. Its messages go along, routed ones before the first place, waiting ones in their order; so does the
   * lane to it, with its deliveries. Entity type folded; `entityTypes`: as messages spell it.
   */
  async split(from: LockedConversation, ticket: TicketRef, own: { readonly id: string; readonly link: LockedLink | null; readonly entityTypes: readonly string[] }): Promise<void> {
    const { endpoint, entityType, ticketId } = ticket;
    await this.manager.query('INSERT INTO conversation (organization_id, id) VALUES ($1, $2)', [this.organization, own.id]);
    await this.manager.query('UPDATE conversation_key SET conversation_id = $5 WHERE organization_id = $1 AND endpoint = $2 AND entity_type = $3 AND ticket_id = $4', [this.organization, endpoint, entityType, ticketId, own.id]);
    if (own.link !== null) await this.moveLane({ ...own.link, move: 'MOVES' }, own.id);
    else await this.manager.query('INSERT INTO ticket_link (organization_id, conversation_id, endpoint, entity_type, ticket_id) VALUES ($1, $2, $3, $4, $5)', [this.organization, own.id, endpoint, entityType, ticketId]);
    const parameters = [this.organization, from.id, own.id, from.doneSeq, endpoint, ticketId, own.entityTypes];
    await this.manager.query(
      `WITH placed AS (SELECT id, row_number() OVER (ORDER BY seq) AS place FROM message WHERE organization_id = $1 AND conversation_id = $2 AND seq > $4 AND endpoint = $5 AND ticket_id = $6 AND entity_type = ANY ($7::text[])),
       gone AS (UPDATE message m SET conversation_id = $3, seq = placed.place FROM placed WHERE m.organization_id = $1 AND m.id = placed.id RETURNING m.id)
       UPDATE conversation SET last_seq = (SELECT count(*) FROM gone), ready_at = CASE WHEN EXISTS (SELECT FROM gone) THEN now() ELSE 'infinity' END WHERE organization_id = $1 AND id = $3`, parameters);
    await this.manager.query(
      `UPDATE message SET conversation_id = $3, seq = seq - $4, moved_at = now(), home_id = coalesce(home_id, $2)
       WHERE organization_id = $1 AND conversation_id = $2 AND endpoint = $5 AND ticket_id = $6 AND entity_type = ANY ($7::text[])`, parameters);
    await this.manager.query(
      `UPDATE ticket_snapshot SET conversation_id = $6, upto_seq = upto_seq - $7 WHERE organization_id = $1 AND conversation_id = $2 AND endpoint = $3 AND entity_type = $4 AND ticket_id = $5`,
      [this.organization, from.id, endpoint, entityType, ticketId, own.id, from.doneSeq]);
    if (own.link !== null) await this.asPipeline(() => this.manager.query('UPDATE ticket_note SET conversation_id = $5 WHERE organization_id = $1 AND conversation_id = $2 AND endpoint = $3 AND entity_type = $4', [this.organization, from.id, endpoint, entityType, own.id]));
    await this.manager.query(`UPDATE conversation SET updated_at = now() WHERE organization_id = $1 AND id = $2`, [this.organization, from.id]);
  }

  private async moveLane({ move, conversation, endpoint, entityKey, lastSeq, doneSeq }: LaneMove, into: string): Promise<void> {
    const lane = [this.organization, conversation, endpoint, entityKey, into];
    if (move === 'MOVES') {
      await this.manager.query('UPDATE ticket_link SET conversation_id = $5 WHERE organization_id = $1 AND conversation_id = $2 AND endpoint = $3 AND entity_type = $4', lane);
      await this.manager.query('UPDATE delivery SET conversation_id = $5 WHERE organization_id = $1 AND conversation_id = $2 AND endpoint = $3 AND entity_key = $4', lane);
      await this.manager.query(
        `UPDATE troubled_delivery t SET conversation_id = $2 FROM delivery d WHERE t.organization_id = $1 AND t.conversation_id = $3 AND d.organization_id = $1 AND d.id = t.delivery_id AND d.conversation_id = $2`, [this.organization, into, conversation]);
      return;
    }
    // What is done with stands before the other lane's first place; what waits, behind its last one.
    await this.manager.query(
      `UPDATE delivery d SET conversation_id = $5, seq = CASE WHEN d.seq > $6 THEN d.seq - $6 + o.last_seq ELSE d.seq - $6 END FROM ticket_link o
       WHERE o.organization_id = $1 AND o.conversation_id = $5 AND o.endpoint = $3 AND o.entity_type = $4
         AND d.organization_id = $1 AND d.conversation_id = $2 AND d.endpoint = $3 AND d.entity_key = $4`, [...lane, doneSeq]);
    if (move === 'JOINS') {
      await this.manager.query(
        `UPDATE ticket_link o SET last_seq = o.last_seq + $6, ticket_id = coalesce(o.ticket_id, t.ticket_id), create_delivery_id = coalesce(o.create_delivery_id, t.create_delivery_id), updated_at = now(),
           blocked = coalesce(o.blocked, t.blocked), in_doubt = o.in_doubt OR t.in_doubt,
           ready_at = CASE WHEN coalesce(o.blocked, t.blocked) IS NULL AND o.last_seq + $6 > o.done_seq THEN least(o.ready_at, t.ready_at, CASE WHEN o.ready_at = 'infinity' AND t.ready_at = 'infinity' THEN now() END) ELSE 'infinity' END
         FROM ticket_link t WHERE o.organization_id = $1 AND o.conversation_id = $5 AND o.endpoint = $3 AND o.entity_type = $4
           AND t.organization_id = $1 AND t.conversation_id = $2 AND t.endpoint = $3 AND t.entity_type = $4`, [...lane, lastSeq - doneSeq]);
    }
    await this.manager.query('DELETE FROM ticket_link WHERE organization_id = $1 AND conversation_id = $2 AND endpoint = $3 AND entity_type = $4', lane.slice(0, 4));
  }

  /** Notes are the pipeline's: the role of the API may only read them. */
  private async asPipeline(work: () => Promise<unknown>): Promise<void> {
    await this.manager.query('SET LOCAL ROLE parley_worker');
    await work();
    await this.manager.query('SET LOCAL ROLE parley_app');
  }
}
