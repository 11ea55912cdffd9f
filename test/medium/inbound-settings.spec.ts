import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { json } from '../support/fake-target.js';
import { openBroker, type Desk } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); });
afterAll(() => broker.close());

const receiving = async (settings: object, answer?: object): Promise<Desk> => {
  const desk = await broker.desk();
  await desk.endpoint('source', { settings: { ...settings }, entityType: { inbound: { ticketId: 'id', attributes: 'fields', ...(answer === undefined ? {} : { answer }) } } });
  return desk;
};
const post = (desk: Desk, body: unknown, headers: Readonly<Record<string, string>> = {}) => desk.user.send('POST', '/api/v1/inbound/source/incident', body, headers);
const event = (id: string, text = 'hello', at = 0) => ({ id, at, fields: { text } });
const messages = async (desk: Desk): Promise<number> => (await desk.rows<{ count: number }>('SELECT count(*)::int AS count FROM raw_request WHERE organization_id = $1'))[0]!.count;

describe('what the settings call a repeat', () => {
  it('is answered like the first and brought no further, whatever else it holds, also where both come at once', async () => {
    const desk = await receiving({ repeats: { key: '{{event.id}}:{{event.fields.text}}' } });
    const all = await Promise.all([1, 2, 3].map((at) => post(desk, event('INC1', 'a', at))));
    all.push(await post(desk, event('INC1', 'a', 4), { 'idempotency-key': 'another' }));
    expect(all.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    expect(new Set(all.map(({ body }) => (body as { messageId: string }).messageId)).size).toBe(1);
    expect(all.filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(3);
    expect((await post(desk, event('INC1', 'b'))).headers['idempotency-replayed']).toBeUndefined();
    expect(await messages(desk)).toBe(2);
  });

  it('is new again when its time is over', async () => {
    const desk = await receiving({ repeats: { key: '{{event.id}}', seconds: 1 } });
    await post(desk, event('INC1'));
    await eventually(async () => expect((await post(desk, event('INC1'))).headers['idempotency-replayed']).toBeUndefined());
    expect(await messages(desk)).toBe(2);
  });

  it('is refused where it asks for what there is not', async () => {
    const desk = await broker.desk();
    const document = { name: 'x', adapter: 'rest', entityTypes: [], settings: { baseUrl: 'https://x.example', repeats: { key: '{{event.id | nosuch}}' } } };
    expect(await desk.user.send('PUT', '/api/v1/endpoints/x', document)).toMatchObject({ status: 422, body: { errors: [{ pointer: '/settings/repeats/key', detail: 'there is no filter "nosuch"' }] } });
  });
});

it('a request that is larger than its endpoint takes is refused, kept, and changes nothing', async () => {
  const desk = await receiving({ maxRequestBytes: 2_000 });
  expect((await post(desk, event('INC1', 'x'.repeat(1_000)))).status).toBe(202);
  expect(await post(desk, event('INC1', 'x'.repeat(3_000)))).toMatchObject({ status: 413, body: { code: 'body-too-large', detail: 'This endpoint takes requests of at most 2000 bytes.' } });
  await eventually(async () => expect((await desk.user.get('/api/v1/endpoints/source/refused-requests')).body).toMatchObject({ items: [{ status: 413, reason: 'This endpoint takes requests of at most 2000 bytes.' }] }));
  expect(await messages(desk)).toBe(1);
});

describe('a sender that waits for what becomes of its request', () => {
  const waiting = async (wait: object = {}, answer: object = {}): Promise<Desk> => receiving({}, { ...answer, wait: { seconds: 20, ...wait } });

  it('is told the ticket that was made of it, a repeat too', async () => {
    const desk = await waiting();
    await desk.rule('all');
    const first = await post(desk, event('INC1'), { 'idempotency-key': 'k' });
    expect(first).toMatchObject({ status: 200, body: { messageId: expect.any(String), outcome: 'done', ticketId: 'T-1', endpoint: 'target', error: null } });
    expect(await post(desk, event('INC1'), { 'idempotency-key': 'k' })).toMatchObject({ status: 200, body: first.body, headers: { 'idempotency-replayed': 'true' } });
    expect(await post(desk, event('INC1', 'again'))).toMatchObject({ status: 200, body: { outcome: 'done', ticketId: 'T-1' } });
  });

  it('is told in its own words, also what went wrong and that nobody wanted it', async () => {
    const desk = await waiting({ status: 201, body: { result: '{{outcome}}', number: '{{ticketId}}', words: '{{error}}', all: { $each: 'deliveries', $as: '{{item.endpoint}}' } } });
    expect(await post(desk, event('INC1'))).toMatchObject({ status: 201, body: { result: 'none' } });
    await desk.rule('all');
    desk.target.next(json(422, { message: 'no such caller' }));
    expect(await post(desk, event('INC2'))).toMatchObject({ status: 201, body: { result: 'failed', words: 'The target answered 422: no such caller', all: ['target'] } });
  });

  it('is told that it is kept where the answer does not come in time, and it goes on', async () => {
    const desk = await waiting({ seconds: 1 }, { status: 202, body: { kept: '{{messageId}}' } });
    await desk.rule('all');
    desk.target.next({ do: 'answer', status: 503, headers: { 'retry-after': '2' } });
    const { status, body } = await post(desk, event('INC1'));
    expect({ status, body }).toEqual({ status: 202, body: { kept: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
    await desk.untilDeliveries(['SENT']);
  });

  it('costs no connection to the database, however many wait', async () => {
    const desk = await waiting({ seconds: 2 });
    await desk.rule('all');
    desk.target.always({ do: 'hang' });
    const all = Promise.all(Array.from({ length: 50 }, (_, n) => post(desk, event(`INC${n}`))));
    await eventually(() => expect(desk.target.seen.length).toBeGreaterThan(0));
    await desk.api.database.asWorker(async (client) => { await client.query('SELECT 1'); });
    expect(new Set((await all).map(({ status }) => status))).toEqual(new Set([202]));
  });
});
