import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { CLEAN, summaryOf } from '../support/ledger.js';
import { LedgerRun } from '../support/ledger-run.js';
import { newDataFolder } from '../support/parley-process.js';
import { report } from './report.js';

const HOUR_MS = 3_600_000;
const CLOCK = new URL('../support/moving-clock.mjs', import.meta.url).href;

let database: TestDatabase;
let run: LedgerRun;
afterEach(async () => {
  await run.close();
  await database.drop();
});

/** The clock of the machine cannot be moved for one process alone: the process is given another one. */
it('a clock that is set an hour forth, two back and right again under load costs nothing', async () => {
  database = await createDatabase();
  const dataDir = newDataFolder();
  const clock = join(dataDir, 'clock');
  writeFileSync(clock, '0');
  run = await LedgerRun.open({
    application: { databaseUrl: database.url, dataDir, env: { NODE_OPTIONS: `--import ${CLOCK}`, PARLEY_TEST_CLOCK: clock } },
    target: { fate: () => (Math.random() < 0.05 ? { kind: 'refuse', status: 503 } : { kind: 'answer', afterMs: Math.random() * 8 }) },
  });
  const sent = run.source.send({ tickets: 500, updates: 2 });
  for (const offset of [HOUR_MS, -HOUR_MS, 0]) {
    await sleep(2_000);
    writeFileSync(clock, String(offset));
  }
  await sent;
  await run.untilQuiet(60_000);
  report(`clock moved by an hour, forth and back: ${summaryOf(run.ledger.counts())}`);
  expect(run.ledger.counts()).toMatchObject(CLEAN);
});
