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

const SECONDS = Number(process.env['PARLEY_CHAOS_SECONDS'] ?? 20);
const UPDATES = 3;

jest.setTimeout((SECONDS + 180) * 1_000);

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

/** Two instances over one database, each with a data folder of its own: nothing but the heartbeat tells one that the other is gone. */
async function setup(unknowns: 'idempotent' | 'lookup'): Promise<{ ledger: Ledger; send: () => Promise<void>; startAgain: (at: number) => Promise<void> }> {
  database = await createDatabase();
  const ledger = new Ledger();
  const fate = (): { kind: 'answer'; afterMs: number } => ({ kind: 'answer', afterMs: Math.random() * 10 });
  const target = await LedgerTarget.start(ledger, { honoursKeys: unknowns === 'idempotent', fate });
  const writeBack = await LedgerTarget.start(new Ledger());
  targets.push(target, writeBack);
  const env = { PARLEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') };
  const folders = [newDataFolder(), newDataFolder()];
  for (const dataDir of folders) {
    const instance = await startApplication({ databaseUrl: database.url, dataDir, env });
    if (instances.length === 0) await configure(instance.api, ledgerConfiguration(target, writeBack, { unknowns }));
    instances.push(instance);
  }
  let from = 1;
  const send = async (): Promise<void> => {
    const batch = instances.map((_, at) => {
      const source = new LedgerSource(ledger, { address: () => `${instances[at]!.url}/api/v1/inbound/source/incident`, authorization: `Bearer ${API_KEY}`, concurrency: 8 });
      sources.push(source);
      const sent = source.send({ tickets: 25, updates: UPDATES, from });
      from += 25;
      return sent;
    });
    await Promise.all(batch);
  };
  const startAgain = async (at: number): Promise<void> => {
    const { port, dataDir } = instances[at]!;
    instances[at] = await startApplication({ databaseUrl: database.url, dataDir: folders[at] ?? dataDir, port, env });
  };
  return { ledger, send, startAgain };
}

it.each(['idempotent', 'lookup'] as const)('two instances of which one or the other is killed again and again lose, double and reorder nothing (%s target)', async (unknowns) => {
  const { ledger, send, startAgain } = await setup(unknowns);
  const end = Date.now() + (SECONDS * 1_000) / 2;
  let kills = 0;
  const killing = (async () => {
    while (Date.now() < end) {
      await sleep(500 + Math.random() * 3_000);
      const at = Math.random() < 0.5 ? 0 : 1;
      await instances[at]!.kill('SIGKILL');
      kills++;
      await startAgain(at);
    }
  })();
  while (Date.now() < end) await send();
  await killing;
  await ledger.untilDelivered(60_000).catch(async (error: Error) => { throw new Error(`${error.message}\n${await leftWork(database.url)}`, { cause: error }); });
  await untilIdle(database.url, 60_000);
  report(`random kill of one of two instances (${unknowns}): ${kills} kills, ${summaryOf(ledger.counts())}`);
  expect(kills).toBeGreaterThan(0);
  expect(ledger.counts()).toMatchObject(CLEAN);
});
