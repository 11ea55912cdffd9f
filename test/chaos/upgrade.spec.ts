import { afterEach, expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { API_KEY, startApplication, type Application } from '../support/application.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { CLEAN, Ledger, summaryOf } from '../support/ledger.js';
import { configure, leftWork, ledgerConfiguration, untilIdle } from '../support/ledger-run.js';
import { LedgerSource } from '../support/ledger-source.js';
import { LedgerTarget } from '../support/ledger-target.js';
import { newDataFolder } from '../support/parley-process.js';
import { report } from './report.js';

/** Folder of the version before, built: `npm run chaos -- --before COMMIT`. */
const BEFORE = process.env['PARLEY_CHAOS_BEFORE'];
const SECONDS = Math.min(Number(process.env['PARLEY_CHAOS_SECONDS'] ?? 60), 120);

const DRAIN_MS = 300_000;

jest.setTimeout(SECONDS * 1_000 + 2 * DRAIN_MS);

let database: TestDatabase;
const instances: Application[] = [];
const targets: LedgerTarget[] = [];
const sources: LedgerSource[] = [];
afterEach(async () => {
  for (const source of sources.splice(0)) source.stop();
  await Promise.all(instances.splice(0).map((one) => one.kill('SIGKILL')));
  await Promise.all(targets.splice(0).map((target) => target.stop()));
  await database.drop();
});

it.each(['idempotent', 'lookup'] as const)('two instances that are replaced in turn by those of the next version, and killed in between, lose, double and reorder nothing (%s target)', async (unknowns) => {
  if (BEFORE === undefined) throw new Error('which version is replaced? npm run chaos -- --before COMMIT test/chaos/upgrade');
  database = await createDatabase();
  const ledger = new Ledger();
  const target = await LedgerTarget.start(ledger, { honoursKeys: unknowns === 'idempotent', fate: () => ({ kind: 'answer', afterMs: Math.random() * 10 }) });
  const writeBack = await LedgerTarget.start(new Ledger());
  targets.push(target, writeBack);
  const env = { PARLEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') };
  const isNew = [false, false];
  for (const at of [0, 1]) instances[at] = await startApplication({ databaseUrl: database.url, dataDir: newDataFolder(), env, project: BEFORE });
  await configure(instances[0]!.api, ledgerConfiguration(target, writeBack, { unknowns }));

  let isLeft = false;
  let from = 1;
  const send = async (at: number): Promise<void> => {
    while (!isLeft) {
      const source = new LedgerSource(ledger, { address: () => `${instances[at]!.url}/api/v1/inbound/source/incident`, authorization: `Bearer ${API_KEY}`, concurrency: 8 });
      sources.push(source);
      const first = from;
      from += 25;
      await source.send({ tickets: 25, updates: 3, from: first });
    }
  };
  const load = Promise.all([send(0), send(1)]);
  load.catch(() => undefined);
  const startAgain = async (at: number): Promise<void> => {
    const { port, dataDir } = instances[at]!;
    instances[at] = await startApplication({ databaseUrl: database.url, dataDir, port, env, ...(isNew[at] === true ? {} : { project: BEFORE }) });
  };
  let kills = 0;
  const killForAWhile = async (): Promise<void> => {
    for (const end = Date.now() + (SECONDS * 1_000) / 4; Date.now() < end; kills++) {
      await sleep(1_000 + Math.random() * 3_000);
      const at = kills % 2;
      await instances[at]!.kill('SIGKILL');
      await startAgain(at);
    }
  };
  try {
    await ledger.untilRequests(100, 30_000);
    for (const at of [0, 1]) {
      expect(await instances[at]!.kill('SIGTERM')).toBe(0);
      isNew[at] = true;
      await startAgain(at);
      await killForAWhile();
    }
  } finally {
    isLeft = true;
  }
  await load;
  // Sources that pause for nobody run far ahead of two instances that are killed all the time.
  await ledger.untilDelivered(DRAIN_MS).catch(async (error: Error) => { throw new Error(`${error.message}\n${await leftWork(database.url)}`, { cause: error }); });
  await untilIdle(database.url, 60_000);
  report(`two instances replaced in turn by those of the next version (${unknowns}): ${kills} kills, ${summaryOf(ledger.counts())}`);
  expect(ledger.counts()).toMatchObject(CLEAN);
});
