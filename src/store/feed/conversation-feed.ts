import type { EntityManager } from 'typeorm';
import type { EntityRef, TicketRef } from '../../core/message/message.js';
import type { OrganizationId } from '../organization.js';

/** A conversation and its route lane. Numbers of places are bigint in the store and small in fact. */
export interface ConversationRow {
  readonly id: string;
  readonly waiting: number;
  readonly blocked: string | null;
  readonly isClaimed: boolean;
  readonly readyAt: Date | null;
  readonly updatedAt: Date;
}

/** One ticket of a conversation, and the delivery lane to it. */
export interface TicketLinkRow {
  readonly endpoint: string;
  readonly entityType: string;
  readonly ticketId: string | null;
  readonly createDeliveryId: string | null;
  readonly waiting: number;
  readonly blocked: string | null;
  readonly isClaimed: boolean;
  readonly readyAt: Date | null;
}

export interface MemoryRow {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly counters: Readonly<Record<string, number>>;
}

export interface MemoryChangeRow {
  readonly id: string;
  readonly messageId: string | null;
  readonly kind: string;
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly ruleId: string | null;
  readonly rule: string | null;
  readonly ruleVersion: number | null;
  readonly actor: string | null;
  readonly reason: string | null;
  readonly changedAt: Date;
}

export interface DelayedRow {
  readonly id: string;
  readonly messageId: string;
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly ruleName: string;
  readonly endpoint: string;
  readonly entityType: string;
  readonly operation: string | null;
  readonly state: string;
  readonly reason: string | null;
  readonly dueAt: Date | null;
  readonly waitingFor: unknown;
  readonly timeoutAt: Date | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

/** A file that a conversation keeps, and the targets that have had it. */
export interface KeptAttachmentRow {
  readonly id: string;
  readonly messageId: string;
  readonly name: string;
  readonly contentType: string;
  readonly size: number;
  readonly relayedTo: readonly EntityRef[];
}

/** An empty lane says `infinity`: told as null. */
const readyAt = (alias: string): string => `nullif(${alias}.ready_at, 'infinity') AS "readyAt"`;
const waiting = (alias: string): string => `(${alias}.last_seq - ${alias}.done_seq)::integer AS waiting`;

/** The conversations of one organization, in one transaction. */
export class ConversationFeed {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  /** Newest first. */
  byIds(ids: readonly string[]): Promise<ConversationRow[]> {
    return this.manager.query<ConversationRow[]>(
      `SELECT c.id, ${waiting('c')}, c.blocked, c.claim IS NOT NULL AS "isClaimed", ${readyAt('c')}, c.updated_at AS "updatedAt"
       FROM conversation c WHERE c.organization_id = $1 AND c.id = ANY($2::uuid[]) ORDER BY c.id DESC`, [this.organization, ids]);
  }

  /** The conversation that one is part of since it was merged; null: it never was. */
  async mergedInto(id: string): Promise<string | null> {
    const [row] = await this.manager.query<{ into: string }[]>('SELECT into_id AS into FROM conversation_alias WHERE organization_id = $1 AND id = $2', [this.organization, id]);
    return row?.into ?? null;
  }

  /** Conversations that own a ticket of this id at any of these places, which give the look-up its index. Entity types folded. */
  async withTicket(places: readonly EntityRef[], ticketId: string): Promise<string[]> {
    const rows = await this.manager.query<{ conversation_id: string }[]>(
      `SELECT DISTINCT k.conversation_id FROM unnest($2::text[], $3::text[]) AS place (endpoint, entity_type)
       JOIN conversation_key k ON k.organization_id = $1 AND k.endpoint = place.endpoint AND k.entity_type = place.entity_type AND k.ticket_id = $4`,
      [this.organization, places.map((place) => place.endpoint), places.map((place) => place.entityType), ticketId]);
    return rows.map((row) => row.conversation_id);
  }

  /** The conversations that are found by a term of `memoryTerm`; null where there are more than `most`. */
  async withTerm(term: bigint, most: number): Promise<string[] | null> {
    const rows = await this.manager.query<{ id: string }[]>('SELECT conversation_id AS id FROM conversation_term WHERE organization_id = $1 AND term = $2 LIMIT $3', [this.organization, String(term), most + 1]);
    return rows.length > most ? null : rows.map(({ id }) => id);
  }

  /** Its tickets and the delivery lanes to them. */
  links(conversation: string): Promise<TicketLinkRow[]> {
    return this.manager.query<TicketLinkRow[]>(
      `SELECT l.endpoint, l.entity_type AS "entityType", l.ticket_id AS "ticketId", l.create_delivery_id AS "createDeliveryId",
         ${waiting('l')}, l.blocked, l.claim IS NOT NULL AS "isClaimed", ${readyAt('l')}
       FROM ticket_link l WHERE l.organization_id = $1 AND l.conversation_id = $2 ORDER BY l.endpoint, l.entity_type`, [this.organization, conversation]);
  }

  /** Every ticket that a message of it spoke of, in the order in which they came up. */
  tickets(conversation: string): Promise<TicketRef[]> {
    return this.manager.query<TicketRef[]>(
      `SELECT endpoint, entity_type AS "entityType", ticket_id AS "ticketId" FROM message
       WHERE organization_id = $1 AND conversation_id = $2 AND ticket_id IS NOT NULL
       GROUP BY endpoint, entity_type, ticket_id ORDER BY min(seq) NULLS LAST LIMIT 200`, [this.organization, conversation]);
  }

  async memory(conversation: string): Promise<MemoryRow> {
    const [row] = await this.manager.query<MemoryRow[]>(
      `SELECT attributes, counters FROM conversation_memory WHERE organization_id = $1 AND conversation_id = $2`, [this.organization, conversation]);
    return row ?? { attributes: {}, counters: {} };
  }

  /** The memory log, newest first. */
  memoryChanges(conversation: string, limit: number): Promise<MemoryChangeRow[]> {
    return this.manager.query<MemoryChangeRow[]>(
      `SELECT c.id, c.message_id AS "messageId", c.kind, c.name, c.before, c.after, c.rule_id AS "ruleId", v.document->>'name' AS rule, c.rule_version AS "ruleVersion",
         c.actor, c.reason, c.changed_at AS "changedAt"
       FROM memory_change c LEFT JOIN rule_version v ON v.organization_id = c.organization_id AND v.rule_id = c.rule_id AND v.version = c.rule_version
       WHERE c.organization_id = $1 AND c.conversation_id = $2 ORDER BY c.id DESC LIMIT $3`, [this.organization, conversation, limit]);
  }

  /** The files that a conversation keeps, in the order in which they came. */
  async kept(conversation: string): Promise<KeptAttachmentRow[]> {
    const rows = await this.manager.query<(Omit<KeptAttachmentRow, 'size'> & { size: string })[]>(
      `SELECT id, message_id AS "messageId", name, content_type AS "contentType", size, relayed_to AS "relayedTo"
       FROM kept_attachment WHERE organization_id = $1 AND conversation_id = $2 ORDER BY id`, [this.organization, conversation]);
    return rows.map((row) => ({ ...row, size: Number(row.size) }));
  }

  /** Executions that wait or waited, newest first. */
  delayed(conversation: string, limit: number): Promise<DelayedRow[]> {
    return this.manager.query<DelayedRow[]>(
      `SELECT id, message_id AS "messageId", rule_id AS "ruleId", rule_version AS "ruleVersion", rule_name AS "ruleName", endpoint, entity_type AS "entityType", operation,
         state, reason, due_at AS "dueAt", waiting_for AS "waitingFor", timeout_at AS "timeoutAt", created_at AS "createdAt", finished_at AS "finishedAt"
       FROM delayed_execution WHERE organization_id = $1 AND conversation_id = $2 ORDER BY id DESC LIMIT $3`, [this.organization, conversation, limit]);
  }
}
