import pg from 'pg';
import { organizationRows } from '../../../migrations/row-security.js';
import { WEEK_MS, weekOf, type Week } from './week.js';

/** Tables that are partitioned by week on their UUIDv7 key, with that key. */
export const PARTITIONED = ['raw_request', 'message', 'delivery', 'delivery_body', 'attempt'] as const;
export type Partitioned = (typeof PARTITIONED)[number];

/** The column whose id says in which week a row belongs. */
export const keyOf = (table: Partitioned): string => (table === 'attempt' ? 'delivery_id' : 'id');

const WEEKS_AHEAD = 4;
/** Any fixed number: makers of partitions queue on it. */
const PARTITION_LOCK = 7_270_540;
/** Making one waits no longer for whoever uses the table: nobody waits behind it longer than that. */
const LOCK_LIMIT = '3s';

/**
 * Makes the partitions of last week (a clock may lag), this one and the next four, where they are missing, and those for rows that belong into
 * none, where an upkeep that did not run or a clock that is wrong would otherwise lose messages. Runs as the owner of the tables.
 */
export async function ensurePartitions(url: string, nowMs: number = Date.now()): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'parley upkeep' });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [PARTITION_LOCK]);
    for (const table of PARTITIONED) await ensureDefault(client, table);
    for (let week = -1; week <= WEEKS_AHEAD; week++) {
      for (const table of PARTITIONED) await ensurePartition(client, table, weekOf(nowMs + week * WEEK_MS));
    }
  } finally {
    await client.end();
  }
}

const exists = async (client: pg.Client, name: string): Promise<boolean> => ((await client.query('SELECT FROM pg_class WHERE relname = $1', [name])).rowCount ?? 0) > 0;

async function inTransaction(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query(`BEGIN; SET LOCAL lock_timeout = '${LOCK_LIMIT}'`);
  try {
    await work();
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

async function ensureDefault(client: pg.Client, table: Partitioned): Promise<void> {
  const name = `${table}_default`;
  if (await exists(client, name)) return;
  await inTransaction(client, async () => {
    await client.query(`CREATE TABLE ${name} PARTITION OF ${table} DEFAULT`);
    // The pipeline's role may look whether something is in it.
    for (const statement of organizationRows(name, { app: '', worker: 'SELECT' })) await client.query(statement);
  });
}

/** Attaching locks the table against other changes of its shape alone: messages come and go meanwhile. */
async function ensurePartition(client: pg.Client, table: Partitioned, week: Week): Promise<void> {
  const name = `${table}_${week.name}`;
  if (await exists(client, name)) return;
  await inTransaction(client, async () => {
    await makeTable(client, table, name);
    await takeFromDefault(client, table, name, week);
    await client.query(`ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES FROM ('${week.from}') TO ('${week.before}')`);
  });
}

/** A table that can become a partition, with the same row-level security. */
export async function makeTable(client: pg.Client, table: Partitioned, name: string): Promise<void> {
  // Rows whose state changes want room on their page; the others are never updated.
  const fill = table === 'message' || table === 'delivery' || table === 'attempt' ? 'WITH (fillfactor = 75)' : '';
  await client.query(`CREATE TABLE ${name} (LIKE ${table} INCLUDING ALL) ${fill}`);
  for (const statement of organizationRows(name, { app: '', worker: '' })) await client.query(statement);
}

/** What came while the partition was missing moves into it. Forced row-level security binds the owner too: the pipeline's role moves the rows. */
async function takeFromDefault(client: pg.Client, table: Partitioned, name: string, { from, before }: Week): Promise<void> {
  await client.query(`LOCK TABLE ${table}_default IN ACCESS EXCLUSIVE MODE`);
  await client.query(`GRANT DELETE ON ${table}_default TO parley_worker; GRANT INSERT ON ${name} TO parley_worker; SET LOCAL ROLE parley_worker`);
  await client.query(`WITH moved AS (DELETE FROM ${table}_default WHERE ${keyOf(table)} >= '${from}' AND ${keyOf(table)} < '${before}' RETURNING *) INSERT INTO ${name} SELECT * FROM moved`);
  await client.query(`RESET ROLE; REVOKE DELETE ON ${table}_default FROM parley_worker; REVOKE ALL ON ${name} FROM parley_worker`);
}
