import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { launchApplication, startApplication, type Application } from '../support/application.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { FakeTarget, json } from '../support/fake-target.js';
import { newDataFolder } from '../support/parley-process.js';
import { report } from './report.js';

jest.setTimeout(180_000);

const TICKETS = 60;
const KILLS = 6;
/** Crashes that one poisonous lane may cost: two in company, three alone, and one that meets the process while it starts. */
const MOST_CRASHES = 6;

let database: TestDatabase;
let target: FakeTarget;
let application: Application;
const dataDir = newDataFolder();

const endpoint = (id: string, baseUrl: string): Record<string, unknown> => ({
  id, name: id, adapter: 'rest', settings: { baseUrl, slots: 4, retry: { firstMs: 50, mostMs: 200 } },
  entityTypes: [{ name: 'ticket', operations: { create: { method: 'POST', path: '/tickets', idempotent: true }, update: { method: 'PUT', path: '/tickets/{{ticketId}}' } }, response: { ticketId: 'id' } }],
});
const rule = (to: string): Record<string, unknown> => ({
  name: `source to ${to}`, changeDescription: 'test', sourceSystemId: to === 'poison' ? 'well' : 'source', sourceEntityType: 'ticket', targetSystemId: to, targetEntityType: 'ticket',
  mappings: [{ type: 'Single', template: '${ticket}', targetAttribute: 'ticket' }],
});
const launch = (failpoint: string): Promise<Application> => launchApplication({ databaseUrl: database.url, dataDir, port: application.port, env: { PARLEY_FAILPOINT: failpoint } });
const send = (from: string, ticket: string): Promise<unknown> => application.api.must('POST', `/api/v1/inbound/${from}/ticket`, { ticketId: ticket, attributes: { ticket } });
const count = async (id: string, status: string): Promise<number> => ((await application.api.must('GET', `/api/v1/deliveries?endpoint=${id}&status=${status}&limit=100`)).body.items as unknown[]).length;

beforeAll(async () => {
  [target, database] = await Promise.all([FakeTarget.start(), createDatabase({ isEmpty: true })]);
  // Slow enough that many lanes are in hand whenever the process ends.
  target.always(({ body }) => ({ ...json(201, { id: `of ${(JSON.parse(body.toString()) as { ticket: string }).ticket}` }), afterMs: 150 }));
  application = await startApplication({ databaseUrl: database.url, dataDir });
  await application.api.must('PUT', '/api/v1/config', { endpoints: ['source', 'well', 'target', 'poison'].map((id) => endpoint(id, target.url)), rules: ['target', 'poison'].map(rule) });
});
afterAll(async () => {
  await application.kill('SIGTERM');
  await Promise.all([target.stop(), database.drop()]);
});

describe('the end of a process', () => {
  it(`is blamed on nobody: lanes that were in hand at ${KILLS} of them are all delivered`, async () => {
    await Promise.all(Array.from({ length: TICKETS }, (_, n) => send('source', `T${n}`)));
    await application.kill('SIGKILL');
    for (let kills = 1; kills < KILLS; kills++) {
      application = await launch('deliver.after-call:kill:3');
      expect(await application.exited).toBe('SIGKILL');
    }
    application = await startApplication({ databaseUrl: database.url, dataDir, port: application.port });
    await eventually(async () => expect(await count('target', 'SENT')).toBe(TICKETS));
    report(`${TICKETS} lanes through ${KILLS} kills: all delivered`);
  });

  it('is blamed on the lane that ends it, which is held after few crashes, and the others go on', async () => {
    await application.api.must('POST', '/api/v1/endpoints/poison/suspend');
    await application.api.must('POST', '/api/v1/endpoints/target/suspend');
    await send('well', 'X');
    await Promise.all(Array.from({ length: TICKETS }, (_, n) => send('source', `U${n}`)));
    await eventually(async () => expect([await count('poison', 'QUEUED'), await count('target', 'QUEUED')]).toEqual([1, TICKETS]));
    await application.kill('SIGKILL');
    application = await startApplication({ databaseUrl: database.url, dataDir, port: application.port, env: { PARLEY_FAILPOINT: 'deliver.before-call:kill:@poison' } });
    await application.api.must('POST', '/api/v1/endpoints/target/resume');
    await application.api.must('POST', '/api/v1/endpoints/poison/resume').catch(() => undefined); // it may end before it answers
    let crashes = 0;
    for (;;) {
      const held = eventually(async () => expect(await count('poison', 'HELD')).toBe(1), 60_000).then(() => 'held');
      held.catch(() => undefined);
      if ((await Promise.race([held, application.exited])) === 'held') break;
      expect(++crashes).toBeLessThanOrEqual(MOST_CRASHES);
      application = await launch('deliver.before-call:kill:@poison');
      await Promise.race([application.ready, application.exited]);
    }
    await eventually(async () => expect(await count('target', 'SENT')).toBe(Math.min(100, 2 * TICKETS)));
    report(`a lane that ends the process: held after ${crashes} crashes`);
    expect(crashes).toBeGreaterThanOrEqual(3);
  });
});
