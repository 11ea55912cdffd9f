import { afterEach, expect, it } from '@jest/globals';
import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { CLEAN, summaryOf } from '../support/ledger.js';
import { LedgerRun } from '../support/ledger-run.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { report } from './report.js';

let database: TestDatabase;
let proxy: TcpProxy;
let run: LedgerRun;
afterEach(async () => {
  await run.close();
  await proxy.stop();
  await database.drop();
});

/** An application that reaches its database by a proxy. */
async function setup(isMapped = false): Promise<void> {
  database = await createDatabase();
  const url = new URL(database.url);
  proxy = await TcpProxy.start({ port: Number(url.port || 5432) });
  url.host = `127.0.0.1:${proxy.port}`;
  run = await LedgerRun.open({ application: { databaseUrl: url.href }, isMapped, target: { fate: () => ({ kind: 'answer', afterMs: Math.random() * 8 }) } });
}

async function endClean(what: string, sent: Promise<void>): Promise<void> {
  await sent;
  await run.untilQuiet(60_000);
  report(`${what}: ${summaryOf(run.ledger.counts())}`);
  expect(run.ledger.counts()).toMatchObject(CLEAN);
}

it.each(['canonical', 'mapped'] as const)('sessions that are ended under load, again and again, cost nothing (%s messages)', async (form) => {
  await setup(form === 'mapped');
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const sent = run.source.send({ tickets: 400, updates: 2 });
  let ended = 0;
  for (const end = Date.now() + 6_000; Date.now() < end; await sleep(100 + Math.random() * 300)) {
    const { rowCount } = await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'parley' AND pid <> pg_backend_pid() LIMIT 1`);
    ended += rowCount ?? 0;
  }
  await client.end();
  await endClean(`${ended} sessions ended (${form})`, sent);
  expect(ended).toBeGreaterThan(0);
});

it('connections that are cut under load, again and again, cost nothing', async () => {
  await setup();
  const sent = run.source.send({ tickets: 400, updates: 2 });
  for (let i = 0; i < 10; i++) {
    await sleep(300);
    await proxy.disturb({ kind: 'reset' });
    await proxy.disturb({ kind: 'none' });
  }
  await endClean('connections to PostgreSQL cut ten times', sent);
});

it('answers of the database that are lost in the middle cost nothing', async () => {
  await setup();
  const sent = run.source.send({ tickets: 400, updates: 2 });
  for (let i = 0; i < 6; i++) {
    await sleep(400);
    await proxy.disturb({ kind: 'cut', afterBytes: 1 + Math.floor(Math.random() * 200) });
    await sleep(100);
    await proxy.disturb({ kind: 'none' });
  }
  await endClean('answers of PostgreSQL cut six times', sent);
});

it('a database that falls silent for longer than claims are valid costs nothing', async () => {
  await setup();
  const sent = run.source.send({ tickets: 300, updates: 2 });
  await run.ledger.untilRequests(150, 20_000);
  await proxy.disturb({ kind: 'blackhole' });
  await sleep(14_000);
  await proxy.disturb({ kind: 'reset' });
  await proxy.disturb({ kind: 'none' });
  await endClean('PostgreSQL silent for 14 s', sent);
});
