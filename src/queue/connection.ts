import { createPostgresBackend, runMigrations, setDefaultBackendFactory, type QueueOptions } from 'bullmq';
import pg from 'pg';
import type { Settings } from '../config/settings.js';
import type { Database } from '../store/database.js';

/** Nothing in the queue is truth, so its connections need not wait for the disk. */
const POSTGRES_OPTIONS = '-c synchronous_commit=off';

/** Redis where it is given, else BullMQ's PostgreSQL backend with few connections. The prefix keeps installations apart that share a Redis. */
export async function queueOptions(settings: Settings, database: Database): Promise<QueueOptions> {
  const { rows } = await database.worker.query<{ id: string }>('SELECT id FROM installation');
  const prefix = `parley-${rows[0]!.id}`;
  if (settings.redisUrl !== undefined) {
    setDefaultBackendFactory();
    return { prefix, connection: { url: settings.redisUrl, maxRetriesPerRequest: null, retryStrategy: (times: number) => Math.min(times * 200, 2_000) }, skipWaitingForReady: true };
  }
  if (settings.databaseUrl === undefined) throw new Error('DATABASE_URL is not set.');
  const client = new pg.Client({ connectionString: settings.databaseUrl });
  await client.connect();
  try {
    await runMigrations(client);
  } finally {
    await client.end();
  }
  setDefaultBackendFactory(createPostgresBackend as never);
  return { prefix, connection: { connectionString: settings.databaseUrl, options: POSTGRES_OPTIONS, max: 2 } as never, skipWaitingForReady: true };
}
