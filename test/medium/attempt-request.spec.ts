import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { json } from '../support/fake-target.js';
import { openBroker } from './broker-setup.js';

const PASSWORD = 'a-password-that-nobody-sees';

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); });
afterAll(() => broker.close());

describe('the request of an attempt', () => {
  it('is kept where the attempt did not succeed, and costs nothing where it did', async () => {
    const desk = await broker.desk();
    await desk.endpoint('target', { settings: { auth: { type: 'basic', username: 'bot', password: PASSWORD } } });
    await desk.rule('copy');
    desk.target.next(json(503, { message: 'busy' }), json(503, { message: 'busy' }), json(201, { id: 'X-1' }));
    await desk.say('T1', { text: `hello ${PASSWORD}` });
    await desk.untilDeliveries(['SENT']);
    const [{ id } = { id: '' }] = await desk.deliveries();
    const { body } = await desk.user.get(`/api/v1/deliveries/${id}`);
    const attempts = body.attemptList as { outcome: string; answer: string; request: { headers: Record<string, string>; body: string } | null }[];
    expect(attempts).toMatchObject([
      { outcome: 'retryable', answer: '{"message":"busy"}', request: { method: 'POST', url: `${desk.target.url}/target/incidents`, body: '{"text":"hello ***"}', bodyBytes: 17 + PASSWORD.length, earlier: 0 } },
      { outcome: 'retryable', request: { headers: { authorization: 'Basic [hidden]', 'idempotency-key': id } } }, { outcome: 'success', request: null },
    ]);
    const stored = await desk.rows('SELECT number, request, request IS NULL AS none FROM attempt WHERE organization_id = $1 ORDER BY number');
    expect(stored.map(({ none }) => none)).toEqual([false, false, true]);
    expect(JSON.stringify(stored)).not.toContain(PASSWORD);
  });

  it('of a delivery that died can be seen by those who may see deliveries, of the same organization', async () => {
    const [desk, other] = [await broker.desk(), await broker.desk()];
    await desk.rule('copy');
    desk.target.next(json(422, { message: 'no such category' }));
    await desk.say('T1', { text: 'hello' });
    await desk.untilDeliveries(['DEAD']);
    const [{ id } = { id: '' }] = await desk.deliveries();
    expect((await desk.user.get(`/api/v1/deliveries/${id}`)).body.attemptList).toMatchObject([{ outcome: 'rejected', httpStatus: 422, request: { body: '{"text":"hello"}' } }]);
    expect((await other.user.get(`/api/v1/deliveries/${id}`)).status).toBe(404);
    const stranger = await broker.api.organization(desk.user.slug, ['rules:read']);
    expect((await stranger.get(`/api/v1/deliveries/${id}`)).status).toBe(403);
  });

  it('is kept also where nobody answered', async () => {
    const desk = await broker.desk();
    await desk.rule('copy');
    desk.target.next({ do: 'cut' });
    await desk.say('T1', { text: 'hello' });
    await desk.untilDeliveries(['HELD']);
    const [{ id } = { id: '' }] = await desk.deliveries();
    expect((await desk.user.get(`/api/v1/deliveries/${id}`)).body.attemptList).toMatchObject([{ outcome: 'unknown', answer: null, request: { method: 'POST', body: '{"text":"hello"}' } }]);
  });
});
