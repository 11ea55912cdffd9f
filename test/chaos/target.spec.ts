import { afterEach, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { CLEAN, summaryOf } from '../support/ledger.js';
import { LedgerRun, type Unknowns } from '../support/ledger-run.js';
import type { Fate } from '../support/ledger-target.js';
import { report } from './report.js';

let database: TestDatabase;
let run: LedgerRun;
afterEach(async () => {
  await run.close();
  await database.drop();
});

const TIMEOUTS = { connectMs: 300, headersMs: 400, totalMs: 600 };

async function setup(fate: () => Fate, { unknowns, settings = {} }: { unknowns?: Unknowns; settings?: object } = {}): Promise<void> {
  database = await createDatabase();
  run = await LedgerRun.open({ application: { databaseUrl: database.url }, unknowns, settings: { timeouts: TIMEOUTS, ...settings }, target: { fate } });
}

async function endClean(what: string): Promise<void> {
  await run.source.send({ tickets: 150, updates: 2 });
  await run.untilQuiet(90_000);
  report(`${what}: ${summaryOf(run.ledger.counts())}`);
  expect(run.ledger.counts()).toMatchObject({ ...CLEAN, acknowledged: 450, delivered: 450 });
}

const answer: Fate = { kind: 'answer' };
/** One in so many requests goes wrong, at random. */
const sometimes = (wrong: () => Fate, oneIn = 20) => (): Fate => (Math.random() * oneIn < 1 ? wrong() : answer);
const httpDate = (ms: number): string => new Date(Date.now() + ms).toUTCString();

it.each(['hang', 'trickle', 'garbage', 'huge'] as const)('a target that now and then does what it is asked and then does "%s" gets everything once', async (how) => {
  await setup(sometimes(() => ({ kind: 'mangle', how })));
  await endClean(`target: ${how}`);
});

it.each(['idempotent', 'lookup'] as const)('a target that cuts the connection after it has done what it was asked gets everything once (%s)', async (unknowns) => {
  await setup(sometimes(() => ({ kind: 'cut-after' }), 8), { unknowns });
  await endClean(`target: cut after the request, ${unknowns}`);
});

it('a target that can only be searched, and hangs, trickles and cuts, gets everything once', async () => {
  const ways: readonly Fate[] = [{ kind: 'mangle', how: 'hang' }, { kind: 'mangle', how: 'trickle' }, { kind: 'mangle', how: 'garbage' }, { kind: 'cut-after' }];
  await setup(sometimes(() => ways[Math.floor(Math.random() * ways.length)]!), { unknowns: 'lookup' });
  await endClean('target: everything at once, can only be searched');
});

it.each([
  ['1'], ['1.5'], ['0'], ['-5'], ['soon'], [''], [httpDate(1_000)], [httpDate(-60_000)], [undefined],
])('a target that answers 429 with Retry-After "%s" gets everything once', async (retryAfter) => {
  await setup(sometimes(() => ({ kind: 'refuse', status: 429, ...(retryAfter === undefined ? {} : { headers: { 'retry-after': retryAfter } }) }), 60));
  await endClean(`target: 429, Retry-After ${retryAfter ?? 'left out'}`);
});

it('a target that answers every fifth request with a 500, 502 or 503 gets everything once', async () => {
  await setup(sometimes(() => ({ kind: 'refuse', status: [500, 502, 503][Math.floor(Math.random() * 3)]! }), 5));
  await endClean('target: 5xx at random');
});

it('a target that comes and goes gets everything once, and what waits burns no attempts while it is away', async () => {
  let isUp = true;
  await setup(() => (isUp ? answer : { kind: 'refuse', status: 503 }));
  const done = run.source.send({ tickets: 300, updates: 2 });
  for (let i = 0; i < 4; i++) {
    await sleep(1_000);
    isUp = false;
    await sleep(3_000);
    isUp = true;
  }
  await done;
  await run.untilQuiet(90_000);
  const inVain = run.target.requests.length - run.ledger.requests;
  report(`target: four times away for 3 s, ${inVain} requests in vain: ${summaryOf(run.ledger.counts())}`);
  expect(run.ledger.counts()).toMatchObject(CLEAN);
  // Until the circuit opens, and one at a time to find out: not every lane again and again.
  expect(inVain).toBeLessThan(400);
});

it('a target that takes half a second for each request gets everything once', async () => {
  await setup(() => ({ kind: 'answer', afterMs: 500 }), { settings: { timeouts: { connectMs: 300, headersMs: 2_000, totalMs: 3_000 }, slots: 64 } });
  await endClean('target: half a second per request');
});
