import pg from 'pg';
import { ownerDataSource } from './data-source.js';
import { ensurePartitions } from './pipeline/partition.js';

/** Arbitrary but fixed: all processes that migrate one database queue on this advisory lock. */
const MIGRATION_LOCK = 7_270_539;

/** Brings the database at `url` to the newest schema; several processes may call it at once. Returns the names of what was run. */
export async function migrate(url: string): Promise<string[]> {
  const lock = new pg.Client({ connectionString: url });
  await lock.connect();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const source = await ownerDataSource(url).initialize();
    try {
      const run = await source.runMigrations({ transaction: 'each' });
      await ensurePartitions(url);
      return run.map((migration) => migration.name);
    } finally {
      await source.destroy();
    }
  } finally {
    await lock.end();
  }
}
