import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';
import { newId } from '../pipeline/uuid.js';
import type { AttachmentRow, CommentRow, HistoryRow, TicketFields, TicketRow } from './sandbox-row.js';

const TICKET = `id, title, description, state, priority, team AS "group", caller, custom, external_reference AS "externalReference",
  correlation_id AS "correlationId", locked_by AS "lockedBy", version, created_at AS "createdAt", created_by AS "createdBy", updated_at AS "updatedAt"`;

export interface TicketFilter {
  readonly externalReference?: string;
  readonly correlationId?: string;
  readonly state?: string;
  /** Part of the id or the title, in whichever case. */
  readonly text?: string;
}

/** The tickets of one sandbox tool, in one transaction. */
export class TicketStore {
  constructor(private readonly organization: OrganizationId, private readonly sandbox: string, private readonly manager: EntityManager) {}

  private get tool(): [OrganizationId, string] {
    return [this.organization, this.sandbox];
  }

  /** Newest change first. */
  list(filter: TicketFilter, limit: number): Promise<TicketRow[]> {
    const { externalReference = null, correlationId = null, state = null, text = null } = filter;
    const like = text === null ? null : `%${text.replace(/[\\%_]/g, '\\$&')}%`;
    return this.manager.query(
      `SELECT ${TICKET} FROM sandbox_ticket WHERE organization_id = $1 AND sandbox = $2
         AND ($3::text IS NULL OR external_reference = $3) AND ($4::text IS NULL OR correlation_id = $4)
         AND ($5::text IS NULL OR state = $5) AND ($6::text IS NULL OR title ILIKE $6 OR id ILIKE $6)
       ORDER BY updated_at DESC, id DESC LIMIT $7`, [...this.tool, externalReference, correlationId, state, like, limit]);
  }

  async find(id: string): Promise<TicketRow | null> {
    const rows = await this.manager.query<TicketRow[]>(`SELECT ${TICKET} FROM sandbox_ticket WHERE organization_id = $1 AND sandbox = $2 AND id = $3`, [...this.tool, id]);
    return rows[0] ?? null;
  }

  /** The ticket, with its row locked until the transaction ends. */
  async lock(id: string): Promise<TicketRow | null> {
    const rows = await this.manager.query<TicketRow[]>(`SELECT ${TICKET} FROM sandbox_ticket WHERE organization_id = $1 AND sandbox = $2 AND id = $3 FOR UPDATE`, [...this.tool, id]);
    return rows[0] ?? null;
  }

  /** Makes a ticket with the next number of the tool. */
  async create(fields: TicketFields, correlationId: string | null, by: string): Promise<TicketRow> {
    const [numbered] = await this.manager.query<[{ number: string; prefix: string }[], number]>(
      `UPDATE sandbox SET next_number = next_number + 1 WHERE organization_id = $1 AND name = $2 RETURNING next_number - 1 AS number, prefix`, this.tool);
    const next = numbered[0];
    if (next === undefined) throw new Error(`The sandbox ${this.sandbox} is gone.`);
    const rows = await this.manager.query<TicketRow[]>(
      `INSERT INTO sandbox_ticket (organization_id, sandbox, id, number, title, description, state, priority, team, caller, custom, external_reference, correlation_id, created_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING ${TICKET}`,
      [...this.tool, `${next.prefix}-${next.number}`, next.number, ...values(fields), correlationId, by]);
    const [made] = rows;
    if (made === undefined) throw new Error('The ticket was not made.');
    return made;
  }

  async update(id: string, fields: TicketFields, lockedBy: string | null): Promise<TicketRow> {
    const [rows] = await this.manager.query<[TicketRow[], number]>(
      `UPDATE sandbox_ticket SET title = $4, description = $5, state = $6, priority = $7, team = $8, caller = $9, custom = $10, external_reference = $11, locked_by = $12,
         version = version + 1, updated_at = clock_timestamp()
       WHERE organization_id = $1 AND sandbox = $2 AND id = $3 RETURNING ${TICKET}`, [...this.tool, id, ...values(fields), lockedBy]);
    const [updated] = rows;
    if (updated === undefined) throw new Error('The ticket is gone.');
    return updated;
  }

  async addComment(ticket: string, comment: Pick<CommentRow, 'author' | 'visibility' | 'text'>): Promise<CommentRow> {
    const rows = await this.manager.query<CommentRow[]>(
      `INSERT INTO sandbox_comment (organization_id, sandbox, ticket, id, author, visibility, text) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id, author, visibility, text, at`,
      [...this.tool, ticket, newId(), comment.author, comment.visibility, comment.text]);
    return only(rows);
  }

  async addAttachment(ticket: string, file: Pick<AttachmentRow, 'name' | 'contentType' | 'author'>, content: Uint8Array): Promise<AttachmentRow> {
    const rows = await this.manager.query<AttachmentRow[]>(
      `INSERT INTO sandbox_attachment (organization_id, sandbox, ticket, id, name, content_type, size, content, author) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       RETURNING id, name, content_type AS "contentType", size, author, at`,
      [...this.tool, ticket, newId(), file.name, file.contentType, content.byteLength, content, file.author]);
    return only(rows);
  }

  async addHistory(ticket: string, entry: Pick<HistoryRow, 'actor' | 'event' | 'changes'>): Promise<void> {
    await this.manager.query(
      `INSERT INTO sandbox_history (organization_id, sandbox, ticket, id, actor, event, changes) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [...this.tool, ticket, newId(), entry.actor, entry.event, JSON.stringify(entry.changes)]);
  }

  comments(ticket: string): Promise<CommentRow[]> {
    return this.manager.query(`SELECT id, author, visibility, text, at FROM sandbox_comment WHERE organization_id = $1 AND sandbox = $2 AND ticket = $3 ORDER BY id`, [...this.tool, ticket]);
  }

  attachments(ticket: string): Promise<AttachmentRow[]> {
    return this.manager.query(
      `SELECT id, name, content_type AS "contentType", size, author, at FROM sandbox_attachment WHERE organization_id = $1 AND sandbox = $2 AND ticket = $3 ORDER BY id`, [...this.tool, ticket]);
  }

  async attachmentContent(ticket: string, id: string): Promise<{ readonly name: string; readonly contentType: string; readonly content: Buffer } | null> {
    const rows = await this.manager.query<{ name: string; contentType: string; content: Buffer }[]>(
      `SELECT name, content_type AS "contentType", content FROM sandbox_attachment WHERE organization_id = $1 AND sandbox = $2 AND ticket = $3 AND id = $4`, [...this.tool, ticket, id]);
    return rows[0] ?? null;
  }

  history(ticket: string): Promise<HistoryRow[]> {
    return this.manager.query(`SELECT id, actor, event, changes, at FROM sandbox_history WHERE organization_id = $1 AND sandbox = $2 AND ticket = $3 ORDER BY id`, [...this.tool, ticket]);
  }

  /** A text that changes whenever something a page shows may have changed. */
  async revision(): Promise<string> {
    const rows = await this.manager.query<{ revision: string }[]>(
      `SELECT (SELECT coalesce(max(updated_at)::text, '') FROM sandbox_ticket WHERE organization_id = $1 AND sandbox = $2)
         || (SELECT count(*)::text || coalesce(max(attempts)::text, '') FROM sandbox_hook WHERE organization_id = $1 AND sandbox = $2 AND state = 'waiting')
         || (SELECT faults::text || coalesce(fault_budget::text, '') FROM sandbox WHERE organization_id = $1 AND name = $2) AS revision`, this.tool);
    return rows[0]?.revision ?? '';
  }

  /**
   * Takes an idempotency key in this transaction; waits while another one has it. Returns the first answer where the key was used,
   * `other` where it was used for another request, null where it is new.
   */
  async takeKey(key: string, requestHash: Buffer): Promise<{ readonly status: number; readonly body: unknown } | 'other' | null> {
    const made = await this.manager.query<unknown[]>(
      `INSERT INTO sandbox_request (organization_id, sandbox, key, request_hash) VALUES ($1, $2, $3, $4) ON CONFLICT (sandbox, key) DO NOTHING RETURNING key`, [...this.tool, key, requestHash]);
    if (made.length > 0) return null;
    const rows = await this.manager.query<{ requestHash: Buffer; status: number; body: unknown }[]>(
      `SELECT request_hash AS "requestHash", status, body FROM sandbox_request WHERE organization_id = $1 AND sandbox = $2 AND key = $3`, [...this.tool, key]);
    const known = only(rows);
    return known.requestHash.equals(requestHash) ? { status: known.status, body: known.body } : 'other';
  }

  async answerKey(key: string, status: number, body: unknown): Promise<void> {
    await this.manager.query(`UPDATE sandbox_request SET status = $4, body = $5 WHERE organization_id = $1 AND sandbox = $2 AND key = $3`, [...this.tool, key, status, JSON.stringify(body)]);
  }
}

const values = (fields: TicketFields): unknown[] =>
  [fields.title, fields.description, fields.state, fields.priority, fields.group, fields.caller, JSON.stringify(fields.custom), fields.externalReference];

function only<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('A row that was just written is not there.');
  return row;
}
