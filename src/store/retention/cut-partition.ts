import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { keyOf, makeTable, type Partitioned } from '../pipeline/partition.js';
import type { Week } from '../pipeline/week.js';
import type { RowKey } from './open-work.js';

/** Traffic waits behind a lock that is waited for: so long at most, then it is let through and the lock is tried again. */
const LOCK_LIMIT_MS = 200;
const PAUSE_MS = 250;

/** Rows that became open while the open ones were looked up; found by indexes, since the whole table waits meanwhile. `$1`: the ids that stay. */
const LATE: Partial<Record<Partitioned, (partition: string) => string>> = {
  delivery: (partition) => `SELECT 1 FROM ticket_link t JOIN ${partition} d ON d.conversation_id = t.conversation_id AND d.seq > t.done_seq AND d.endpoint = t.endpoint AND d.entity_key = t.entity_type
    WHERE t.ready_at < 'infinity' AND d.state IN ('QUEUED', 'RETRYING') AND NOT (d.id = ANY ($1::uuid[])) LIMIT 1`,
  message: (partition) => `SELECT 1 FROM conversation c JOIN ${partition} m ON m.conversation_id = c.id AND m.seq > c.done_seq WHERE c.ready_at < 'infinity' AND NOT (m.id = ANY ($1::uuid[])) LIMIT 1`,
  raw_request: (partition) => `SELECT 1 FROM receive_lane l JOIN ${partition} r ON r.organization_id = l.organization_id AND r.endpoint = l.endpoint AND r.seq > l.done_seq WHERE NOT (r.id = ANY ($1::uuid[]))
    UNION ALL SELECT 1 FROM incomplete_request i JOIN ${partition} r ON r.id = i.id WHERE NOT (i.id = ANY ($1::uuid[])) LIMIT 1`,
};

/** A partition could not be cut off now: somebody used the table all the time, or something in it came to life. The next upkeep tries again. */
export class CutPostponed extends Error {}

/** What is to be cut off, and what of it stays: null where the week needs no partition any more. */
export interface Cut {
  readonly table: Partitioned;
  readonly week: Week;
  readonly keep: readonly RowKey[] | null;
}

const partitionOf = ({ table, week }: Cut): string => `${table}_${week.name}`;

/**
 * Cuts a partition off its table; what stays is put into a small one in its place. The table is locked while that small one is filled and attached,
 * for milliseconds; the old one is dropped afterwards, when nobody knows it any more. A table in use is tried `tries` times. Runs as the owner of the tables.
 */
export async function cutPartition(client: pg.Client, cut: Cut, tries: number): Promise<void> {
  const name = partitionOf(cut);
  await client.query(`DROP TABLE IF EXISTS ${name}_gone, ${name}_left`); // of a run that was stopped
  if (cut.keep !== null) await makeTable(client, cut.table, `${name}_left`);
  for (let attempt = 1; ; attempt++) {
    try {
      await swap(client, cut);
      break;
    } catch (error) {
      await client.query('ROLLBACK');
      const isBusy = ['55P03', '40P01'].includes(String((error as { code?: unknown }).code));
      if (isBusy && attempt < tries) {
        await sleep(PAUSE_MS * (0.5 + Math.random()));
        continue;
      }
      await client.query(`DROP TABLE IF EXISTS ${name}_left`);
      throw isBusy ? new CutPostponed(`${name} was in use all the time`, { cause: error }) : error;
    }
  }
  await client.query(`DROP TABLE ${name}_gone`);
}

async function swap(client: pg.Client, cut: Cut): Promise<void> {
  const { table, week, keep } = cut;
  const name = partitionOf(cut);
  const ids = (keep ?? []).map((one) => one.id);
  await client.query(`BEGIN; SET LOCAL lock_timeout = '${LOCK_LIMIT_MS}ms'`);
  await client.query(`ALTER TABLE ${table} DETACH PARTITION ${name}`);
  await client.query('SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off');
  // Forced row-level security binds the owner too: the pipeline's role reads and copies.
  await client.query(`GRANT SELECT ON ${name} TO parley_worker${keep === null ? '' : `; GRANT INSERT ON ${name}_left TO parley_worker`}; SET LOCAL ROLE parley_worker`);
  const late = LATE[table];
  if (late !== undefined && ((await client.query(late(name), [ids])).rowCount ?? 0) > 0) throw new CutPostponed(`something in ${name} came to life`);
  if (keep !== null) {
    await client.query(
      `INSERT INTO ${name}_left SELECT p.* FROM unnest($1::uuid[], $2::uuid[]) k(org, id) JOIN ${name} p ON p.organization_id = k.org AND p.${keyOf(table)} = k.id`, [keep.map((one) => one.organization), ids]);
  }
  if (table === 'delivery') await client.query('DELETE FROM troubled_delivery WHERE delivery_id >= $1 AND delivery_id < $2 AND NOT (delivery_id = ANY ($3::uuid[]))', [week.from, week.before, ids]);
  await client.query(`RESET ROLE; ALTER TABLE ${name} RENAME TO ${name}_gone`);
  if (keep !== null) {
    await client.query(`REVOKE ALL ON ${name}_left FROM parley_worker; ALTER TABLE ${table} ATTACH PARTITION ${name}_left FOR VALUES FROM ('${week.from}') TO ('${week.before}'); ALTER TABLE ${name}_left RENAME TO ${name}`);
  }
  await client.query('COMMIT');
}
