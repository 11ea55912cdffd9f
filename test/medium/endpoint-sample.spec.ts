import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/store/pipeline/uuid.js';
import { json } from '../support/fake-target.js';
import { openBroker, type Desk } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); });
afterAll(() => broker.close());

const SAMPLES = '/api/v1/endpoints/source/samples';
const INBOUND = { ticketId: 'id', attributes: { text: 'fields.summary' } };

const setup = async (): Promise<Desk> => {
  const desk = await broker.desk();
  await desk.endpoint('source', { entityType: { inbound: INBOUND } });
  return desk;
};
const save = (desk: Desk, sample: object, path = SAMPLES) => desk.user.send('POST', path, sample);
const run = async (desk: Desk, endpoint?: object, path = SAMPLES) => (await desk.user.send('POST', `${path}/run`, endpoint === undefined ? {} : { endpoint })).body as { ok: boolean; items: { name: string; ok: boolean; differences: string[]; found: object }[] };
/** The endpoint as it might be saved, with another inbound mapping. */
const changed = (inbound: object) => ({ entityTypes: [{ name: 'incident', inbound: { ...INBOUND, ...inbound } }] });

describe('a sample', () => {
  it('is kept of a message, with what the settings made of it, and tells what changed ones would make of it', async () => {
    const desk = await setup();
    const { body } = await desk.user.send('POST', '/api/v1/inbound/source/incident?a=1', { id: 'INC1', fields: { summary: 'Printer', other: 'x' } }, { 'x-event': 'e1' });
    await desk.untilIdle();
    const [message] = await desk.rows<{ id: string }>('SELECT id FROM message WHERE organization_id = $1 AND raw_id = $2', (body as { messageId: string }).messageId);
    const saved = await save(desk, { name: 'a new ticket', message: message!.id });
    expect(saved).toMatchObject({ status: 201, body: { name: 'a new ticket', kind: 'request', recorded: { entityType: 'incident', query: 'a=1', headers: { 'x-event': 'e1' } }, body: expect.stringContaining('"INC1"'), expected: { ok: true, messages: [{ ticketId: 'INC1', attributes: { text: 'Printer' } }] } } });
    expect(JSON.stringify(saved.body)).not.toContain(desk.user.key);
    expect(await run(desk)).toMatchObject({ ok: true, items: [{ name: 'a new ticket', ok: true, differences: [] }] });
    const would = await run(desk, changed({ attributes: { text: 'fields.other' } }));
    expect(would).toMatchObject({ ok: false, items: [{ ok: false, differences: ['/messages/0/attributes/text'], found: { messages: [{ attributes: { text: 'x' } }] } }] });
    expect((await desk.user.get('/api/v1/endpoints/source')).body).toMatchObject({ entityTypes: [{ inbound: INBOUND }] });
    await desk.endpoint('source', { entityType: { inbound: { ...INBOUND, ticketId: 'key' } } });
    expect(await run(desk)).toMatchObject({ ok: false, items: [{ found: { ok: false, error: 'The body names no ticket at key.' } }] });
  });

  it('is kept of a delivery\'s last answer, and of what somebody wrote down', async () => {
    const desk = await setup();
    await desk.rule('all');
    desk.target.next(json(422, { error: { message: 'no such caller' } }));
    await desk.user.send('POST', '/api/v1/inbound/source/incident', { id: 'INC1', fields: { summary: 'Printer' } });
    await desk.untilDeliveries(['DEAD']);
    const path = '/api/v1/endpoints/target/samples';
    expect(await save(desk, { name: 'refused', delivery: (await desk.deliveries())[0]!.id }, path)).toMatchObject({ status: 201, body: { kind: 'answer', recorded: { operation: 'CREATE', status: 422 }, expected: { outcome: 'rejected', error: 'The target answered 422: no such caller' } } });
    const answer = { entityType: 'incident', operation: 'CREATE', status: 201, body: '{"id":"T-9"}' };
    expect(await save(desk, { name: 'made', answer, expected: { outcome: 'success', ticketId: 'T-9', error: null, retryAfterMs: null, attributes: { id: 'T-9' } } }, path)).toMatchObject({ status: 201 });
    expect(await run(desk, undefined, path)).toMatchObject({ ok: true, items: [{ name: 'made' }, { name: 'refused' }] });
    const [item] = (await run(desk, { settings: { baseUrl: 'https://x.example', answers: { successWhen: [{ status: [200] }] } } }, path)).items;
    expect(item).toMatchObject({ name: 'made', ok: false, differences: expect.arrayContaining(['/outcome', '/ticketId']) });
  });

  it('is replaced by one of its name, listed, and removed; each is in the audit log', async () => {
    const desk = await setup();
    const request = { entityType: 'incident', body: '{"id":"A-1","fields":{"summary":"one"}}' };
    const { body } = await save(desk, { name: 'one', request });
    await save(desk, { name: 'one', request: { ...request, body: '{"id":"A-2"}' } });
    expect((await desk.user.get(SAMPLES)).body).toMatchObject({ items: [{ name: 'one', body: '{"id":"A-2"}' }] });
    const { id } = body as { id: string };
    expect((await desk.user.send('DELETE', `${SAMPLES}/${id}`)).status).toBe(204);
    expect((await desk.user.send('DELETE', `${SAMPLES}/${id}`)).status).toBe(404);
    expect((await desk.user.get(SAMPLES)).body).toEqual({ items: [] });
    expect(await desk.auditOf('endpoint:source')).toEqual(expect.arrayContaining(['endpoint.save-sample', 'endpoint.remove-sample']));
  });

  it('is refused where it is not there, is none, or its settings cannot be used', async () => {
    const desk = await setup();
    expect((await save(desk, { name: 'x', message: newId() })).status).toBe(404);
    expect((await save(desk, { name: 'x', delivery: newId() })).status).toBe(404);
    expect(await save(desk, { name: 'x' })).toMatchObject({ status: 422, body: { errors: [{ detail: 'name one of message, delivery, request and answer' }] } });
    expect(await desk.user.send('POST', `${SAMPLES}/run`, { endpoint: { settings: { baseUrl: 7 } } })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/endpoint/settings/baseUrl' }] } });
    expect((await desk.user.get('/api/v1/endpoints/nowhere/samples')).status).toBe(404);
  });
});
