import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openApi, type Api } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { MODULES, openBroker } from './broker-setup.js';

/** One process takes messages and nothing else, another one works. */
let broker: Awaited<ReturnType<typeof openBroker>>;
let worker: Api;
beforeAll(async () => {
  broker = await openBroker({ role: 'web' });
  worker = await openApi(MODULES, { over: broker.api, settings: { role: 'worker', redisUrl: broker.api.settings.redisUrl, dataDir: `.data-of-${randomUUID()}` } });
}, 60_000); // makes the run's database
afterAll(async () => {
  await worker.close();
  await broker.close();
});

describe('a worker', () => {
  it('reads requests for endpoints and entity types of which it has not heard yet', async () => {
    const desk = await broker.desk();
    const inbound = { ticketId: 'key', attributes: 'fields' };
    const read = (count: number) => eventually(async () => expect(await desk.rows('SELECT FROM message WHERE organization_id = $1')).toHaveLength(count));
    for (let n = 0; n < 3; n++) {
      await desk.endpoint(`new-${n}`, { entityType: { inbound } });
      await desk.must('POST', `/api/v1/inbound/new-${n}/incident`, { key: `K-${n}`, fields: {} });
      await read(2 * n + 1);
      await desk.endpoint(`new-${n}`, { entityType: { name: 'case', inbound } });
      await desk.must('POST', `/api/v1/inbound/new-${n}/case`, { key: `K-${n}`, fields: {} });
      await read(2 * n + 2);
    }
    expect(await desk.rows(`SELECT endpoint, entity_type, reason FROM message WHERE organization_id = $1 AND state = 'FAILED'`)).toEqual([]);
  });
});
