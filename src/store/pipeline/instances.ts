import type pg from 'pg';

/** A process that claims lanes; its claims are valid while its heartbeat is younger than 12 s on the database's clock. */
export interface InstanceRow {
  readonly host: string;
  readonly pid: number;
  readonly dataDir: string;
  readonly version: string;
}

const NOW_MS = `(extract(epoch FROM clock_timestamp()) * 1000)::float8`;

/** Gives lanes back whose claims nobody knows of, and says of calls begun with them that they were never made. */
export async function freeClaims(pool: pg.Pool, claims: readonly bigint[]): Promise<number> {
  const tokens = [claims.map(String)];
  await pool.query(
    `UPDATE attempt a SET outcome = 'NOT_SENT', finished_at = now() FROM ticket_link t JOIN delivery d ON d.conversation_id = t.conversation_id AND d.endpoint = t.endpoint AND d.entity_key = t.entity_type AND d.seq > t.done_seq
     WHERE t.ready_at < 'infinity' AND t.claim = ANY($1::int8[]) AND a.delivery_id = d.id AND a.claim = t.claim AND a.outcome IS NULL`, tokens);
  let lanes = 0;
  for (const table of LANE_TABLES) {
    const given = await pool.query(`UPDATE ${table} SET claim = NULL, ready_at = now() WHERE ready_at < 'infinity' AND claim = ANY($1::int8[])`, tokens);
    lanes += given.rowCount ?? 0;
  }
  return lanes;
}

const LANE_TABLES = ['conversation', 'ticket_link', 'receive_lane', 'poll_lane'] as const;

/** Answers the instance's number and the database's clock, in milliseconds. */
export async function registerInstance(pool: pg.Pool, row: InstanceRow): Promise<{ id: number; nowMs: number }> {
  const { rows } = await pool.query<{ id: number; nowMs: number }>(
    `INSERT INTO instance (host, pid, data_dir, version) VALUES ($1, $2, $3, $4) RETURNING id, ${NOW_MS} AS "nowMs"`, [row.host, row.pid, row.dataDir, row.version]);
  return rows[0]!;
}

/** A connection that hangs must not keep the next heartbeat from another one. */
const HEARTBEAT_LIMIT_MS = 5_000;

/** Answers the database's clock, in milliseconds; null: somebody declared this instance dead, its claims are gone. */
export async function heartbeat(pool: pg.Pool, id: number): Promise<number | null> {
  const heart = { name: 'heartbeat', text: `UPDATE instance SET heartbeat_at = now() WHERE id = $1 AND stopped_at IS NULL RETURNING ${NOW_MS} AS "nowMs"`, values: [id], query_timeout: HEARTBEAT_LIMIT_MS };
  const { rows } = await pool.query<{ nowMs: number }>(heart);
  return rows[0]?.nowMs ?? null;
}

/** Instances that ran on this host and data folder and were never stopped: candidates for a predecessor that died. */
export async function unstoppedOn(pool: pg.Pool, host: string, dataDir: string): Promise<{ id: number; pid: number }[]> {
  return (await pool.query<{ id: number; pid: number }>('SELECT id, pid FROM instance WHERE stopped_at IS NULL AND host = $1 AND data_dir = $2', [host, dataDir])).rows;
}

export async function silentInstances(pool: pg.Pool): Promise<number[]> {
  const { rows } = await pool.query<{ id: number }>({ name: 'silent-instances', text: `SELECT id FROM instance WHERE stopped_at IS NULL AND heartbeat_at < now() - interval '12 seconds'` });
  return rows.map((row) => row.id);
}

/**
 * Declares an instance stopped and gives its lanes back, in one transaction: a heartbeat that comes later finds no row, and no write
 * of it passes its claims. `silent`: only if its heartbeat is (still) old. Returns how many lanes were given back, or null where it was not done.
 */
export async function stopInstance(client: pg.PoolClient, id: number, silent: boolean): Promise<number | null> {
  const { rowCount } = await client.query(
    `UPDATE instance SET stopped_at = now() WHERE id = $1 AND stopped_at IS NULL AND (NOT $2 OR heartbeat_at < now() - interval '12 seconds')`, [id, silent]);
  if (rowCount !== 1) return null;
  return giveBackClaims(client, id);
}

/** What it was sending when it died, nobody knows. */
async function giveBackClaims(client: pg.PoolClient | pg.Pool, id: number): Promise<number> {
  let lanes = 0;
  for (const table of LANE_TABLES) {
    // The partial index holds the lanes that have work, claimed ones among them: few.
    const given = await client.query(`UPDATE ${table} SET claim = NULL, ready_at = now()${table === 'ticket_link' ? ', in_doubt = true' : ''} WHERE ready_at < 'infinity' AND claim IS NOT NULL AND claim >> 32 = $1`, [id]);
    lanes += given.rowCount ?? 0;
  }
  return lanes;
}

/** A statement may be carried out after its process has died, and even after that was seen. */
const STRAGGLING = `SELECT id FROM instance WHERE stopped_at > now() - interval '1 minute'`;

/** Gives back what instances claimed that were stopped a moment ago. Returns how many lanes. */
export async function giveBackStraggling(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ id: number }>({ name: 'straggling-instances', text: STRAGGLING });
  let lanes = 0;
  for (const { id } of rows) lanes += await giveBackClaims(pool, id);
  return lanes;
}
