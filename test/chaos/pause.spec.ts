import { afterEach, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApplication, type Application } from '../support/application.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { CLEAN, summaryOf } from '../support/ledger.js';
import { LedgerRun } from '../support/ledger-run.js';
import { newDataFolder } from '../support/parley-process.js';
import { report } from './report.js';

let database: TestDatabase;
let run: LedgerRun;
let other: Application;
afterEach(async () => {
  process.kill(run.application.pid, 'SIGCONT');
  await other.kill();
  await run.close();
  await database.drop();
});

it('a process that stood still just before a request is written does not write it', async () => {
  database = await createDatabase();
  const env = { PARLEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') };
  run = await LedgerRun.open({ application: { databaseUrl: database.url, env }, unknowns: 'lookup', source: { concurrency: 16 } });
  await run.application.kill('SIGKILL');
  await run.restartDoomed('deliver.before-call:stop:60');
  const sent = run.source.send({ tickets: 200, updates: 0 });
  await eventually(() => expect(run.application.output()).toContain('failpoint deliver.before-call'));
  other = await startApplication({ databaseUrl: database.url, env, dataDir: newDataFolder() });
  const before = run.ledger.requests;
  await run.ledger.untilRequests(before + 1, 30_000); // the other one has taken over
  await sleep(1_000);
  process.kill(run.application.pid, 'SIGCONT');
  await sent;
  await run.untilQuiet(60_000);
  report(`a process stopped just before a request: ${summaryOf(run.ledger.counts())}`);
  expect(run.ledger.counts()).toMatchObject(CLEAN);
});

it.each(['idempotent', 'lookup'] as const)('a process that stands still for longer than its claims are valid, and goes on, doubles and reorders nothing (%s target)', async (unknowns) => {
  database = await createDatabase();
  const env = { PARLEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') };
  run = await LedgerRun.open({ application: { databaseUrl: database.url, env }, unknowns, target: { fate: () => ({ kind: 'answer', afterMs: Math.random() * 10 }) }, source: { concurrency: 64 } });
  other = await startApplication({ databaseUrl: database.url, env, dataDir: newDataFolder() });
  const sent = run.source.send({ tickets: 400, updates: 2 });
  await run.ledger.untilRequests(200, 20_000);
  process.kill(run.application.pid, 'SIGSTOP');
  await sleep(15_000); // the other one takes over after 12 s of silence
  process.kill(run.application.pid, 'SIGCONT');
  await sent;
  await run.untilQuiet(60_000);
  report(`a process stopped for 15 s (${unknowns}): ${summaryOf(run.ledger.counts())}`);
  expect(run.ledger.counts()).toMatchObject(CLEAN);
});
