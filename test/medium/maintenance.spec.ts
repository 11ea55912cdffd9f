import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigurationWatch } from '../../src/rule/index.js';
import type { Api } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { json } from '../support/fake-target.js';
import { openBroker, openPeer, type Desk } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); });
afterAll(() => broker.close());

const setup = async (): Promise<Desk> => {
  const desk = await broker.desk();
  await desk.rule('all');
  return desk;
};
/** Begins a maintenance that lasts until `ms` from now; answers when it ends. */
const begin = async (desk: Desk, ms: number, endpoint = 'target'): Promise<number> => {
  const untilMs = Date.now() + ms;
  await desk.must('PUT', `/api/v1/endpoints/${endpoint}/maintenance`, { windows: [{ from: new Date(untilMs - 3_600_000).toISOString(), to: new Date(untilMs).toISOString(), note: 'new release' }] });
  return untilMs;
};
const sayAt = async (desk: Desk, api: Api, text: string): Promise<void> => {
  const payload = JSON.stringify({ ticketId: 'INC1', attributes: { text } });
  const answer = await api.app.getHttpAdapter().getInstance().inject({ method: 'POST', url: '/api/v1/inbound/source/incident', headers: { authorization: `Bearer ${desk.user.key}`, 'content-type': 'application/json' }, payload });
  expect(answer.statusCode).toBe(202);
};

describe('an endpoint in maintenance', () => {
  it('is sent nothing by any instance, also not by one that starts meanwhile; what waits goes on by itself, in order, with no attempt used up', async () => {
    const desk = await setup();
    const first = await openPeer(broker.api);
    const times: number[] = [];
    desk.target.always(() => { times.push(Date.now()); return json(201, { id: 'T-1' }); });
    await begin(desk, 600_000);
    await first.app.get(ConfigurationWatch).poll();
    await sayAt(desk, broker.api, '1');
    await sayAt(desk, first, '2');
    await first.close();
    const second = await openPeer(broker.api);
    let untilMs: number;
    try {
      await sayAt(desk, second, '3');
      await desk.untilDeliveries(['QUEUED', 'QUEUED', 'QUEUED']);
      untilMs = await begin(desk, 2_500);
      await desk.untilSeen(['POST /target/incidents 1', 'PUT /target/incidents/T-1 2', 'PUT /target/incidents/T-1 3']);
      await desk.untilDeliveries(['SENT', 'SENT', 'SENT']);
    } finally {
      await second.close();
    }
    expect((await desk.deliveries()).map(({ attempts }) => attempts)).toEqual([1, 1, 1]);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(untilMs);
  });

  it('says so at the endpoint and at the lane that waits for it', async () => {
    const desk = await setup();
    const until = new Date(await begin(desk, 600_000)).toISOString();
    const id = await desk.say('INC1', { text: '1' });
    await desk.untilDeliveries(['QUEUED']);
    expect((await desk.user.get('/api/v1/endpoints/target')).body).toMatchObject({ status: 'ACTIVE', maintenanceState: { until, note: 'new release', nextAt: null } });
    const { body } = await desk.user.get(`/api/v1/conversations/${await desk.conversationOf(id)}`);
    expect(body.lanes).toContainEqual(expect.objectContaining({ endpoint: 'target', waiting: 1, reason: `maintenance until ${until} (new release)`, rest: { kind: 'maintenance', until, note: 'new release' } }));
    expect((await desk.user.get('/api/v1/deliveries?endpoint=target')).body.items).toMatchObject([{ state: 'QUEUED', rest: { kind: 'maintenance', until } }]);
    expect((await desk.user.get(`/api/v1/messages/${id}`)).body.deliveries).toMatchObject([{ rest: { kind: 'maintenance' } }]);
    await desk.must('POST', '/api/v1/endpoints/target/suspend');
    expect((await desk.user.get('/api/v1/deliveries?endpoint=target')).body.items).toMatchObject([{ rest: { kind: 'suspended', until: null } }]);
  });

  it('keeps the rest of a lane in hand, and goes on when the maintenance is taken back', async () => {
    const desk = await setup();
    const letGo = desk.target.hold(json(201, { id: 'T-1' }));
    for (const text of ['1', '2', '3']) await desk.say('INC1', { text });
    await desk.untilSeen(['POST /target/incidents 1']);
    await begin(desk, 600_000);
    letGo();
    await desk.untilDeliveries(['SENT', 'QUEUED', 'QUEUED']);
    expect(desk.seen()).toHaveLength(1);
    await desk.must('PUT', '/api/v1/endpoints/target/maintenance', { windows: [] });
    await desk.untilSeen(['POST /target/incidents 1', 'PUT /target/incidents/T-1 2', 'PUT /target/incidents/T-1 3']);
    expect(await desk.auditOf('endpoint:target')).toEqual(expect.arrayContaining(['endpoint.maintenance']));
  });

  it('is not fetched from, and takes what is sent by it', async () => {
    const desk = await setup();
    let asked = 0;
    desk.target.always(({ url }) => (url.startsWith('/source/changes') ? (asked++, json(200, { items: [{ no: 1, ticket: 'A', text: 'fetched' }] })) : json(201, { id: 'T-1' })));
    await desk.must('PUT', '/api/v1/endpoints/source/maintenance', { windows: [{ from: '2020-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' }] });
    await desk.endpoint('source', { entityType: { inbound: { ticketId: 'ticket', attributes: { text: 'text' } }, poll: { path: '/changes', list: 'items', cursor: { type: 'id', field: 'no' }, everySeconds: 1 } } });
    await desk.must('POST', '/api/v1/endpoints/source/polls/incident/run');
    await desk.must('POST', '/api/v1/inbound/source/incident', { ticket: 'B', text: 'sent' });
    await eventually(() => expect(desk.seen()).toEqual(['POST /target/incidents sent']));
    expect((await desk.user.get('/api/v1/endpoints/source/polls')).body.items).toMatchObject([{ nextAt: null }]);
    expect(asked).toBe(0);
    await desk.must('PUT', '/api/v1/endpoints/source/maintenance', { windows: [] });
    await eventually(() => expect(desk.seen()).toContain('POST /target/incidents fetched'));
    await desk.must('POST', '/api/v1/endpoints/source/suspend'); // goes on asking otherwise
  });
});
