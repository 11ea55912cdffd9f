import pg from 'pg';
import { uuidFloor, uuidTimeMs } from '../pipeline/uuid.js';
import { countSlice } from './count-slice.js';
import { sliceAt } from './slice.js';

const DAY_MS = 24 * 3_600_000;
/** A row whose id was made before the end of a slice may be committed after it. */
const LATE_MS = 60_000;
/** Longer than anybody asks for. */
const KEEP_MONTHS = 37;
const MOST_RECOUNTS = 200;
/** Any fixed number: one process at a time counts. */
const COUNT_LOCK = 7_270_543;

/** The pipeline's connections avoid what reads much; here much is read. What a crash of the database forgets is counted again. */
const OPTIONS = '-c role=parley_worker -c statement_timeout=10min -c lock_timeout=2s -c jit=off -c synchronous_commit=off';

export interface CountOptions {
  /** The database's clock. */
  readonly nowMs: number;
  /** How long messages are kept, in days; 0: for ever. What is older may not be whole any more. */
  readonly messageDays: number;
  /** No slice is begun after so many milliseconds. */
  readonly budgetMs: number;
}

export interface CountRun {
  /** False: another process was at it. */
  readonly ran: boolean;
  readonly slices: number;
}

/** Counts what was not counted yet, then again what may have changed. Several processes may call it at once; what dies is done again. */
export async function countReports(url: string, { nowMs, messageDays, budgetMs }: CountOptions): Promise<CountRun> {
  const client = new pg.Client({ connectionString: url, options: OPTIONS, application_name: 'parley reports' });
  const untilMs = performance.now() + budgetMs;
  const hasTime = (): boolean => performance.now() < untilMs;
  const wholeFromMs = messageDays === 0 ? 0 : nowMs - messageDays * DAY_MS;
  let slices = 0;
  await client.connect();
  try {
    const { rows } = await client.query<{ free: boolean }>('SELECT pg_try_advisory_lock($1) AS free', [COUNT_LOCK]);
    if (!rows[0]!.free) return { ran: false, slices };
    // Who is furthest behind goes first.
    const { rows: organizations } = await client.query<{ id: string; countedMs: number | null }>(
      `SELECT o.id::text AS id, (extract(epoch FROM p.counted_until) * 1000)::float8 AS "countedMs" FROM organization o LEFT JOIN report_progress p ON p.organization_id = o.id ORDER BY p.counted_until NULLS FIRST`);
    for (const { id, countedMs } of organizations) slices += await countNew(client, { organization: id, fromMs: Math.max(wholeFromMs, countedMs ?? 0), nowMs, hasTime });
    slices += await countAgain(client, { wholeFromMs, nowMs, hasTime });
    return { ran: true, slices };
  } finally {
    await client.end();
  }
}

interface NewOnes {
  readonly organization: string;
  readonly fromMs: number;
  readonly nowMs: number;
  readonly hasTime: () => boolean;
}

async function countNew(client: pg.Client, { organization, fromMs, nowMs, hasTime }: NewOnes): Promise<number> {
  let slices = 0;
  for (let atMs = Math.max(0, fromMs - LATE_MS); hasTime();) {
    const nextMs = await nextAt(client, organization, sliceAt(atMs).fromMs);
    if (nextMs === null || nextMs > nowMs) {
      await progress(client, organization, nowMs);
      return slices;
    }
    const slice = sliceAt(nextMs);
    await countSlice(client, organization, slice, nowMs);
    slices++;
    if (slice.untilMs >= nowMs) {
      await progress(client, organization, nowMs);
      return slices;
    }
    await progress(client, organization, slice.untilMs);
    atMs = slice.untilMs;
  }
  return slices;
}

/** When the next message or delivery was made; times without any are passed over. */
async function nextAt(client: pg.Client, organization: string, fromMs: number): Promise<number | null> {
  const first = (table: string): string => `(SELECT id FROM ${table} WHERE organization_id = $1 AND id >= $2 ORDER BY id LIMIT 1)`;
  const { rows } = await client.query<{ id: string | null }>(`SELECT least(${first('message')}, ${first('delivery')})::text AS id`, [organization, uuidFloor(fromMs)]);
  const id = rows[0]?.id ?? null;
  return id === null ? null : uuidTimeMs(id);
}

async function progress(client: pg.Client, organization: string, untilMs: number): Promise<void> {
  await client.query(
    `INSERT INTO report_progress AS p (organization_id, counted_until) SELECT id, $2 FROM organization WHERE id = $1 ON CONFLICT (organization_id) DO UPDATE SET counted_until = excluded.counted_until WHERE p.counted_until < excluded.counted_until`,
    [organization, new Date(untilMs)]);
}

async function countAgain(client: pg.Client, { wholeFromMs, nowMs, hasTime }: { readonly wholeFromMs: number; readonly nowMs: number; readonly hasTime: () => boolean }): Promise<number> {
  const { rows } = await client.query<{ organization: string; fromMs: number; untilMs: number }>(
    `SELECT organization_id::text AS organization, (extract(epoch FROM begins_at) * 1000)::float8 AS "fromMs", (extract(epoch FROM ends_at) * 1000)::float8 AS "untilMs"
     FROM report_slice WHERE recount_at <= $1 AND begins_at >= $2 ORDER BY recount_at LIMIT ${MOST_RECOUNTS}`, [new Date(nowMs), new Date(wholeFromMs)]);
  let slices = 0;
  for (const { organization, ...slice } of rows) {
    if (!hasTime()) break;
    await countSlice(client, organization, slice, nowMs);
    slices++;
  }
  return slices;
}

/** Forgets counts that nobody asks for any more, and where endpoints stood still that no counting looks at again. */
export async function forgetReports(pool: pg.Pool): Promise<void> {
  for (const table of ['report_pair', 'report_slice']) await pool.query(`DELETE FROM ${table} x USING organization o WHERE x.organization_id = o.id AND x.begins_at < now() - $1 * interval '1 month'`, [KEEP_MONTHS]);
  await pool.query(`DELETE FROM endpoint_stop x USING organization o WHERE x.organization_id = o.id AND x.until_at < now() - $1 * interval '1 month'`, [KEEP_MONTHS]);
}
