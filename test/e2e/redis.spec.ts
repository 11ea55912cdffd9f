import { afterEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { CLEAN, summaryOf } from '../support/ledger.js';
import { LedgerRun } from '../support/ledger-run.js';
import { hasRedisServer, ownRedis, type OwnRedis } from '../support/redis.js';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
const setup = async (): Promise<{ redis: OwnRedis; database: TestDatabase; open: () => Promise<LedgerRun> }> => {
  const redis = await ownRedis();
  const database = await createDatabase();
  closers.push(() => redis.stop(), () => database.drop());
  const open = async (): Promise<LedgerRun> => {
    const run = await LedgerRun.open({ application: { databaseUrl: database.url, redisUrl: redis.url }, target: { fate: () => ({ kind: 'answer', afterMs: Math.random() * 8 }) } });
    closers.push(() => run.close());
    return run;
  };
  return { redis, database, open };
};
const expectClean = (run: LedgerRun, what: string): void => {
  console.log(`${what}: ${summaryOf(run.ledger.counts())}`);
  expect(run.ledger.counts()).toMatchObject({ ...CLEAN, acknowledged: 900, delivered: 900 });
};

(hasRedisServer() ? describe : describe.skip)('300 tickets with two updates each, woken by Redis', () => {
  it('all arrive once and in order when it is emptied and the process killed in the middle', async () => {
    const { redis, open } = await setup();
    const run = await open();
    const client = new Redis(redis.url);
    const sent = run.source.send({ tickets: 300, updates: 2 });
    await run.ledger.untilRequests(150, 20_000);
    await client.flushall();
    await run.ledger.untilRequests(300, 20_000);
    await run.application.kill('SIGKILL');
    await client.flushall();
    await run.restart();
    await client.flushall();
    await sent;
    await run.untilQuiet(30_000);
    client.disconnect();
    expectClean(run, 'FLUSHALL');
  });

  it('all arrive once and in order when it goes away in the middle, and it is used again when it comes back', async () => {
    const { redis, open } = await setup();
    const run = await open();
    const sent = run.source.send({ tickets: 300, updates: 2 });
    await run.ledger.untilRequests(150, 20_000);
    await redis.stop();
    await sent;
    await run.untilQuiet(30_000);
    expectClean(run, 'Redis gone');
    expect(await readiness(run)).toMatchObject({ status: 200, redis: 'degraded' });
    await redis.start();
    await eventually(async () => expect(await readiness(run)).toMatchObject({ status: 200, redis: 'ok' }));
  });

  it('all arrive once and in order when it is absent from the start', async () => {
    const { redis, open } = await setup();
    await redis.stop();
    const run = await open();
    await run.source.send({ tickets: 300, updates: 2 });
    await run.untilQuiet(30_000);
    expectClean(run, 'Redis absent');
    await redis.start();
  });
});

async function readiness(run: LedgerRun): Promise<{ status: number; redis: string }> {
  const { status, body } = await run.application.api.get('/readyz');
  return { status, redis: /degraded|ok/.exec(JSON.stringify(body.redis ?? body.checks?.redis ?? body.stores?.redis ?? ''))?.[0] ?? JSON.stringify(body) };
}
