import { afterEach, expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { API_KEY, startApplication, type Application } from '../support/application.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { CLEAN, summaryOf } from '../support/ledger.js';
import { LedgerRun } from '../support/ledger-run.js';
import { LedgerSource } from '../support/ledger-source.js';
import { newDataFolder } from '../support/parley-process.js';
import { report } from './report.js';

jest.setTimeout(180_000);

let database: TestDatabase;
let run: LedgerRun;
let other: Application;
let source: LedgerSource;
afterEach(async () => {
  source.stop();
  await other.kill();
  await run.close();
  await database.drop();
});

/** What a readiness probe sees until nothing listens any more. */
async function watchReadiness({ url }: Application): Promise<number[]> {
  const seen: number[] = [];
  for (;;) {
    const status = await fetch(`${url}/readyz`, { headers: { connection: 'close' } }).then((answer) => answer.status, () => 0);
    if (status === 0) return seen;
    if (seen.at(-1) !== status) seen.push(status);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

it('two instances that are restarted one after the other under load lose, double and reorder nothing', async () => {
  database = await createDatabase();
  const env = { PARLEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') };
  run = await LedgerRun.open({ application: { databaseUrl: database.url, env }, target: { fate: () => ({ kind: 'answer', afterMs: Math.random() * 10 }) } });
  other = await startApplication({ databaseUrl: database.url, env, dataDir: newDataFolder() });
  const up = new Set<() => Application>([() => run.application, () => other]);
  let turn = 0;
  source = new LedgerSource(run.ledger, {
    address: () => `${[...up][turn++ % up.size]!().url}/api/v1/inbound/source/incident`, authorization: `Bearer ${API_KEY}`, concurrency: 16,
  });
  let from = 1;
  let isLeft = false;
  const load = (async () => {
    for (; !isLeft; from += 40) await source.send({ tickets: 40, updates: 2, from });
  })();
  load.catch(() => undefined);
  const restart = async (which: () => Application, again: () => Promise<void>): Promise<void> => {
    const leaving = which();
    const seen = watchReadiness(leaving);
    const exited = leaving.kill('SIGTERM');
    expect(await seen).toEqual([...((await seen)[0] === 200 ? [200] : []), 503]);
    // Only now does whoever shares out requests know; until then requests met a process that was leaving.
    for (const one of up) if (one() === leaving) up.delete(one);
    expect(await exited).toBe(0);
    await again();
    up.add(which);
  };
  try {
    await run.ledger.untilRequests(100, 30_000);
    for (let round = 0; round < 2; round++) {
      await restart(() => run.application, () => run.restart());
      const { dataDir, port } = other;
      await restart(() => other, async () => { other = await startApplication({ databaseUrl: database.url, env, dataDir, port }); });
    }
  } finally {
    isLeft = true; // a source that was stopped sends at once, again and again
  }
  await load;
  await run.untilQuiet(60_000);
  report(`two instances restarted in turn: ${summaryOf(run.ledger.counts())}`);
  expect(run.ledger.counts()).toMatchObject(CLEAN);
});
