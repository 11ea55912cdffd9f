import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FAILPOINTS, type Failpoint } from '../../src/queue/failpoint.js';
import type { Application } from '../support/application.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { CLEAN, summaryOf, type LedgerCounts } from '../support/ledger.js';
import { LedgerRun } from '../support/ledger-run.js';
import { report } from './report.js';

const TICKETS = 30;
const UPDATES = 2;
const LIMIT_MS = 30_000;

/** Which passage of a place is hit: in the middle of the work where it is passed often. */
const NTH: Partial<Record<Failpoint, number>> = {
  'ingest.before-commit': 2, 'ingest.after-commit': 2, 'ingest.before-answer': 2, 'route.after-read': 2, 'route.before-commit': 2, 'route.after-commit': 2,
  'deliver.before-call': 20, 'deliver.after-call': 20, 'deliver.before-commit': 4, 'deliver.after-commit': 4, 'normalize.before-commit': 2, 'normalize.after-commit': 2, 'normalize.after-claim': 2,
};
/** Passed only where messages are normalized after they were accepted. */
const onlyMapped = (name: Failpoint): boolean => name.startsWith('normalize.') || name.startsWith('wake-ups.');
/** Passed only where something is polled; test/medium/poll.spec.ts goes through them. */
const onlyPolled = (name: Failpoint): boolean => name.startsWith('poll.');
/** Passed before the process listens. */
const isEarly = (name: Failpoint): boolean => name.startsWith('instance.') && name.endsWith('-register');

/** The places that are tried; all, unless some are named (comma). */
const WANTED = process.env['PARLEY_CHAOS_PLACES']?.split(',');
const SERIES = ([
  { form: 'canonical', unknowns: 'idempotent', points: FAILPOINTS.filter((name) => !onlyMapped(name) && !onlyPolled(name)) },
  { form: 'canonical', unknowns: 'lookup', points: FAILPOINTS.filter((name) => name.startsWith('deliver.') || name === 'route.after-commit') },
  { form: 'mapped', unknowns: 'idempotent', points: FAILPOINTS.filter(onlyMapped) },
] as const).map((series) => ({ ...series, points: series.points.filter((name) => WANTED?.includes(name) ?? true) })).filter(({ points }) => points.length > 0);

describe.each(SERIES)('$form messages to a target with $unknowns creates', ({ form, unknowns, points }) => {
  let database: TestDatabase;
  let run: LedgerRun;
  let from = 1;
  let before: LedgerCounts;
  beforeAll(async () => {
    database = await createDatabase();
    run = await LedgerRun.open({ application: { databaseUrl: database.url }, unknowns, isMapped: form === 'mapped', target: { fate: () => ({ kind: 'answer', afterMs: Math.random() * 5 }) } });
  });
  afterAll(async () => {
    await run.close();
    await database.drop();
  });

  const scenario = async (name: string, disturb: (sent: Promise<void>) => Promise<void>): Promise<void> => {
    before = run.ledger.counts();
    const sent = run.source.send({ tickets: TICKETS, updates: UPDATES, from });
    from += TICKETS;
    const beginMs = Date.now();
    await disturb(sent);
    await sent;
    await run.untilQuiet(LIMIT_MS);
    const counts = run.ledger.counts();
    const difference = Object.fromEntries(Object.entries(counts).map(([key, count]) => [key, count - before[key as keyof LedgerCounts]])) as unknown as LedgerCounts;
    report(`${name} (${form}, ${unknowns}): ${summaryOf(difference)}, ${((Date.now() - beginMs) / 1_000).toFixed(1)} s`);
    expect(difference).toMatchObject({ ...CLEAN, acknowledged: TICKETS * (UPDATES + 1), delivered: TICKETS * (UPDATES + 1) });
    expect(new Set(run.writeBack.requests.map(({ path }) => path)).size).toBe(from - 1);
  };

  it.each(points)('all arrive once and in order when the process is killed at %s', async (name) => {
    const failpoint = `${name}:kill:${NTH[name] ?? 1}`;
    await run.application.kill('SIGKILL');
    await run.restartDoomed(failpoint);
    await scenario(failpoint, async () => {
      await within(run.application.exited, `${name} was not passed`);
      await run.restart();
    });
  });

  it.each(points.filter((name) => !isEarly(name)))('all arrive once and in order when something breaks at %s', async (name) => {
    const failpoint = `${name}:throw:${NTH[name] ?? 1}`;
    await run.application.kill('SIGKILL');
    await run.restartDoomed(failpoint);
    await scenario(failpoint, () => within(untilSaid(run.application, `failpoint ${name}`), `${name} was not passed`));
  });
});

/** Ends with the process, too: it says nothing more. */
async function untilSaid(application: Application, text: string): Promise<void> {
  let hasEnded = false;
  void application.exited.then(() => { hasEnded = true; });
  while (!hasEnded && !application.output().includes(text)) await new Promise((resolve) => setTimeout(resolve, 20));
  if (!application.output().includes(text)) throw new Error(`the process ended before it said: ${text}`);
}

async function within<T>(awaited: Promise<T>, complaint: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error(complaint)), 20_000); });
  await Promise.race([awaited, late]).finally(() => clearTimeout(timer));
}
