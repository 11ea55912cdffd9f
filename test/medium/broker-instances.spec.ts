import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { METRICS } from '../../src/queue/index.js';
import { ConfigurationWatch } from '../../src/rule/index.js';
import type { Api } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { json } from '../support/fake-target.js';
import { openBroker, openPeer, type Desk } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
let peer: Api;
beforeAll(async () => {
  broker = await openBroker();
  peer = await openPeer(broker.api);
}, 60_000); // makes the run's database
afterAll(async () => {
  await peer.close();
  await broker.close();
});

const setup = async (): Promise<Desk> => {
  const desk = await broker.desk();
  await desk.rule('all');
  await peer.app.get(ConfigurationWatch).poll();
  return desk;
};
/** Sends a message through one of the two. */
const say = async (desk: Desk, api: Api, ticketId: string, text: string): Promise<void> => {
  const answer = await api.app.getHttpAdapter().getInstance().inject({
    method: 'POST', url: '/api/v1/inbound/source/incident', headers: { authorization: `Bearer ${desk.user.key}`, 'content-type': 'application/json' }, payload: JSON.stringify({ ticketId, attributes: { text } }),
  });
  expect(answer.statusCode).toBe(202);
};

describe('two instances', () => {
  it('send the messages of one conversation in the order in which they were accepted, whoever took them', async () => {
    const desk = await setup();
    desk.target.always(() => ({ ...json(201, { id: 'T-1' }), afterMs: Math.random() * 10 }));
    for (let n = 0; n < 40; n++) await say(desk, n % 2 === 0 ? broker.api : peer, 'INC1', `${n}`);
    await eventually(() => expect(desk.seen()).toHaveLength(40));
    expect(desk.seen().map((one) => one.split(' ')[2])).toEqual(Array.from({ length: 40 }, (_, n) => `${n}`));
  });

  it('create a ticket once that both hear of for the first time at the same moment', async () => {
    const desk = await setup();
    for (let n = 0; n < 15; n++) await Promise.all([say(desk, broker.api, `INC${n}`, 'a'), say(desk, peer, `INC${n}`, 'b'), say(desk, broker.api, `INC${n}`, 'c')]);
    await eventually(() => expect(desk.seen()).toHaveLength(45));
    expect(desk.seen().filter((one) => one.startsWith('POST'))).toHaveLength(15);
    expect(await desk.rows('SELECT count(*)::int AS count FROM conversation WHERE organization_id = $1')).toEqual([{ count: 15 }]);
  });

  it('know an endpoint and an entity type at once that the other has just made', async () => {
    const desk = await broker.desk();
    const send = (path: string) => peer.app.getHttpAdapter().getInstance().inject({
      method: 'POST', url: `/api/v1/inbound/${path}`, headers: { authorization: `Bearer ${desk.user.key}`, 'content-type': 'application/json' }, payload: '{"ticketId":"1","attributes":{}}',
    });
    for (let n = 0; n < 5; n++) {
      await desk.endpoint(`new-${n}`);
      expect((await send(`new-${n}/incident`)).statusCode).toBe(202);
      await desk.endpoint(`new-${n}`, { entityType: { name: 'case' } });
      expect((await send(`new-${n}/case`)).statusCode).toBe(202);
    }
    expect((await send('never-made/incident')).statusCode).toBe(404);
  });

  it('go on with what the other leaves when it stops', async () => {
    const desk = await setup();
    const leaving = await openPeer(broker.api);
    desk.target.always(() => ({ ...json(201, { id: `T-${desk.target.seen.length}` }), afterMs: 20 }));
    for (let n = 0; n < 20; n++) await Promise.all([say(desk, leaving, `A${n}`, '1'), say(desk, leaving, `B${n}`, '1')]);
    await leaving.close();
    await desk.untilDeliveries(Array.from({ length: 40 }, () => 'SENT'));
    expect(desk.target.seen).toHaveLength(40);
  });

  it('tell how far the clock of their machine is from the database\'s', async () => {
    const now = Date.now.bind(Date);
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() + 3_600_000);
    try {
      await eventually(async () => expect((await METRICS.clockOffset.get()).values[0]!.value).toBeCloseTo(3_600, -1));
    } finally {
      clock.mockRestore();
    }
  });
});
