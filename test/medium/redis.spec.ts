import { afterAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { hasRedisServer, ownRedis, sharedRedis } from '../support/redis.js';

const clients: Redis[] = [];
const connect = (url: string): Redis => {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => 50, maxRetriesPerRequest: null, disconnectTimeout: 10 });
  clients.push(client);
  return client;
};
afterAll(() => { clients.forEach((client) => { client.disconnect(); }); });

describe('the Redis of a test', () => {
  it('is shared by prefix', async () => {
    const shared = await sharedRedis();
    if (shared === undefined) return; // none can be had here
    const client = connect(shared.url);
    await client.set(`${shared.prefix}:key`, 'value', 'EX', 5);
    expect(await client.get(`${shared.prefix}:key`)).toBe('value');
    expect((await sharedRedis())?.prefix).not.toBe(shared.prefix);
  });

  (hasRedisServer() ? it : it.skip)('can be its own, stop, and come back empty', async () => {
    const own = await ownRedis();
    const client = connect(own.url);
    await client.set('key', 'value');
    await own.stop();
    await own.start();
    expect(await client.get('key')).toBeNull();
    await own.stop();
  });
});
