import pg from 'pg';
import { ensurePartitions } from './partition.js';
import { uuidFloor } from './uuid.js';

/** How long an inbound request is recognised as a repeat. */
const REPEATS_MS = 7 * 24 * 3_600_000;

/** Keys deleted per statement: short transactions, however many there are. */
const CHUNK = 10_000;

/** Makes the partitions of the coming weeks. Runs as the owner of the tables. */
export const makePartitions = (url: string): Promise<void> => ensurePartitions(url);

/** Forgets keys of inbound requests that are older than a week; the age is in the id of the message that they brought. Answers how many. */
export async function forgetRepeats(url: string, nowMs: number): Promise<number> {
  const client = new pg.Client({ connectionString: url, options: '-c role=parley_worker', application_name: 'parley upkeep' });
  await client.connect();
  try {
    let forgotten = 0;
    for (;;) {
      const { rowCount } = await client.query(`DELETE FROM inbound_key WHERE ctid = ANY (ARRAY (SELECT ctid FROM inbound_key WHERE message_id < $1 LIMIT ${CHUNK}))`, [uuidFloor(nowMs - REPEATS_MS)]);
      forgotten += rowCount ?? 0;
      if ((rowCount ?? 0) < CHUNK) return forgotten;
    }
  } finally {
    await client.end();
  }
}
