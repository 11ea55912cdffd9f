import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';
import { WINDOW_OF_BODIES, scanBackwards, type IdRange, type Scan, type Window, type WindowRead } from './scan.js';

/** One message of the feed, as stored. */
export interface MessageRow {
  readonly id: string;
  readonly endpoint: string;
  readonly entityType: string;
  readonly messageType: string;
  readonly ticketId: string | null;
  readonly kind: number;
  readonly conversationId: string | null;
  /** Its place in the conversation's route lane. */
  readonly seq: number | null;
  readonly state: string;
  readonly reason: string | null;
  readonly deliveryId: string | null;
  readonly receivedAt: Date;
  readonly finishedAt: Date | null;
  readonly trace: unknown;
  /** Conversations that its references name though its ticket belongs to this one. */
  readonly conflicts: readonly string[] | null;
  /** The conversation that it was decided in, where it was moved since, and when it was moved. */
  readonly homeId: string | null;
  readonly movedAt: Date | null;
}

/** Every filter that is set must hold. Folded where the field compares folded. */
export interface MessageFilter {
  readonly states?: readonly string[];
  readonly endpoint?: string;
  readonly entityType?: string;
  /** Conversations to look in; an empty list finds nothing. */
  readonly conversations?: readonly string[];
  /** Text in what was received, in any case. */
  readonly text?: string;
  /** Id of a rule that took part. */
  readonly rule?: string;
  /** What their conversations remember now: terms of `memoryTerm`, all of them. */
  readonly terms?: readonly bigint[];
}

const COLUMNS = `m.id, m.endpoint, m.entity_type AS "entityType", m.message_type AS "messageType", m.ticket_id AS "ticketId", m.kind,
  m.conversation_id AS "conversationId", m.seq::float8 AS seq, m.state, m.reason, m.delivery_id AS "deliveryId", m.received_at AS "receivedAt", m.finished_at AS "finishedAt", coalesce(m.trace_text::json, to_json(m.trace)) AS trace, m.conflicts, m.home_id AS "homeId", m.moved_at AS "movedAt"`;

/** A message with what only its own page shows. */
export interface MessageDetailRow extends MessageRow {
  readonly depth: number;
  readonly body: Buffer | null;
  readonly rawContentType: string | null;
  readonly rawHeaders: Readonly<Record<string, string>> | null;
  readonly rawQuery: string | null;
  readonly rawBody: Buffer | null;
}

/** What a message said; the body is null where it is kept no longer. */
export interface BodyRow {
  readonly id: string;
  readonly entityType: string;
  readonly receivedAt: Date;
  readonly body: Buffer | null;
}

export interface AttachmentRow {
  readonly id: string;
  readonly name: string;
  readonly contentType: string;
  readonly size: number;
}

/** The messages of one organization, in one transaction. */
export class MessageFeed {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  /** A page, newest first. */
  page(filter: MessageFilter, range: IdRange, limit: number): Promise<Scan<MessageRow>> {
    const { conversations } = filter;
    return conversations === undefined
      ? scanBackwards(range, limit, (window) => this.readWindow(filter, window), filter.text === undefined ? undefined : WINDOW_OF_BODIES)
      : this.pageOfConversations(filter, conversations, range, limit);
  }

  async find(id: string): Promise<MessageDetailRow | null> {
    const [row] = await this.manager.query<MessageDetailRow[]>(
      `SELECT ${COLUMNS}, m.depth, m.body, r.content_type AS "rawContentType", r.headers AS "rawHeaders", r.query AS "rawQuery", r.body AS "rawBody"
       FROM message m LEFT JOIN raw_request r ON r.id = m.raw_id AND r.organization_id = m.organization_id
       WHERE m.organization_id = $1 AND m.id = $2`, [this.organization, id]);
    return row ?? null;
  }

  /** The newest messages of a conversation, newest first. */
  ofConversation(conversation: string, limit: number): Promise<MessageRow[]> {
    return this.manager.query<MessageRow[]>(
      `SELECT ${COLUMNS} FROM message m WHERE m.organization_id = $1 AND m.conversation_id = $2 ORDER BY m.id DESC LIMIT $3`, [this.organization, conversation, limit]);
  }

  /** The bodies of earlier normal messages of a conversation from one endpoint about one ticket, oldest first: those with a place before `seq`, and those that an inbound filter stopped before it came; the newest `limit` of them. */
  async bodiesBefore(conversation: string, { endpoint, ticketId, seq, id }: { readonly endpoint: string; readonly ticketId: string; readonly seq: number; readonly id: string }, limit: number): Promise<BodyRow[]> {
    const rows = await this.manager.query<BodyRow[]>(
      `SELECT m.id, m.entity_type AS "entityType", m.received_at AS "receivedAt", coalesce(m.body, r.body) AS body
       FROM message m LEFT JOIN raw_request r ON m.body IS NULL AND r.id = m.raw_id AND r.organization_id = m.organization_id
       WHERE m.organization_id = $1 AND m.conversation_id = $2 AND (m.seq < $3 OR (m.seq IS NULL AND m.state = 'FILTERED' AND m.id < $7)) AND m.endpoint = $4 AND m.ticket_id = $5 AND m.kind <> 1 ORDER BY m.id DESC LIMIT $6`,
      [this.organization, conversation, seq, endpoint, ticketId, limit, id]);
    return rows.reverse();
  }

  /** What came with some messages, without the bytes. */
  async attachments(messages: readonly string[]): Promise<AttachmentRow[]> {
    const rows = await this.manager.query<(Omit<AttachmentRow, 'size'> & { size: string })[]>(
      `SELECT id, name, content_type AS "contentType", size FROM attachment WHERE organization_id = $1 AND message_id = ANY($2::uuid[]) ORDER BY id`, [this.organization, messages]);
    return rows.map((row) => ({ ...row, size: Number(row.size) }));
  }

  private async pageOfConversations(filter: MessageFilter, conversations: readonly string[], range: IdRange, limit: number): Promise<Scan<MessageRow>> {
    const { sql, values } = messageConditions(filter, [this.organization, range.from, range.before, limit + 1, conversations]);
    const rows = await this.manager.query<MessageRow[]>(
      `SELECT ${COLUMNS} FROM message m
       WHERE m.organization_id = $1 AND m.id >= $2 AND m.id < $3 AND m.conversation_id = ANY($5::uuid[])${sql} ORDER BY m.id DESC LIMIT $4`, values);
    return { rows: rows.slice(0, limit), resumeBefore: rows.length > limit ? rows[limit - 1]!.id : null };
  }

  /** The inner select walks the primary key; LIMIT there keeps a rare match from reading the whole table. */
  private async readWindow(filter: MessageFilter, { from, before, size, wanted }: Window): Promise<WindowRead<MessageRow>> {
    const { sql, values } = messageConditions(filter, [this.organization, from, before, size, wanted]);
    const source = 'SELECT * FROM message WHERE organization_id = $1 AND id >= $2 AND id < $3 ORDER BY id DESC LIMIT $4';
    const rows = await this.manager.query<MessageRow[]>(`SELECT ${COLUMNS} FROM (${source}) m WHERE true${sql} ORDER BY m.id DESC LIMIT $5`, values);
    if (rows.length === wanted) return { rows, lastId: rows.at(-1)!.id };
    const [last] = await this.manager.query<{ id: string }[]>(
      'SELECT id FROM message WHERE organization_id = $1 AND id >= $2 AND id < $3 ORDER BY id DESC OFFSET $4 - 1 LIMIT 1', [this.organization, from, before, size]);
    return { rows, lastId: last?.id ?? null };
  }
}

/** What must hold of the message `m` besides its conversation, its values behind those that are there; the first of them is the organization. */
export function messageConditions(filter: MessageFilter, values: unknown[]): { sql: string; values: unknown[] } {
  const sql: string[] = [];
  const add = (condition: (place: string) => string, value: unknown): void => {
    values.push(value);
    sql.push(` AND ${condition(`$${values.length}`)}`);
  };
  if (filter.states !== undefined) add((place) => `m.state = ANY(${place}::text[])`, filter.states);
  if (filter.endpoint !== undefined) add((place) => `m.endpoint = ${place}`, filter.endpoint);
  if (filter.entityType !== undefined) add((place) => `m.entity_type = ${place}`, filter.entityType);
  if (filter.rule !== undefined) add(tookPart, filter.rule);
  if (filter.text !== undefined) add(saysText, filter.text);
  for (const term of filter.terms ?? []) add(remembers, String(term));
  return { sql: sql.join(''), values };
}

/** Whether a rule is among those that a trace names as having done something: what stands before its misses. Looked for in the text as it was written, which costs no parsing; older traces are no text. */
const tookPart = (place: string): string => `CASE WHEN m.trace_text IS NOT NULL THEN position('"ruleId":' || to_json(${place}::text)::text IN left(m.trace_text, strpos(m.trace_text, ',"misses":'))) > 0
  ELSE EXISTS (SELECT FROM unnest(ARRAY['executed', 'delayed', 'failed', 'dropped']) part WHERE m.trace -> part @> jsonb_build_array(jsonb_build_object('ruleId', ${place}::text))) END`;

/** Under its conversation's key: one look into an index per message. */
const remembers = (place: string): string => `EXISTS (SELECT FROM conversation_term t WHERE t.organization_id = $1 AND t.term = ${place}::int8 AND t.conversation_id = m.conversation_id)`;

/** Larger bodies are files in disguise: passed over. */
const MOST_SEARCHED = 1_048_576;

/** Bodies are bytes of whatever encoding: compared as escaped text, which no byte makes fail; letters beyond ASCII must be written as they came. */
const saysText = (place: string): string => `EXISTS (
  SELECT FROM (SELECT coalesce(m.body, (SELECT r.body FROM raw_request r WHERE r.id = m.raw_id AND r.organization_id = m.organization_id)) AS body) said
  WHERE CASE WHEN octet_length(said.body) <= ${String(MOST_SEARCHED)} THEN position(encode(convert_to(lower(${place}::text), 'UTF8'), 'escape') IN lower(encode(said.body, 'escape'))) > 0 ELSE false END)`;
