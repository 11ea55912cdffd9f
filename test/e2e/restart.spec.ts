import { afterEach, describe, expect, it } from '@jest/globals';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { CLEAN, summaryOf } from '../support/ledger.js';
import { LedgerRun, type LedgerRunOptions } from '../support/ledger-run.js';

const open: { run: LedgerRun; database: TestDatabase }[] = [];
const setup = async (options: Partial<Omit<LedgerRunOptions, 'application'>> = {}): Promise<LedgerRun> => {
  const database = await createDatabase();
  const run = await LedgerRun.open({ application: { databaseUrl: database.url }, ...options });
  open.push({ run, database });
  return run;
};
afterEach(async () => {
  for (const { run, database } of open.splice(0)) {
    await run.close();
    await database.drop();
  }
});

describe('500 tickets with two updates each', () => {
  it('all arrive once and in order', async () => {
    const run = await setup();
    await run.source.send({ tickets: 500, updates: 2 });
    await run.untilQuiet(30_000);
    console.log(`undisturbed: ${summaryOf(run.ledger.counts())}`);
    expect(run.ledger.counts()).toMatchObject({ ...CLEAN, acknowledged: 1_500, delivered: 1_500 });
    expect(run.writeBack.requests).toHaveLength(500);
  });

  it.each(['idempotent', 'lookup'] as const)('all arrive once and in order when the process is killed in the middle (%s target)', async (unknowns) => {
    const run = await setup({ unknowns, target: { fate: () => ({ kind: 'answer', afterMs: Math.random() * 8 }) } });
    const sent = run.source.send({ tickets: 500, updates: 2 });
    await run.ledger.untilRequests(400, 30_000);
    await run.application.kill('SIGKILL');
    await run.restart();
    await sent;
    await run.untilQuiet(40_000);
    console.log(`killed (${unknowns}): ${summaryOf(run.ledger.counts())}, searches ${run.target.searches}`);
    expect(run.ledger.counts()).toMatchObject({ ...CLEAN, acknowledged: 1_500, delivered: 1_500 });
    expect(new Set(run.writeBack.requests.map(({ path }) => path)).size).toBe(500);
  });

  it('all arrive once and in order when a fault that is caught nowhere ends the process, which says so', async () => {
    const run = await setup({ target: { fate: () => ({ kind: 'answer', afterMs: Math.random() * 8 }) } });
    await run.application.kill('SIGKILL');
    await run.restartDoomed('deliver.after-call:crash:400');
    const doomed = run.application;
    const sent = run.source.send({ tickets: 500, updates: 2 });
    expect(await doomed.exited).toBe(1);
    const told = doomed.output().split('\n').filter((line) => line.includes('"process.fault"')).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(told).toMatchObject([{ level: 'fatal', err: { message: 'failpoint deliver.after-call', stack: expect.stringContaining('failpoint.') } }]);
    await run.restart();
    await sent;
    await run.untilQuiet(40_000);
    expect(run.ledger.counts()).toMatchObject({ ...CLEAN, acknowledged: 1_500, delivered: 1_500 });
  });
});
