import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres } from '../../scripts/embedded-postgres.mjs';
import { createDatabase } from '../support/database.js';
import { CLEAN, summaryOf } from '../support/ledger.js';
import { LedgerRun } from '../support/ledger-run.js';
import { runFolder } from '../support/run-folder.mjs';
import { TcpProxy } from '../support/tcp-proxy.js';
import { report } from './report.js';

jest.setTimeout(180_000);

let run: LedgerRun;
const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  await run.close();
  for (const close of closers.splice(0).reverse()) await close();
});

const open = async (databaseUrl: string): Promise<void> => {
  run = await LedgerRun.open({ application: { databaseUrl }, target: { fate: () => ({ kind: 'answer', afterMs: Math.random() * 8 }) } });
};

async function endClean(what: string, sent: Promise<void>): Promise<void> {
  await sent;
  await run.untilQuiet(90_000);
  report(`${what}: ${summaryOf(run.ledger.counts())}`);
  expect(run.ledger.counts()).toMatchObject(CLEAN);
}

/** The application over a database of the run's server, and a session beside it. */
async function shared(): Promise<{ client: pg.Client; name: string }> {
  const database = await createDatabase();
  closers.push(() => database.drop());
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  closers.push(() => client.end());
  await open(database.url);
  return { client, name: database.name };
}

/** The application over a server of its own, whose data lie in `folder`, by a proxy: a server that comes back may have another port. */
async function own(folder: string): Promise<{ restart: () => Promise<void> }> {
  let postgres = await startPostgres({ dataDir: folder });
  const proxy = await TcpProxy.start({ port: postgres.port });
  closers.push(() => postgres.stop(), () => proxy.stop());
  const url = new URL(postgres.url);
  url.host = `127.0.0.1:${proxy.port}`;
  await open(url.href);
  return {
    restart: async () => {
      process.kill(postgres.pid, 'SIGQUIT'); // immediate: no checkpoint, sessions cut
      await postgres.exited;
      postgres = await startPostgres({ dataDir: folder });
      await keepPassword(postgres.url, url.password);
      proxy.leadTo(postgres.port);
    },
  };
}

/** Each start makes a new password: whoever has the old one goes on with it. */
async function keepPassword(url: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`ALTER ROLE CURRENT_USER PASSWORD ${client.escapeLiteral(decodeURIComponent(password))}`);
  await client.end();
}

it('tables that somebody locks for longer than a statement waits cost nothing', async () => {
  const { client } = await shared();
  const sent = run.source.send({ tickets: 400, updates: 2 });
  for (const table of ['message', 'ticket_link', 'conversation', 'delivery']) {
    await sleep(500);
    await client.query('BEGIN');
    await client.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    await sleep(3_000); // statements give up after two
    await client.query('ROLLBACK');
  }
  await endClean('PostgreSQL: four tables locked for 3 s each', sent);
});

it('a database that gives no more connections costs nothing', async () => {
  const { client, name } = await shared();
  const sent = run.source.send({ tickets: 400, updates: 2 });
  for (let i = 0; i < 2; i++) {
    await sleep(500);
    await client.query(`ALTER DATABASE ${name} CONNECTION LIMIT 1`);
    await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'parley'`);
    await sleep(3_000);
    await client.query(`ALTER DATABASE ${name} CONNECTION LIMIT -1`);
  }
  await endClean('PostgreSQL: no connections for 3 s, twice', sent);
});

it('a database that ends at once and comes back costs nothing', async () => {
  const { restart } = await own(join(runFolder(), 'restarted'));
  const sent = run.source.send({ tickets: 400, updates: 2 });
  for (let i = 0; i < 3; i++) {
    await run.ledger.untilRequests(100 * (i + 1), 60_000);
    await restart();
  }
  await endClean('PostgreSQL ended at once and started again, three times', sent);
});

/** A small file system in memory; null where this user may not mount one. */
function smallDisk(megabytes: number): string | null {
  const folder = join(runFolder(), 'small-disk');
  mkdirSync(folder, { recursive: true });
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0711`, 'tmpfs', folder]).status !== 0) return null;
  closers.push(() => { spawnSync('umount', ['-l', folder]); });
  return folder;
}

it('a disk that is full is told to senders, and costs nothing of what was accepted', async () => {
  const disk = smallDisk(400);
  if (disk === null) {
    report('disk full: not run, a file system in memory may not be mounted here');
    return;
  }
  await own(join(disk, 'data'));
  const ballast = join(disk, 'ballast');
  const sent = run.source.send({ tickets: 400, updates: 2 });
  await run.ledger.untilRequests(150, 30_000);
  for (let chunk = 0; chunk < 4_000; chunk++) {
    try {
      writeFileSync(ballast, Buffer.alloc(1_048_576), { flag: 'a' });
    } catch {
      break; // full
    }
  }
  await sleep(6_000);
  expect(existsSync(ballast)).toBe(true);
  rmSync(ballast);
  await endClean('disk full for 6 s', sent);
});
