import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';
import type { DelayedRow } from './conversation-feed.js';
import { scanBackwards, type IdRange, type Scan, type Window, type WindowRead } from './scan.js';

/** Every filter that is set must hold. */
export interface DelayedFilter {
  readonly state?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly rule?: string | undefined;
  readonly conversation?: string | undefined;
  /** Due at this instant or later; before this instant. */
  readonly dueFrom?: string | undefined;
  readonly dueBefore?: string | undefined;
  /** What it waits or waited for, one of `WAIT_REASONS`. */
  readonly waitsFor?: string | undefined;
}

export interface ListedDelayedRow extends DelayedRow {
  readonly conversation: string;
  /** As the system that the message came from names its ticket; null where it names none, or the message is not kept any more. */
  readonly ticketId: string | null;
}

const COLUMNS = `x.id, x.conversation_id AS conversation, x.message_id AS "messageId", x.rule_id AS "ruleId", x.rule_version AS "ruleVersion", x.rule_name AS "ruleName", x.endpoint, x.entity_type AS "entityType", x.operation,
  x.state, x.reason, x.due_at AS "dueAt", x.waiting_for AS "waitingFor", x.timeout_at AS "timeoutAt", x.created_at AS "createdAt", x.finished_at AS "finishedAt",
  (SELECT m.ticket_id FROM message m WHERE m.organization_id = x.organization_id AND m.id = x.message_id) AS "ticketId"`;

/** Rule executions that wait or waited, of one organization, in one transaction. */
export class DelayedFeed {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  /** A page, newest first. */
  page(filter: DelayedFilter, range: IdRange, limit: number): Promise<Scan<ListedDelayedRow>> {
    return scanBackwards(range, limit, (window) => this.readWindow(filter, window));
  }

  async find(id: string): Promise<ListedDelayedRow | null> {
    const [row] = await this.manager.query<ListedDelayedRow[]>(`SELECT ${COLUMNS} FROM delayed_execution x WHERE x.organization_id = $1 AND x.id = $2`, [this.organization, id]);
    return row ?? null;
  }

  private async readWindow(filter: DelayedFilter, { from, before, size, wanted }: Window): Promise<WindowRead<ListedDelayedRow>> {
    const values: unknown[] = [this.organization, from, before, size, wanted];
    const tests: readonly [string | undefined, (place: string) => string][] = [
      [filter.state, (place) => `x.state = ${place}`], [filter.endpoint, (place) => `x.endpoint = ${place}`], [filter.rule, (place) => `x.rule_id = ${place}`],
      [filter.dueFrom, (place) => `x.due_at >= ${place}`], [filter.dueBefore, (place) => `x.due_at < ${place}`],
      [filter.waitsFor, (place) => `EXISTS (SELECT FROM jsonb_array_elements(x.waiting_for) w WHERE w->>'type' = ${place})`],
    ];
    const sql = tests.flatMap(([value, test]) => (value === undefined ? [] : [` AND ${test(`$${values.push(value)}`)}`])).join('');
    const inConversation = filter.conversation === undefined ? '' : ` AND conversation_id = $${values.push(filter.conversation)}`;
    const source = `SELECT * FROM delayed_execution WHERE organization_id = $1 AND id >= $2 AND id < $3${inConversation} ORDER BY id DESC LIMIT $4`;
    const rows = await this.manager.query<ListedDelayedRow[]>(`SELECT ${COLUMNS} FROM (${source}) x WHERE true${sql} ORDER BY x.id DESC LIMIT $5`, values);
    if (rows.length === wanted) return { rows, lastId: rows.at(-1)!.id };
    const bounds = [this.organization, from, before, size, ...(filter.conversation === undefined ? [] : [filter.conversation])];
    const [last] = await this.manager.query<{ id: string }[]>(
      `SELECT id FROM delayed_execution WHERE organization_id = $1 AND id >= $2 AND id < $3${filter.conversation === undefined ? '' : ' AND conversation_id = $5'} ORDER BY id DESC OFFSET $4 - 1 LIMIT 1`, bounds);
    return { rows, lastId: last?.id ?? null };
  }
}
