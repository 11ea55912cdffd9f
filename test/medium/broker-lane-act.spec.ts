import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiAnswer } from '../support/api.js';
import { json } from '../support/fake-target.js';
import { openBroker, type Desk } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); });
afterAll(() => broker.close());

/** A ticket that was created in the target; its conversation. */
async function linked(): Promise<{ desk: Desk; conversation: string }> {
  const desk = await broker.desk();
  await desk.rule('all');
  const message = await desk.say('INC1', { text: '1' });
  await desk.untilDeliveries(['SENT']);
  return { desk, conversation: await desk.conversationOf(message) };
}

const act = (desk: Desk, conversation: string, what: string, lane = 'target/Incident'): Promise<ApiAnswer> => desk.user.send('POST', `/api/v1/conversations/${conversation}/lanes/${lane}/${what}`);

/** A create that was refused. */
async function refused(): Promise<{ desk: Desk; id: string }> {
  const desk = await broker.desk();
  await desk.rule('all');
  desk.target.next(json(400, { message: 'no' }));
  await desk.say('INC1', { text: 'wrong' });
  await desk.untilDeliveries(['DEAD']);
  return { desk, id: (await desk.deliveries())[0]!.id };
}

describe('an operator at a lane', () => {
  it('holds it while it is empty: what comes is held until the lane is retried, in its order', async () => {
    const { desk, conversation } = await linked();
    expect((await act(desk, conversation, 'hold')).status).toBe(204);
    expect((await act(desk, conversation, 'hold')).status).toBe(204);
    for (const text of ['2', '3']) await desk.say('INC1', { text });
    await desk.untilDeliveries(['SENT', 'HELD', 'HELD']);
    expect((await act(desk, conversation, 'retry')).status).toBe(204);
    await desk.untilSeen(['POST /target/incidents 1', 'PUT /target/incidents/T-1 2', 'PUT /target/incidents/T-1 3']);
    await desk.untilDeliveries(['SENT', 'SENT', 'SENT']);
    expect(await desk.auditOf(conversation)).toEqual(['lane.hold', 'lane.retry']);
  });

  it('frees one that was held while it was empty, skips its head, and is told where nothing stands in it', async () => {
    const { desk, conversation } = await linked();
    expect((await act(desk, conversation, 'skip')).body).toMatchObject({ status: 409, code: 'lane-empty' });
    expect((await act(desk, conversation, 'retry')).status).toBe(204);
    await act(desk, conversation, 'hold');
    expect((await act(desk, conversation, 'retry')).status).toBe(204);
    expect(await desk.link()).toMatchObject({ blocked: null });
    await act(desk, conversation, 'hold');
    for (const text of ['2', '3']) await desk.say('INC1', { text });
    await desk.untilDeliveries(['SENT', 'HELD', 'HELD']);
    expect((await act(desk, conversation, 'skip')).status).toBe(204);
    await desk.untilDeliveries(['SENT', 'SKIPPED', 'SENT']);
    expect(desk.seen()).toEqual(['POST /target/incidents 1', 'PUT /target/incidents/T-1 3']);
  });

  it('finds no lane that is not there, nor another organization\'s', async () => {
    const { desk, conversation } = await linked();
    expect((await act(desk, conversation, 'hold', 'elsewhere/incident')).status).toBe(404);
    expect((await act(await broker.desk(), conversation, 'hold')).status).toBe(404);
    expect(await desk.link()).toMatchObject({ blocked: null });
  });
});

describe('an operator at a delivery', () => {
  it('sends something else, and what it carried before stays beside it', async () => {
    const { desk, id } = await refused();
    desk.target.next(json(400, { message: 'still no' }));
    expect((await desk.act('deliveries', id, 'edit', { attributes: { text: 'better' }, reason: 'a typing error' })).status).toBe(204);
    await desk.untilSeen(['POST /target/incidents wrong', 'POST /target/incidents better']);
    await desk.untilDeliveries(['DEAD']);
    expect((await desk.act('deliveries', id, 'edit', { attributes: { text: 'good' } })).status).toBe(204);
    await desk.untilDeliveries(['SENT']);
    const { body } = await desk.user.get(`/api/v1/deliveries/${id}`);
    expect(body).toMatchObject({ attributes: { text: 'good' }, attempts: 3 });
    expect(body.edits).toMatchObject([{ number: 1, attributes: { text: 'wrong' }, reason: 'a typing error' }, { number: 2, attributes: { text: 'better' }, reason: null }]);
    expect(await desk.auditOf(id)).toEqual(['delivery.edit', 'delivery.edit']);
  });

  it('is told that an edit names nothing, or comes too late', async () => {
    const { desk, id } = await refused();
    expect((await desk.act('deliveries', id, 'edit', {})).body).toMatchObject({ status: 422, errors: [{ pointer: '/attributes' }] });
    await desk.act('deliveries', id, 'skip');
    expect((await desk.act('deliveries', id, 'edit', { attributes: {} })).body).toMatchObject({ status: 409, code: 'not-retryable' });
    expect((await desk.user.get(`/api/v1/deliveries/${id}`)).body.edits).toEqual([]);
  });

  it('does a thing once, however often it is asked for', async () => {
    const { desk, id } = await refused();
    expect((await Promise.all([1, 2, 3].map(() => desk.act('deliveries', id, 'skip')))).map(({ status }) => status)).toEqual([204, 204, 204]);
    expect(await desk.auditOf(id)).toEqual(['delivery.skip']);
    expect((await desk.act('deliveries', id, 'cancel')).body).toMatchObject({ status: 409, code: 'not-waiting' });
  });

  it('takes an update that died, and that its lane has passed, off the work list', async () => {
    const { desk } = await linked();
    desk.target.next(json(400, { message: 'no' }));
    await desk.say('INC1', { text: '2' });
    await desk.untilDeliveries(['SENT', 'DEAD']);
    const id = (await desk.deliveries())[1]!.id;
    expect((await desk.act('deliveries', id, 'skip')).status).toBe(204);
    expect((await desk.user.get('/api/v1/deliveries?status=DEAD')).body.items).toEqual([]);
    await desk.say('INC1', { text: '3' });
    await desk.untilDeliveries(['SENT', 'SKIPPED', 'SENT']);
  });
});
