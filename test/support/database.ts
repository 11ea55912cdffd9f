import { randomBytes } from 'node:crypto';
import { basename, join } from 'node:path';
import pg from 'pg';
import { dropDatabase } from '../../scripts/drop-database.mjs';
import { startPostgres } from '../../scripts/embedded-postgres.mjs';
import { migrateFromSources } from './migrated-template.js';
import { oncePerRun } from './once-per-run.js';
import { databasePrefix, noteExternalServer, noteServer, runFolder } from './run-folder.mjs';

/** A database of a test's own. `drop()` ends its sessions and removes it. */
export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  drop(): Promise<void>;
}

/**
 * A database for one test file, migrated (a clone of the run's template), or without anything where `isEmpty` says so.
 * It stands on the embedded PostgreSQL, or on the server that PARLEY_TEST_DATABASE_URL names; its user may make databases.
 */
export async function createDatabase({ isEmpty = false }: { isEmpty?: boolean } = {}): Promise<TestDatabase> {
  const server = await testServer();
  const template = isEmpty ? 'template0' : await oncePerRun('template', () => makeTemplate(server));
  const name = `${databasePrefix(runFolder())}_${randomBytes(6).toString('hex')}`;
  await onServer(server, (client) => client.query(`create database ${name} template ${template}`));
  return { name, url: at(server, name), drop: () => onServer(server, (client) => dropDatabase(client, name)) };
}

/** Address of the run's PostgreSQL server, with a user that may make databases but is no superuser where it is ours. */
export async function testServer(): Promise<string> {
  const external = process.env['PARLEY_TEST_DATABASE_URL'];
  if (external) {
    noteExternalServer(runFolder(), external);
    return external;
  }
  return oncePerRun('postgres', async () => {
    const server = await startPostgres({ dataDir: join(runFolder(), 'postgres'), isDurable: false });
    noteServer(runFolder(), 'postgres', server.pid, 'SIGINT');
    server.unref(); // the worker that started it ends before it does
    return server.url;
  });
}

async function makeTemplate(server: string): Promise<string> {
  const name = `${databasePrefix(runFolder())}_template`;
  await onServer(server, (client) => client.query(`create database ${name} template template0`));
  await migrateFromSources(at(server, name), basename(runFolder()));
  return name;
}

function at(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

async function onServer(server: string, act: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await act(client);
  } finally {
    await client.end();
  }
}
