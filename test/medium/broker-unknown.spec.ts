import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { armFailpoint } from '../../src/queue/failpoint.js';
import { json, type Behaviour, type SeenRequest } from '../support/fake-target.js';
import { openBroker, type Desk } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); });
afterEach(() => armFailpoint(undefined));
afterAll(() => broker.close());

const CREATE = { method: 'POST', path: '/incidents' };
const UPDATE = { method: 'PUT', path: '/incidents/{{ticketId}}' };
const LOOKUP = { method: 'GET', path: '/incidents?ref={{correlationKey}}', ticketId: '[0].id' };

const setup = async (entityType: object, settings: object = {}): Promise<Desk> => {
  const desk = await broker.desk();
  await desk.endpoint('target', { entityType: { ...entityType }, settings: { ...settings } });
  await desk.rule('all');
  return desk;
};
const shapes = (desk: Desk): string[] => desk.target.seen.map(({ method, url }) => `${method} ${url.replace(/ref=.*/, 'ref=…')}`);
/** Answers searches with these tickets and everything else well. */
const finds = (found: readonly object[]) => ({ method }: SeenRequest): Behaviour => json(method === 'GET' ? 200 : 201, method === 'GET' ? found : { id: 'T-NEW' });

describe('a create of which nobody knows whether it was done', () => {
  it('is held with the updates behind it, and sent again only when an operator says so', async () => {
    const desk = await setup({});
    desk.target.next({ do: 'cut' });
    for (const text of ['1', '2']) await desk.say('INC1', { text });
    await desk.untilDeliveries(['HELD', 'HELD']);
    expect(await desk.link()).toMatchObject({ blocked: 'UNKNOWN_OUTCOME' });
    expect(shapes(desk)).toEqual(['POST /target/incidents']);
    await desk.act('deliveries', (await desk.deliveries())[0]!.id, 'retry');
    await desk.untilDeliveries(['SENT', 'SENT']);
    expect(shapes(desk)).toEqual(['POST /target/incidents', 'POST /target/incidents', 'PUT /target/incidents/T-2']);
  });

  it('is sent again where the endpoint says so', async () => {
    const desk = await setup({}, { onUnknown: 'resend' });
    desk.target.next(json(500, {}));
    await desk.say('INC1', { text: '1' });
    await desk.untilDeliveries(['SENT']);
    expect(shapes(desk)).toEqual(['POST /target/incidents', 'POST /target/incidents']);
  });

  it('is sent again with the same key where the target honours it', async () => {
    const desk = await setup({ operations: { create: { ...CREATE, idempotent: true }, update: UPDATE } });
    desk.target.next({ do: 'cut' });
    await desk.say('INC1', { text: '1' });
    await desk.untilDeliveries(['SENT']);
    expect(new Set(desk.target.seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(shapes(desk)).toEqual(['POST /target/incidents', 'POST /target/incidents']);
  });

  it('is looked up, and taken as sent where it is found', async () => {
    const desk = await setup({ lookup: LOOKUP });
    desk.target.next({ do: 'cut' }).always(finds([{ id: 'T-77' }]));
    for (const text of ['1', '2']) await desk.say('INC1', { text });
    await desk.untilDeliveries(['SENT', 'SENT']);
    expect(shapes(desk)).toEqual(['POST /target/incidents', 'GET /target/incidents?ref=…', 'PUT /target/incidents/T-77']);
  });

  it('is looked up, and sent again where it is not found', async () => {
    const desk = await setup({ lookup: LOOKUP });
    desk.target.next({ do: 'cut' }).always(finds([]));
    await desk.say('INC1', { text: '1' });
    await desk.untilDeliveries(['SENT']);
    expect(shapes(desk)).toEqual(['POST /target/incidents', 'GET /target/incidents?ref=…', 'POST /target/incidents']);
  });

  it('is looked up again, and not sent, as long as the look-up itself fails', async () => {
    const desk = await setup({ lookup: LOOKUP });
    desk.target.next({ do: 'cut' }, json(503, {}), json(404, {})).always(finds([{ id: 'T-77' }]));
    await desk.say('INC1', { text: '1' });
    await desk.untilDeliveries(['SENT']);
    expect(shapes(desk).filter((one) => one.startsWith('POST'))).toHaveLength(1);
  });

  it('is looked up before it is sent again, also where an operator does not wait for that', async () => {
    const desk = await setup({ lookup: LOOKUP }, { retry: { firstMs: 60_000, mostMs: 60_000 } });
    desk.target.next({ do: 'cut' }).always(finds([{ id: 'T-77' }]));
    await desk.say('INC1', { text: '1' });
    await desk.untilDeliveries(['RETRYING']);
    const { id } = (await desk.deliveries())[0]!;
    expect(await desk.act('deliveries', id, 'edit', { attributes: { text: '2' } })).toMatchObject({ status: 409, body: { code: 'outcome-unknown' } });
    await desk.act('deliveries', id, 'retry');
    await desk.untilDeliveries(['SENT']);
    expect(shapes(desk)).toEqual(['POST /target/incidents', 'GET /target/incidents?ref=…']);
  });

  it('is looked up though it was held, where that can be done by the time that an operator retries it', async () => {
    const desk = await setup({});
    desk.target.next({ do: 'cut' });
    await desk.say('INC1', { text: '1' });
    await desk.untilDeliveries(['HELD']);
    await desk.endpoint('target', { entityType: { lookup: LOOKUP } });
    desk.target.always(finds([{ id: 'T-77' }]));
    await desk.act('deliveries', (await desk.deliveries())[0]!.id, 'retry');
    await desk.untilDeliveries(['SENT']);
    expect(shapes(desk)).toEqual(['POST /target/incidents', 'GET /target/incidents?ref=…']);
    expect(await desk.link()).toMatchObject({ ticket_id: 'T-77' });
  });

  it('is none where a fault of ours came before the call', async () => {
    const desk = await setup({});
    armFailpoint('deliver.before-call:throw');
    await desk.say('INC1', { text: '1' });
    await desk.untilDeliveries(['SENT']);
    expect(shapes(desk)).toEqual(['POST /target/incidents']);
  });

  it('is one that was answered without a ticket id, too', async () => {
    const desk = await setup({});
    desk.target.next(json(201, { number: 7 }));
    await desk.say('INC1', { text: '1' });
    await desk.untilDeliveries(['HELD']);
    expect((await desk.deliveries())[0]?.error).toContain('named no ticket');
  });

  it('stays unknown when its lane is given back before it could be looked up', async () => {
    const desk = await setup({ lookup: LOOKUP }, { retry: { firstMs: 20, mostMs: 20 } });
    desk.target.next({ do: 'cut' }).always(json(503, {}));
    await desk.say('INC1', { text: '1' });
    await desk.untilDeliveries(['RETRYING']);
    await desk.must('POST', '/api/v1/endpoints/target/suspend');
    await new Promise((resolve) => setTimeout(resolve, 300));
    desk.target.always(finds([{ id: 'T-77' }]));
    await desk.must('POST', '/api/v1/endpoints/target/resume');
    await desk.untilDeliveries(['SENT']);
    expect(shapes(desk).filter((one) => one.startsWith('POST'))).toHaveLength(1);
  });
});

describe('an update of which nobody knows whether it was done', () => {
  it('is sent again where it is a PUT, as HTTP has it', async () => {
    const desk = await setup({});
    desk.target.next(json(201, { id: 'T-1' }), { do: 'cut' });
    for (const text of ['1', '2', '3']) await desk.say('INC1', { text });
    await desk.untilDeliveries(['SENT', 'SENT', 'SENT']);
    expect(desk.seen()).toEqual(['POST /target/incidents 1', 'PUT /target/incidents/T-1 2', 'PUT /target/incidents/T-1 2', 'PUT /target/incidents/T-1 3']);
  });

  it('is held at once where it may not be repeated, though creates could be looked up', async () => {
    const desk = await setup({ lookup: LOOKUP, operations: { create: CREATE, update: { method: 'PATCH', path: '/incidents/{{ticketId}}' } } });
    desk.target.next(json(201, { id: 'T-1' }), { do: 'cut' });
    for (const text of ['1', '2', '3']) await desk.say('INC1', { text });
    await desk.untilDeliveries(['SENT', 'HELD', 'HELD']);
    expect(await desk.link()).toMatchObject({ blocked: 'UNKNOWN_OUTCOME' });
  });
});
