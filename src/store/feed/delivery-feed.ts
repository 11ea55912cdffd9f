import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';
import { scanBackwards, type IdRange, type Scan, type Window, type WindowRead } from './scan.js';

/** One delivery of the feed, as stored. */
export interface DeliveryRow {
  readonly id: string;
  readonly conversationId: string;
  readonly messageId: string;
  readonly endpoint: string;
  readonly entityType: string;
  readonly operation: 'CREATE' | 'UPDATE';
  readonly ruleId: string;
  /** Its name at that version. */
  readonly rule: string;
  readonly ruleVersion: number;
  readonly state: string;
  readonly attempts: number;
  readonly httpStatus: number | null;
  readonly error: string | null;
  readonly ticketId: string | null;
  readonly createdAt: Date;
  readonly nextAt: Date | null;
  readonly finishedAt: Date | null;
  /** Why it waits, where it is among those that did not simply go. */
  readonly troubleReason: string | null;
}

export interface DeliveryFilter {
  readonly states?: readonly string[];
  readonly endpoint?: string;
}

const COLUMNS = `d.id, d.conversation_id AS "conversationId", d.message_id AS "messageId", d.endpoint, d.entity_type AS "entityType", d.operation,
  d.rule_id AS "ruleId", coalesce(v.document->>'name', d.rule_id) AS rule, d.rule_version AS "ruleVersion", d.state, d.attempts, d.http_status AS "httpStatus", d.error, CASE d.operation WHEN 'UPDATE' THEN coalesce(d.ticket_id, l.ticket_id) ELSE d.ticket_id END AS "ticketId",
  d.created_at AS "createdAt", d.next_at AS "nextAt", d.finished_at AS "finishedAt", t.reason AS "troubleReason"`;
const RULE = 'LEFT JOIN rule_version v ON v.organization_id = d.organization_id AND v.rule_id = d.rule_id AND v.version = d.rule_version';
// An update's ticket is that of its lane.
const LANE = 'LEFT JOIN ticket_link l ON l.conversation_id = d.conversation_id AND l.endpoint = d.endpoint AND l.entity_type = d.entity_key AND l.organization_id = d.organization_id';
const AROUND = `LEFT JOIN troubled_delivery t ON t.delivery_id = d.id AND t.organization_id = d.organization_id ${LANE} ${RULE}`;
const BODY = 'LEFT JOIN delivery_body b ON b.id = d.id AND b.organization_id = d.organization_id';
/** States that have a row in the work list, hence an index. */
const TROUBLED: readonly string[] = ['RETRYING', 'DEAD', 'HELD'];

export interface DeliveryDetailRow extends DeliveryRow {
  readonly body: Buffer | null;
}

export interface AttemptRow {
  readonly deliveryId: string;
  readonly number: number;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly outcome: string | null;
  readonly httpStatus: number | null;
  readonly error: string | null;
  readonly durationMs: number | null;
  readonly answer: Buffer | null;
  /** As JSON; kept of those that did not succeed. */
  readonly request: string | null;
}

/** What a delivery carried before an operator changed it. */
export interface EditRow {
  readonly number: number;
  readonly bodyBefore: Buffer;
  readonly editedBy: string;
  readonly reason: string | null;
  readonly editedAt: Date;
}

/** The deliveries of one organization, in one transaction. */
export class DeliveryFeed {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  /** A page, newest first. */
  page(filter: DeliveryFilter, range: IdRange, limit: number): Promise<Scan<DeliveryRow>> {
    return filter.states !== undefined && filter.states.every((state) => TROUBLED.includes(state))
      ? this.pageOfTroubled(filter, range, limit)
      : scanBackwards(range, limit, (window) => this.readWindow(filter, window));
  }

  async find(id: string): Promise<DeliveryDetailRow | null> {
    const [row] = await this.manager.query<DeliveryDetailRow[]>(
      `SELECT ${COLUMNS}, b.body FROM delivery d ${AROUND} ${BODY} WHERE d.organization_id = $1 AND d.id = $2`, [this.organization, id]);
    return row ?? null;
  }

  /** The deliveries that these messages caused, oldest first; the conversations give the look-up its index. */
  ofMessages(conversations: readonly string[], messages: readonly string[]): Promise<DeliveryRow[]> {
    return this.manager.query<DeliveryRow[]>(
      `SELECT ${COLUMNS} FROM delivery d ${AROUND}
       WHERE d.organization_id = $1 AND d.conversation_id = ANY($2::uuid[]) AND d.message_id = ANY($3::uuid[]) ORDER BY d.id`, [this.organization, conversations, messages]);
  }

  /** The deliveries that one message caused, with what they carry, oldest first. */
  ofMessage(conversation: string, message: string): Promise<DeliveryDetailRow[]> {
    return this.manager.query<DeliveryDetailRow[]>(
      `SELECT ${COLUMNS}, b.body FROM delivery d ${AROUND} ${BODY}
       WHERE d.organization_id = $1 AND d.conversation_id = $2 AND d.message_id = $3 ORDER BY d.id`, [this.organization, conversation, message]);
  }

  /** The newest deliveries of a conversation, newest first. */
  ofConversation(conversation: string, limit: number): Promise<DeliveryDetailRow[]> {
    return this.manager.query<DeliveryDetailRow[]>(
      `SELECT ${COLUMNS}, b.body FROM delivery d ${AROUND} ${BODY} WHERE d.organization_id = $1 AND d.conversation_id = $2 ORDER BY d.id DESC LIMIT $3`, [this.organization, conversation, limit]);
  }

  /** The deliveries of a conversation that are not done, in the order of their lanes. */
  unfinished(conversation: string): Promise<DeliveryRow[]> {
    return this.manager.query<DeliveryRow[]>(
      `SELECT ${COLUMNS} FROM delivery d ${AROUND}
       WHERE d.organization_id = $1 AND d.conversation_id = $2 AND d.state NOT IN ('SENT', 'SKIPPED', 'CANCELLED') ORDER BY d.seq LIMIT 500`, [this.organization, conversation]);
  }

  /** All attempts of some deliveries, in order. */
  attempts(deliveries: readonly string[]): Promise<AttemptRow[]> {
    return this.manager.query<AttemptRow[]>(
      `SELECT delivery_id AS "deliveryId", number, started_at AS "startedAt", finished_at AS "finishedAt", outcome, http_status AS "httpStatus", error, duration_ms AS "durationMs", answer, request
       FROM attempt WHERE organization_id = $1 AND delivery_id = ANY($2::uuid[]) ORDER BY delivery_id, number`, [this.organization, deliveries]);
  }

  /** What was changed in it by hand, in order. */
  edits(id: string): Promise<EditRow[]> {
    return this.manager.query<EditRow[]>(
      `SELECT number, body_before AS "bodyBefore", edited_by AS "editedBy", reason, edited_at AS "editedAt" FROM delivery_edit WHERE organization_id = $1 AND delivery_id = $2 ORDER BY number`, [this.organization, id]);
  }

  private async pageOfTroubled(filter: DeliveryFilter, range: IdRange, limit: number): Promise<Scan<DeliveryRow>> {
    const values: unknown[] = [this.organization, range.from, range.before, limit + 1, filter.states];
    if (filter.endpoint !== undefined) values.push(filter.endpoint);
    const rows = await this.manager.query<DeliveryRow[]>(
      `SELECT ${COLUMNS} FROM troubled_delivery t JOIN delivery d ON d.organization_id = t.organization_id AND d.id = t.delivery_id ${LANE} ${RULE}
       WHERE t.organization_id = $1 AND t.delivery_id >= $2 AND t.delivery_id < $3 AND t.state = ANY($5::text[])${filter.endpoint === undefined ? '' : ' AND t.endpoint = $6'}
       ORDER BY t.delivery_id DESC LIMIT $4`, values);
    return { rows: rows.slice(0, limit), resumeBefore: rows.length > limit ? rows[limit - 1]!.id : null };
  }

  private async readWindow(filter: DeliveryFilter, { from, before, size, wanted }: Window): Promise<WindowRead<DeliveryRow>> {
    const values: unknown[] = [this.organization, from, before, size, wanted];
    const place = (value: unknown): string => `$${values.push(value)}`;
    const state = filter.states === undefined ? '' : ` AND d.state = ANY(${place(filter.states)}::text[])`;
    const endpoint = filter.endpoint === undefined ? '' : ` AND d.endpoint = ${place(filter.endpoint)}`;
    const source = 'SELECT * FROM delivery WHERE organization_id = $1 AND id >= $2 AND id < $3 ORDER BY id DESC LIMIT $4';
    const rows = await this.manager.query<DeliveryRow[]>(`SELECT ${COLUMNS} FROM (${source}) d ${AROUND} WHERE true${state}${endpoint} ORDER BY d.id DESC LIMIT $5`, values);
    if (rows.length === wanted) return { rows, lastId: rows.at(-1)!.id };
    const [last] = await this.manager.query<{ id: string }[]>(
      'SELECT id FROM delivery WHERE organization_id = $1 AND id >= $2 AND id < $3 ORDER BY id DESC OFFSET $4 - 1 LIMIT 1', [this.organization, from, before, size]);
    return { rows, lastId: last?.id ?? null };
  }
}
