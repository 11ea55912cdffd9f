import pg from 'pg';
import { keyOf, PARTITIONED, type Partitioned } from '../pipeline/partition.js';
import { uuidFloor } from '../pipeline/uuid.js';
import { WEEK_MS, weekNamed, type Week } from '../pipeline/week.js';
import { CutPostponed, cutPartition } from './cut-partition.js';
import { isFew, openWorkOf, type OpenWork, type RowKey } from './open-work.js';

const DAY_MS = 24 * 3_600_000;
/** Any fixed number: one process at a time cuts. */
const RETENTION_LOCK = 7_270_541;
/** About a quarter of a minute. */
const TRIES = 40;

/** How long things are kept, in days; 0: for ever. */
export interface KeepTimes {
  /** Requests, messages, deliveries, attempts, and what hangs on them. */
  readonly messageDays: number;
  /** Dead deliveries that nobody retried or skipped. */
  readonly deadDays: number;
}

/** What is done with a week, or would be: dropped, made small, left as small as it is, left since too much of it is open, left for the next run since its tables were in use. */
export type WeekAction = 'drop' | 'shrink' | 'small' | 'keep' | 'postponed';

/** A week that is older than messages are kept. */
export interface OldWeek {
  readonly week: string;
  readonly action: WeekAction;
  /** Why it is left. */
  readonly reason: string | null;
  readonly bytes: number;
  readonly open: { readonly requests: number; readonly messages: number; readonly deliveries: number };
}

export interface RetentionRun {
  /** False: another process was at it. */
  readonly ran: boolean;
  readonly weeks: readonly OldWeek[];
  /** Rows that belong into no partition. */
  readonly strayRows: number;
  /** How many whole weeks ahead there is room for. */
  readonly weeksAhead: number;
}

export interface RetentionOptions extends KeepTimes {
  readonly nowMs: number;
  /** Only tells what would be done. */
  readonly isDry: boolean;
  /** How often a table is tried that is in use. */
  readonly tries?: number;
}

/**
 * Drops the weeks that are older than messages are kept. What something open refers to stays, in a small partition of the same week, until it is
 * done with; a week with very much of it stays as it is. Runs as the owner of the tables; several processes may call it at once.
 */
export async function applyRetention(url: string, options: RetentionOptions): Promise<RetentionRun> {
  const owner = new pg.Client({ connectionString: url, application_name: 'parley retention' });
  const worker = new pg.Client({ connectionString: url, application_name: 'parley retention', options: '-c role=parley_worker -c statement_timeout=10min' });
  await owner.connect();
  await worker.connect();
  try {
    const { rows } = await owner.query<{ free: boolean }>('SELECT pg_try_advisory_lock($1) AS free', [RETENTION_LOCK]);
    if (!rows[0]!.free && !options.isDry) return { ran: false, weeks: [], strayRows: 0, weeksAhead: 0 };
    const known = await weeksOf(owner);
    const weeks: OldWeek[] = [];
    for (const week of known.filter(({ fromMs }) => isOld(fromMs, options))) {
      const treated = await treatWeek({ owner, worker }, week, options);
      weeks.push(treated);
      if (treated.action === 'postponed') break; // what uses the table would be in the way of the others too
    }
    return { ran: true, weeks, strayRows: await strayRows(worker), weeksAhead: known.filter(({ fromMs }) => fromMs > options.nowMs).length };
  } finally {
    await owner.end();
    await worker.end();
  }
}

const isOld = (fromMs: number, { messageDays, nowMs }: RetentionOptions): boolean => messageDays > 0 && fromMs + WEEK_MS <= nowMs - messageDays * DAY_MS;

/** The weeks that messages have partitions for, oldest first. */
async function weeksOf(owner: pg.Client): Promise<Week[]> {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT DISTINCT substring(c.relname FROM '\\d{8}$') AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
     WHERE p.relname = ANY ($1) AND c.relname ~ '_\\d{8}$' ORDER BY 1`, [PARTITIONED]);
  return rows.flatMap(({ name }) => weekNamed(name) ?? []);
}

interface Connections {
  readonly owner: pg.Client;
  readonly worker: pg.Client;
}

async function treatWeek({ owner, worker }: Connections, week: Week, { deadDays, nowMs, isDry, tries = TRIES }: RetentionOptions): Promise<OldWeek> {
  const open = await openWorkOf(worker, week, deadDays === 0 ? uuidFloor(0) : uuidFloor(Math.max(0, nowMs - deadDays * DAY_MS)));
  const present = await tablesOf(owner, week);
  const told = { week: week.name, bytes: await bytesOf(owner, present, week), open: { requests: open.requests.length, messages: open.messages.length, deliveries: open.deliveries.length } };
  if (!isFew(open)) return { ...told, action: 'keep', reason: 'very much in it is open' };
  const hasOpen = open.requests.length + open.messages.length + open.deliveries.length > 0;
  if (hasOpen && (await isSmall(worker, week, open))) return { ...told, action: 'small', reason: null };
  const action = hasOpen ? 'shrink' : 'drop';
  if (isDry) return { ...told, action, reason: null };
  try {
    for (const table of present) await cutPartition(owner, { table, week, keep: keptOf(table, open) }, tries);
    return { ...told, action, reason: null };
  } catch (error) {
    if (!(error instanceof CutPostponed)) throw error;
    return { ...told, action: 'postponed', reason: error.message };
  }
}

/** What a delivery carries and its attempts leave with it; a later attempt needs their partition. */
function keptOf(table: Partitioned, { requests, messages, deliveries }: OpenWork): readonly RowKey[] | null {
  const keys = { raw_request: requests, message: messages, delivery: deliveries, delivery_body: deliveries, attempt: deliveries }[table];
  return keys.length === 0 ? null : keys;
}

async function tablesOf(owner: pg.Client, week: Week): Promise<Partitioned[]> {
  const { rows } = await owner.query<{ name: string }>(`SELECT c.relname AS name FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid WHERE c.relname = ANY ($1)`, [PARTITIONED.map((table) => `${table}_${week.name}`)]);
  const names = new Set(rows.map((row) => row.name));
  return PARTITIONED.filter((table) => names.has(`${table}_${week.name}`));
}

async function bytesOf(owner: pg.Client, tables: readonly Partitioned[], week: Week): Promise<number> {
  const { rows } = await owner.query<{ bytes: number }>('SELECT coalesce(sum(pg_total_relation_size(name::regclass)), 0)::float8 AS bytes FROM unnest($1::text[]) name', [tables.map((table) => `${table}_${week.name}`)]);
  return rows[0]!.bytes;
}

/** Whether nothing is in it but what must stay. */
async function isSmall(worker: pg.Client, week: Week, open: OpenWork): Promise<boolean> {
  for (const [table, keys] of [['raw_request', open.requests], ['message', open.messages], ['delivery', open.deliveries]] as const) {
    const { rows } = await worker.query<{ count: number }>(`SELECT count(*)::int AS count FROM (SELECT 1 FROM ${table} WHERE ${keyOf(table)} >= $1 AND ${keyOf(table)} < $2 LIMIT ${keys.length + 1}) x`, [week.from, week.before]);
    if (rows[0]!.count > keys.length) return false;
  }
  return true;
}

/** Rows of the partitions for what belongs into none; more than a few are told as these few. */
async function strayRows(worker: pg.Client): Promise<number> {
  let count = 0;
  for (const table of PARTITIONED) {
    const { rows } = await worker.query<{ count: number }>(`SELECT count(*)::int AS count FROM (SELECT 1 FROM ${table}_default LIMIT 1000) x`);
    count += rows[0]!.count;
  }
  return count;
}
