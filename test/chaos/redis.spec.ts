import { afterEach, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { CLEAN, summaryOf } from '../support/ledger.js';
import { LedgerRun } from '../support/ledger-run.js';
import { hasRedisServer, ownRedis, type OwnRedis } from '../support/redis.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { report } from './report.js';

let redis: OwnRedis;
let admin: Redis;
let proxy: TcpProxy;
let database: TestDatabase;
let run: LedgerRun;
afterEach(async () => {
  await run.close();
  admin.disconnect();
  await proxy.stop();
  await redis.stop();
  await database.drop();
});

const withRedis = hasRedisServer() ? it : it.skip;

/** An application that reaches a Redis of its own by a proxy. */
async function setup(): Promise<void> {
  redis = await ownRedis();
  admin = new Redis(redis.url);
  proxy = await TcpProxy.start({ port: Number(new URL(redis.url).port) });
  database = await createDatabase();
  run = await LedgerRun.open({ application: { databaseUrl: database.url, redisUrl: `redis://127.0.0.1:${proxy.port}` }, target: { fate: () => ({ kind: 'answer', afterMs: Math.random() * 8 }) } });
}

async function endClean(what: string, sent: Promise<void>): Promise<void> {
  await sent;
  await run.untilQuiet(60_000);
  report(`Redis ${what}: ${summaryOf(run.ledger.counts())}`);
  expect(run.ledger.counts()).toMatchObject(CLEAN);
}

withRedis('a Redis that is emptied every second costs nothing', async () => {
  await setup();
  const sent = run.source.send({ tickets: 600, updates: 2 });
  for (let i = 0; i < 6; i++) {
    await sleep(1_000);
    await admin.flushall();
  }
  await endClean('emptied six times', sent);
});

withRedis.each([
  ['that takes half a second for everything', () => proxy.disturb({ kind: 'delay', ms: 500 })],
  ['that takes everything and answers nothing', () => proxy.disturb({ kind: 'blackhole' })],
  ['that answers what means nothing', () => proxy.disturb({ kind: 'garbage' })],
  ['that may only be read', () => admin.replicaof('127.0.0.1', 1)],
  ['that has no memory left', () => admin.config('SET', 'maxmemory', '1')],
] as const)('a Redis %s costs nothing, and is used again when that is over', async (what, begin) => {
  await setup();
  const sent = run.source.send({ tickets: 300, updates: 2 });
  await run.ledger.untilRequests(150, 20_000);
  await begin();
  await sleep(5_000);
  const later = run.source.send({ tickets: 100, updates: 2, from: 1_001 });
  await later;
  await proxy.disturb({ kind: 'none' });
  await admin.replicaof('NO', 'ONE');
  await admin.config('SET', 'maxmemory', '0');
  await endClean(what, sent);
});
