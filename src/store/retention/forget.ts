import pg from 'pg';
import { uuidFloor } from '../pipeline/uuid.js';
import { FIRST_ID, forgetEndedConversations } from './ended-conversations.js';
import { forgetAttachments } from './old-attachments.js';

const DAY_MS = 24 * 3_600_000;
/** Rows per statement: short transactions, however many there are. */
const CHUNK = 2_000;
/** Results of bulk operations, and plans that nobody started. */
const BULK_DAYS = 30;
/** Longer than any delivery is retried; one that waits for somebody keeps its steps. */
const STEP_DAYS = 31;
/** Alerts tell of the last hour. */
const FAILED_DAYS = 1;
/** What came back longer ago says nothing of an address any more. */
const BOUNCE_DAYS = 90;
/** Processes that ended; their numbers stand in nothing that is asked for later. */
const INSTANCE_DAYS = 30;

export interface ForgetOptions {
  /** How long messages are kept; 0: for ever. */
  readonly messageDays: number;
  /** 0: for ever. */
  readonly unmappedDays: number;
  readonly nowMs: number;
  /** Where the last run ended among the conversations. */
  readonly conversationsAfter?: string;
}

export interface Forgotten {
  /** Rows, by what they were. */
  readonly rows: Readonly<Record<string, number>>;
  /** Where the next run begins among the conversations. */
  readonly conversationsUpTo: string;
}

/** What goes by age: the condition names the old ones, `$1` is the id or the instant before which something is old. */
interface OldRows {
  readonly name: string;
  readonly table: string;
  readonly condition: string;
  readonly before: string | Date;
}

function oldRows(messagesBefore: string | null, { nowMs, unmappedDays }: Pick<ForgetOptions, 'nowMs' | 'unmappedDays'>): OldRows[] {
  const daysAgo = (days: number): Date => new Date(nowMs - days * DAY_MS);
  const always: OldRows[] = [
    { name: 'bulkOperations', table: 'bulk_operation', condition: `id < $1::uuid AND state IN ('DONE', 'CANCELLED', 'PLANNED') AND updated_at < now() - interval '1 hour'`, before: uuidFloor(nowMs - BULK_DAYS * DAY_MS) },
    { name: 'deliverySteps', table: 'delivery_step', condition: 'delivery_id < $1::uuid AND NOT EXISTS (SELECT FROM troubled_delivery t WHERE t.delivery_id = x.delivery_id)', before: uuidFloor(nowMs - STEP_DAYS * DAY_MS) },
    { name: 'failedMessages', table: 'failed_message', condition: 'failed_at < $1', before: daysAgo(FAILED_DAYS) },
    { name: 'bouncedAddresses', table: 'bounced_address', condition: 'suppressed_at IS NULL AND last_at < $1', before: daysAgo(BOUNCE_DAYS) },
    { name: 'heldBack', table: 'held_back', condition: 'last_at < $1', before: daysAgo(FAILED_DAYS) },
    { name: 'domainTurns', table: 'domain_turn', condition: 'taken_until < $1', before: daysAgo(1) },
    { name: 'instances', table: 'instance', condition: 'stopped_at < $1', before: daysAgo(INSTANCE_DAYS) },
    ...(unmappedDays === 0 ? [] : [{ name: 'unmappedValues', table: 'unmapped_value', condition: 'last_at < $1', before: daysAgo(unmappedDays) }]),
  ];
  if (messagesBefore === null) return always;
  return [
    ...always,
    { name: 'memoryChanges', table: 'memory_change', condition: 'id < $1::uuid', before: messagesBefore },
    { name: 'endedExecutions', table: 'delayed_execution', condition: `id < $1::uuid AND state <> 'WAITING'`, before: messagesBefore },
    { name: 'rejectedRequests', table: 'rejected_request', condition: 'id < $1::uuid', before: messagesBefore },
    { name: 'edits', table: 'delivery_edit', condition: 'delivery_id < $1::uuid AND NOT EXISTS (SELECT FROM delivery d WHERE d.organization_id = x.organization_id AND d.id = x.delivery_id)', before: messagesBefore },
  ];
}

/** Forgets what is old and that nothing open refers to, in short transactions. */
export async function forgetOld(url: string, { messageDays, unmappedDays, nowMs, conversationsAfter = FIRST_ID }: ForgetOptions): Promise<Forgotten> {
  const client = new pg.Client({ connectionString: url, options: '-c role=parley_worker -c statement_timeout=60s', application_name: 'parley retention' });
  await client.connect();
  try {
    const messagesBefore = messageDays === 0 ? null : uuidFloor(Math.max(0, nowMs - messageDays * DAY_MS));
    const rows: Record<string, number> = {};
    for (const old of oldRows(messagesBefore, { nowMs, unmappedDays })) rows[old.name] = await forgetRows(client, old);
    if (messagesBefore === null) return { rows, conversationsUpTo: FIRST_ID };
    const attachments = await forgetAttachments(client, messagesBefore);
    const ended = await forgetEndedConversations(client, messagesBefore, conversationsAfter);
    return { rows: { ...rows, attachments, conversations: ended.forgotten }, conversationsUpTo: ended.upTo };
  } finally {
    await client.end();
  }
}

async function forgetRows(client: pg.Client, { table, condition, before }: OldRows): Promise<number> {
  for (let forgotten = 0; ;) {
    const { rowCount } = await client.query(`DELETE FROM ${table} WHERE ctid = ANY (ARRAY (SELECT x.ctid FROM ${table} x WHERE ${condition} LIMIT ${CHUNK}))`, [before]);
    forgotten += rowCount ?? 0;
    if ((rowCount ?? 0) < CHUNK) return forgotten;
  }
}
