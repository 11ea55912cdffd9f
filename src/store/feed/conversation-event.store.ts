import type { EntityManager } from '../data-source.js';
import type { OrganizationId } from '../organization.js';
import { newId } from '../pipeline/uuid.js';

export const EVENT_KINDS = ['MERGED', 'SPLIT_OFF', 'SPLIT_FROM', 'REFERENCE_CONFLICT', 'TICKET_CONFLICT'] as const;

/** Something that happened to a conversation as such. */
export interface ConversationEventRow {
  readonly id: string;
  readonly conversation: string;
  readonly kind: string;
  readonly other: string | null;
  readonly subject: string;
  readonly messageId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly actor: string | null;
  readonly count: number;
  readonly happenedAt: Date;
  readonly lastAt: Date;
  readonly attention: boolean;
  readonly settledAt: Date | null;
  readonly settledBy: string | null;
}

const COLUMNS = `id, conversation_id AS conversation, kind, other_id AS other, subject, message_id AS "messageId", details, actor, count, happened_at AS "happenedAt", last_at AS "lastAt", attention, settled_at AS "settledAt", settled_by AS "settledBy"`;

/** What happened to conversations of one organization, in one transaction; what wants attention is what an alert reads. */
export class ConversationEvents {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  /** A page, newest first; `open`: only what wants attention. */
  page(filter: { readonly open: boolean; readonly kind?: string | undefined; readonly before: string | null }, limit: number): Promise<ConversationEventRow[]> {
    return this.manager.query<ConversationEventRow[]>(
      `SELECT ${COLUMNS} FROM conversation_event WHERE organization_id = $1 AND ($2::uuid IS NULL OR id < $2)${filter.open ? ' AND attention' : ''}${filter.kind === undefined ? '' : ' AND kind = $4'} ORDER BY id DESC LIMIT $3`,
      [this.organization, filter.before, limit, ...(filter.kind === undefined ? [] : [filter.kind])]);
  }

  /** Of one conversation, newest first. */
  of(conversation: string, limit: number): Promise<ConversationEventRow[]> {
    return this.manager.query<ConversationEventRow[]>(`SELECT ${COLUMNS} FROM conversation_event WHERE organization_id = $1 AND conversation_id = $2 ORDER BY id DESC LIMIT $3`, [this.organization, conversation, limit]);
  }

  async add(event: { readonly conversation: string; readonly kind: (typeof EVENT_KINDS)[number]; readonly other: string; readonly details: object; readonly actor: string }): Promise<void> {
    await this.manager.query('INSERT INTO conversation_event (organization_id, id, conversation_id, kind, other_id, details, actor) VALUES ($1, $2, $3, $4, $5, $6, $7)',
      [this.organization, newId(), event.conversation, event.kind, event.other, JSON.stringify(event.details), event.actor]);
  }

  /** Somebody has looked at it; false where there is none, null where it wanted nothing. */
  async settle(id: string, by: string): Promise<boolean | null> {
    const [rows] = await this.manager.query<[{ id: string }[], number]>(
      'UPDATE conversation_event SET attention = false, settled_at = now(), settled_by = $3 WHERE organization_id = $1 AND id = $2 AND attention RETURNING id', [this.organization, id, by]);
    if (rows.length > 0) return true;
    const found = await this.manager.query<unknown[]>('SELECT 1 FROM conversation_event WHERE organization_id = $1 AND id = $2', [this.organization, id]);
    return found.length > 0 ? null : false;
  }

  /** What speaks of two conversations that are one now is settled; the rest goes along. */
  async goAlong(from: string, into: string, by: string): Promise<void> {
    await this.manager.query(
      `UPDATE conversation_event SET attention = false, settled_at = now(), settled_by = $4 WHERE organization_id = $1 AND attention AND conversation_id IN ($2, $3) AND other_id IN ($2, $3)`, [this.organization, from, into, by]);
    await this.manager.query(
      `UPDATE conversation_event e SET conversation_id = $3, attention = e.attention AND NOT EXISTS (SELECT FROM conversation_event o WHERE o.organization_id = $1 AND o.conversation_id = $3 AND o.kind = e.kind
         AND o.other_id = e.other_id AND o.subject = e.subject AND o.attention) WHERE e.organization_id = $1 AND e.conversation_id = $2`, [this.organization, from, into]);
  }
}
