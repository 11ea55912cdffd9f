import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigurationWatch } from '../../src/rule/index.js';
import type { Api } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { json } from '../support/fake-target.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { openBroker, openPeer, type Desk } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
let proxy: TcpProxy;
/** An instance whose way to the database can be cut. */
let peer: Api;

beforeAll(async () => {
  broker = await openBroker();
  const url = new URL(broker.api.databaseUrl);
  proxy = await TcpProxy.start({ host: url.hostname, port: Number(url.port) });
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  peer = await openPeer({ ...broker.api, databaseUrl: url.toString() });
}, 60_000); // makes the run's database
afterAll(async () => {
  await proxy.disturb({ kind: 'none' });
  await peer.close();
  await broker.close();
  await proxy.stop();
});

/** Whatever the database is told gets there, and is done; its answer does not come back. */
const loseAnswers = (): Promise<void> => proxy.disturb({ kind: 'cut', afterBytes: 1 });
const heal = (): Promise<void> => proxy.disturb({ kind: 'none' });

const send = async (desk: Desk, ticketId: string, { key, text = ticketId }: { key?: string; text?: string } = {}) => {
  const { statusCode, headers, body } = await peer.app.getHttpAdapter().getInstance().inject({
    method: 'POST', url: '/api/v1/inbound/source/incident', payload: JSON.stringify({ ticketId, attributes: { text } }),
    headers: { authorization: `Bearer ${desk.user.key}`, 'content-type': 'application/json', ...(key === undefined ? {} : { 'idempotency-key': key }) },
  });
  return { status: statusCode, headers, body: JSON.parse(body) as { messageId?: string; code?: string } };
};

const setup = async (): Promise<Desk> => {
  const desk = await broker.desk();
  await desk.rule('all');
  await eventually(() => peer.app.get(ConfigurationWatch).poll());
  // The peer knows the sender and the endpoint, and has its connections.
  await eventually(async () => expect((await send(desk, 'KNOWN')).status).toBe(202));
  await desk.untilDeliveries(['SENT']);
  return desk;
};

describe('a commit whose answer is lost', () => {
  it('is not told as accepted; the repeat is answered with what was stored, and processed once', async () => {
    const desk = await setup();
    await loseAnswers();
    const first = await send(desk, 'INC1', { key: 'key-1' });
    await heal();
    expect(first).toMatchObject({ status: 503, headers: { 'retry-after': expect.any(String) } });
    const stored = await desk.rows<{ id: string }>(`SELECT id::text FROM message WHERE organization_id = $1 AND ticket_id = 'INC1'`);
    expect(stored).toHaveLength(1);
    await eventually(async () => expect(await send(desk, 'INC1', { key: 'key-1' })).toMatchObject({ status: 202, headers: { 'idempotency-replayed': 'true' }, body: { messageId: stored[0]!.id } }));
    expect((await send(desk, 'OTHER', { key: 'key-1' })).body).toMatchObject({ code: 'idempotency-key-reused' });
    await desk.untilDeliveries(['SENT', 'SENT']);
    expect(desk.seen()).toEqual(['POST /target/incidents KNOWN', 'POST /target/incidents INC1']);
  });

  it('of the result of a delivery sends nothing twice, and keeps no lane', async () => {
    const desk = await setup();
    desk.target.always(({ method }) => {
      if (method === 'POST') void loseAnswers();
      return json(201, { id: 'T-2' });
    });
    await send(desk, 'INC2', { text: 'first' });
    await desk.say('INC2', { text: 'second' });
    // The result is written under a lost answer, unless something else took the last connections: then it is written afterwards.
    await eventually(async () => expect((await desk.deliveries())[1]?.state).toBe('SENT'), 2_000).catch(() => undefined);
    await heal();
    await desk.untilDeliveries(['SENT', 'SENT', 'SENT']);
    await desk.untilIdle();
    expect(desk.seen().slice(1)).toEqual(['POST /target/incidents first', 'PUT /target/incidents/T-2 second']);
  });
});
