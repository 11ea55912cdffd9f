import type { EntityManager } from 'typeorm';
import { messageConditions, type MessageFilter } from '../feed/message-feed.js';
import { WINDOW_OF_BODIES, type IdRange } from '../feed/scan.js';
import { waitsForWords } from '../feed/wait-reason.js';
import type { OrganizationId } from '../organization.js';

/** What a bulk operation is about: `ids`, or everything that a filter finds. Instants in ISO 8601. */
export interface BulkSelection {
  readonly ids?: readonly string[];
  readonly filter?: BulkFilter;
}

export interface BulkFilter {
  readonly status?: string;
  readonly endpoint?: string;
  readonly entityType?: string;
  readonly conversation?: string;
  readonly from?: string;
  readonly to?: string;
  /** Of messages and delayed executions. */
  readonly rule?: string;
  /** Of messages only, as the feed has them. */
  readonly ticketId?: string;
  readonly text?: string;
  readonly conversationAttribute?: readonly string[];
  /** Of deliveries only: those of the messages that this finds. */
  readonly messages?: Omit<BulkFilter, 'messages' | 'status'> & { readonly state?: string };
  /** Of delayed executions only, as their list has them. */
  readonly waitsFor?: string;
  readonly dueFrom?: string;
  readonly dueBefore?: string;
}

/** How far planning has come: the part that is read, and the id behind which to go on. */
export interface PlannedTo {
  readonly part: 'troubled' | 'queued' | 'messages' | 'waiting';
  readonly id: string;
}

export interface PlanStep {
  readonly found: number;
  /** Null: everything was read. */
  readonly next: PlannedTo | null;
}

/** Rows read per step; a literal, since a parameter here is estimated as a tenth of the table. */
const WINDOW = 5_000;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** States of a delivery that waits for something or somebody. */
const THAT_WAIT = ['QUEUED', 'RETRYING', 'HELD', 'DEAD'];
const INSERT = 'INSERT INTO bulk_item (organization_id, bulk_id, subject, endpoint, state_then, reason_then)';
/** The rule of a delayed execution, and what it waits for. */
const WHY_IT_WAITS = `x.rule_name || coalesce(': ' || ${waitsForWords('x')}, '')`;
/** A filter names the same twice where it was requeued meanwhile. */
const ONCE = 'ON CONFLICT DO NOTHING RETURNING subject';

/** Finds what a bulk operation is about and writes its items: nothing is done to any of them. One organization, one transaction. */
export class BulkSelectionStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager, private readonly bulk: string) {}

  /** Takes deliveries by id; answers the ids that were found. */
  deliveriesById(ids: readonly string[]): Promise<string[]> {
    return this.insert(`${INSERT} SELECT $1, $2, d.id, d.endpoint, d.state, coalesce(t.reason, d.error, '')
      FROM delivery d LEFT JOIN troubled_delivery t ON t.delivery_id = d.id AND t.organization_id = d.organization_id WHERE d.organization_id = $1 AND d.id = ANY($3::uuid[]) ${ONCE}`, [ids]);
  }

  messagesById(ids: readonly string[]): Promise<string[]> {
    return this.insert(`${INSERT} SELECT $1, $2, m.id, m.endpoint, m.state, coalesce(m.reason, '') FROM message m WHERE m.organization_id = $1 AND m.id = ANY($3::uuid[]) ${ONCE}`, [ids]);
  }

  /** The next deliveries that wait: first those of the work list, then those that are queued. */
  async deliveriesThatWait(filter: BulkFilter, bounds: IdRange, at: PlannedTo | null, most: number): Promise<PlanStep> {
    if (at === null && filter.status === 'QUEUED') return this.queued(filter, bounds, most);
    if (at?.part === 'queued') return this.queued(filter, bounds, most);
    const step = await this.troubled(filter, bounds, at?.id ?? FIRST_ID);
    return step.next !== null || filter.status !== undefined ? step : { found: step.found, next: { part: 'queued', id: FIRST_ID } };
  }

  /** The next messages that this finds, newest first. */
  messages(filter: MessageFilter, bounds: IdRange, at: PlannedTo | null): Promise<PlanStep> {
    return this.amongMessages(filter, bounds, at, (found) => `SELECT $1, $2, m.id, m.endpoint, m.state, coalesce(m.reason, '') FROM ${found}`);
  }

  /** The next deliveries that wait of the messages that this finds, newest message first. */
  deliveriesOfMessages(filter: MessageFilter, { status, endpoint, entityType }: BulkFilter, bounds: IdRange, at: PlannedTo | null): Promise<PlanStep> {
    return this.amongMessages(filter, bounds, at, (found, values) => {
      const states = `$${values.push(status === undefined ? THAT_WAIT : [status])}`;
      return `SELECT $1, $2, d.id, d.endpoint, d.state, coalesce(t.reason, d.error, '') FROM ${found} CROSS JOIN LATERAL (
          SELECT x.id, x.endpoint, x.state, x.error FROM delivery x
          WHERE x.organization_id = $1 AND x.conversation_id = m.conversation_id AND x.message_id = m.id AND x.state = ANY(${states}::text[])${conditions('x', { endpoint, entity_type: entityType }, values, 0)} OFFSET 0) d
        LEFT JOIN troubled_delivery t ON t.organization_id = $1 AND t.delivery_id = d.id`;
    });
  }

  executionsById(ids: readonly string[]): Promise<string[]> {
    return this.insert(`${INSERT} SELECT $1, $2, x.id, x.endpoint, x.state, ${WHY_IT_WAITS} FROM delayed_execution x WHERE x.organization_id = $1 AND x.id = ANY($3::uuid[]) ${ONCE}`, [ids]);
  }

  /** The next executions that wait for their delay, newest first: windows of the index of the list. */
  async executionsThatWait(filter: BulkFilter, bounds: IdRange, at: PlannedTo | null): Promise<PlanStep> {
    const values: unknown[] = [bounds.from, at?.id ?? bounds.before];
    const inConversation = conditions('x', { conversation_id: filter.conversation }, values, 2);
    const more = conditions('x', { endpoint: filter.endpoint, entity_type: filter.entityType, rule_id: filter.rule }, values, 2) + due(filter, values, 2);
    const window = `SELECT id, endpoint, entity_type, rule_id, rule_name, state, waiting_for, due_at FROM delayed_execution x WHERE x.organization_id = $1 AND x.id >= $3 AND x.id < $4${inConversation} ORDER BY x.id DESC LIMIT ${WINDOW}`;
    const [row] = await this.manager.query<{ found: number; last: string | null; read: number }[]>(
      `WITH w AS MATERIALIZED (${window}), i AS (${INSERT} SELECT $1, $2, x.id, x.endpoint, x.state, ${WHY_IT_WAITS} FROM w x WHERE x.state = 'WAITING'${more} ${ONCE})
       SELECT (SELECT count(*) FROM i)::int AS found, (SELECT count(*) FROM w)::int AS read, (SELECT id FROM w ORDER BY id LIMIT 1) AS last`, [this.organization, this.bulk, ...values]);
    const { found, last, read } = row!;
    return { found, next: read < WINDOW || last === null ? null : { part: 'waiting', id: last } };
  }

  /** Windows of the primary key are read, as for the feed; where conversations are named, of theirs alone. Only what the window lets through is read whole: traces and bodies are large. */
  private async amongMessages({ states, conversations, ...filter }: MessageFilter, bounds: IdRange, at: PlannedTo | null, select: (found: string, values: unknown[]) => string): Promise<PlanStep> {
    const values: unknown[] = [this.organization, this.bulk, bounds.from, at?.id ?? bounds.before];
    const size = filter.text === undefined ? WINDOW : WINDOW_OF_BODIES;
    const ofThese = conversations === undefined ? '' : ` AND conversation_id = ANY($${values.push(conversations)}::uuid[])`;
    const inState = states === undefined ? '' : ` WHERE w.state = ANY($${values.push(states)}::text[])`;
    const found = `(SELECT m.* FROM (SELECT w.id FROM w${inState}) w CROSS JOIN LATERAL (SELECT x.* FROM message x WHERE x.organization_id = $1 AND x.id = w.id OFFSET 0) m WHERE true${messageConditions(filter, values).sql}) m`;
    const [row] = await this.manager.query<{ found: number; last: string | null; read: number }[]>(
      `WITH w AS MATERIALIZED (SELECT id, state FROM message WHERE organization_id = $1 AND id >= $3 AND id < $4${ofThese} ORDER BY id DESC LIMIT ${size}),
        i AS (${INSERT} ${select(found, values)} ${ONCE})
       SELECT (SELECT count(*) FROM i)::int AS found, (SELECT count(*) FROM w)::int AS read, (SELECT id FROM w ORDER BY id LIMIT 1) AS last`, values);
    const { found: taken, last, read } = row!;
    return { found: taken, next: read < size || last === null ? null : { part: 'messages', id: last } };
  }

  private async troubled(filter: BulkFilter, bounds: IdRange, after: string): Promise<PlanStep> {
    const values: unknown[] = [bounds.from, bounds.before, after];
    const more = conditions('t', { state: filter.status, endpoint: filter.endpoint, conversation_id: filter.conversation }, values, 2);
    const type = conditions('d', { entity_type: filter.entityType }, values, 2);
    const window = `SELECT * FROM troubled_delivery t WHERE t.organization_id = $1 AND t.delivery_id >= $3 AND t.delivery_id < $4 AND t.delivery_id > $5${more} ORDER BY t.delivery_id LIMIT ${WINDOW}`;
    const [row] = await this.manager.query<{ found: number; last: string | null; read: number }[]>(
      `WITH w AS MATERIALIZED (${window}), i AS (${INSERT} SELECT $1, $2, d.id, d.endpoint, d.state, w.reason FROM w JOIN delivery d ON d.organization_id = $1 AND d.id = w.delivery_id WHERE true${type} ${ONCE})
       SELECT (SELECT count(*) FROM i)::int AS found, (SELECT count(*) FROM w)::int AS read, (SELECT delivery_id FROM w ORDER BY delivery_id DESC LIMIT 1) AS last`, [this.organization, this.bulk, ...values]);
    const { found, last, read } = row!;
    return { found, next: read < WINDOW || last === null ? null : { part: 'troubled', id: last } };
  }

  /** Queued deliveries are found by their lanes that have work: in one statement, since that index is in no order of ids. */
  private async queued(filter: BulkFilter, bounds: IdRange, most: number): Promise<PlanStep> {
    const values: unknown[] = [bounds.from, bounds.before];
    const lanes = conditions('t', { endpoint: filter.endpoint, conversation_id: filter.conversation }, values, 2);
    const type = conditions('d', { entity_type: filter.entityType }, values, 2);
    const found = await this.insert(`${INSERT} SELECT $1, $2, d.id, d.endpoint, d.state, '' FROM ticket_link t CROSS JOIN LATERAL (
        SELECT x.id, x.endpoint, x.entity_type, x.state FROM delivery x WHERE x.organization_id = $1 AND x.conversation_id = t.conversation_id AND x.seq > t.done_seq
          AND x.endpoint = t.endpoint AND x.entity_key = t.entity_type AND x.state = 'QUEUED' OFFSET 0) d
      WHERE t.organization_id = $1 AND t.ready_at < 'infinity'${lanes} AND d.id >= $3 AND d.id < $4${type} LIMIT ${Math.max(0, Math.floor(most))} ${ONCE}`, values);
    return { found: found.length, next: null };
  }

  private async insert(sql: string, values: readonly unknown[]): Promise<string[]> {
    const rows = await this.manager.query<{ subject: string }[]>(sql, [this.organization, this.bulk, ...values]);
    return rows.map((row) => row.subject);
  }
}

/** When an execution is due and what it waits for, like `conditions`. */
function due({ dueFrom, dueBefore, waitsFor }: BulkFilter, values: unknown[], ahead: number): string {
  const place = (value: string): string => `$${values.push(value) + ahead}`;
  return [
    dueFrom === undefined ? '' : ` AND x.due_at >= ${place(dueFrom)}::timestamptz`, dueBefore === undefined ? '' : ` AND x.due_at < ${place(dueBefore)}::timestamptz`,
    waitsFor === undefined ? '' : ` AND EXISTS (SELECT FROM jsonb_array_elements(x.waiting_for) w WHERE w->>'type' = ${place(waitsFor)})`,
  ].join('');
}

/** `AND alias.column = $n` for what is set; pushes its values behind `ahead` others. */
function conditions(alias: string, wanted: Readonly<Record<string, string | undefined>>, values: unknown[], ahead: number): string {
  return Object.entries(wanted).map(([column, value]) => (value === undefined ? '' : ` AND ${alias}.${column} = $${values.push(value) + ahead}`)).join('');
}
