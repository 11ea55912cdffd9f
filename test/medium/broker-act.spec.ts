import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { json } from '../support/fake-target.js';
import { openBroker, type Desk } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
const setup = async (): Promise<Desk> => {
  const desk = await broker.desk();
  await desk.rule('all');
  return desk;
};

beforeAll(async () => { broker = await openBroker(); });
afterAll(() => broker.close());

const listed = async (desk: Desk, status: string): Promise<string[]> => {
  const { body } = await desk.user.get(`/api/v1/deliveries?status=${status}`);
  return (body.items as { id: string }[]).map(({ id }) => id).reverse();
};
const ids = async (desk: Desk): Promise<string[]> => (await desk.deliveries()).map(({ id }) => id);
const act = async (desk: Desk, id: string, what: string, body?: unknown): Promise<number> => (await desk.act('deliveries', id, what, body)).status;

/** A create that died with two updates behind it. */
const deadCreate = async (): Promise<{ desk: Desk; create: string; updates: string[] }> => {
  const desk = await setup();
  desk.target.next(json(400, { message: 'no' }));
  await desk.say('INC1', { text: '1' });
  await desk.untilDeliveries(['DEAD']);
  for (const text of ['2', '3']) await desk.say('INC1', { text });
  await desk.untilDeliveries(['DEAD', 'HELD', 'HELD']);
  const [create, ...updates] = await ids(desk);
  return { desk, create: create!, updates };
};

describe('a create that died', () => {
  it('holds the updates behind it, also those that come later, and all of them are listed', async () => {
    const { desk, create, updates } = await deadCreate();
    expect(await listed(desk, 'DEAD')).toEqual([create]);
    expect(await listed(desk, 'HELD')).toEqual(updates);
    expect(await desk.link()).toMatchObject({ blocked: 'DEAD_CREATE', ticket_id: null, create_delivery_id: create });
  });

  it('goes when it is retried, and the updates after it in their order', async () => {
    const { desk, create } = await deadCreate();
    expect(await act(desk, create, 'retry')).toBe(204);
    await desk.untilSeen(['POST /target/incidents 1', 'POST /target/incidents 1', 'PUT /target/incidents/T-2 2', 'PUT /target/incidents/T-2 3']);
    await desk.untilDeliveries(['SENT', 'SENT', 'SENT']);
    expect(await listed(desk, 'DEAD')).toEqual([]);
    expect(await listed(desk, 'HELD')).toEqual([]);
    expect(await desk.auditOf(create)).toEqual(['delivery.retry']);
    expect(await act(desk, create, 'retry')).toBe(409);
  });

  it('goes with what an operator wrote instead', async () => {
    const { desk, create } = await deadCreate();
    expect(await act(desk, create, 'edit', { attributes: { text: 'better' } })).toBe(204);
    await desk.untilSeen(['POST /target/incidents 1', 'POST /target/incidents better', 'PUT /target/incidents/T-2 2', 'PUT /target/incidents/T-2 3']);
    expect(await desk.auditOf(create)).toEqual(['delivery.edit']);
  });

  it('is done with when it is linked to a ticket: the updates go there', async () => {
    const { desk, create } = await deadCreate();
    expect(await act(desk, create, 'link', { ticketId: 'OLD-7' })).toBe(204);
    await desk.untilSeen(['POST /target/incidents 1', 'PUT /target/incidents/OLD-7 2', 'PUT /target/incidents/OLD-7 3']);
    await desk.untilDeliveries(['SKIPPED', 'SENT', 'SENT']);
    expect(await desk.auditOf(create)).toEqual(['delivery.link']);
  });

  it('is not linked to a ticket that another conversation has', async () => {
    const { desk, create } = await deadCreate();
    await desk.say('INC2', { text: 'another' });
    await desk.untilDeliveries(['DEAD', 'HELD', 'HELD', 'SENT']);
    expect((await desk.act('deliveries', create, 'link', { ticketId: 'T-2' })).body).toMatchObject({ status: 409, code: 'ticket-taken' });
    expect((await desk.deliveries())[0]).toMatchObject({ state: 'DEAD' });
  });

  it('takes the updates along when it is skipped, and the next message creates', async () => {
    const { desk, create } = await deadCreate();
    expect(await act(desk, create, 'skip')).toBe(204);
    await desk.untilDeliveries(['SKIPPED', 'SKIPPED', 'SKIPPED']);
    expect(await listed(desk, 'HELD')).toEqual([]);
    for (const text of ['4', '5']) await desk.say('INC1', { text });
    await desk.untilSeen(['POST /target/incidents 1', 'POST /target/incidents 4', 'PUT /target/incidents/T-2 5']);
    expect(await desk.auditOf(create)).toEqual(['delivery.skip']);
  });

  it('can still be retried, linked or skipped when an update behind it was cancelled', async () => {
    const { desk, create, updates } = await deadCreate();
    for (const update of updates) expect(await act(desk, update, 'cancel')).toBe(204);
    expect(await desk.link()).toMatchObject({ blocked: 'DEAD_CREATE' });
    expect(await act(desk, create, 'retry')).toBe(204);
    await desk.untilSeen(['POST /target/incidents 1', 'POST /target/incidents 1']);
    await desk.untilDeliveries(['SENT', 'CANCELLED', 'CANCELLED']);
    await desk.say('INC1', { text: '4' });
    await desk.untilSeen(['POST /target/incidents 1', 'POST /target/incidents 1', 'PUT /target/incidents/T-2 4']);
  });
});

describe('a delivery that waits for its next attempt', () => {
  const retrying = async (): Promise<{ desk: Desk; create: string }> => {
    const desk = await broker.desk();
    await desk.endpoint('target', { settings: { retry: { firstMs: 600_000, mostMs: 600_000 } } });
    await desk.rule('all');
    // Full jitter: a pause that is short by chance is followed by another.
    desk.target.always(json(503, {}));
    await desk.say('INC1', { text: '1' });
    await desk.say('INC1', { text: '2' });
    await desk.untilDeliveries(['RETRYING', 'QUEUED']);
    desk.target.reset();
    return { desk, create: (await ids(desk))[0]! };
  };

  it('goes at once when it is retried', async () => {
    const { desk, create } = await retrying();
    expect(await act(desk, create, 'retry')).toBe(204);
    await desk.untilSeen(['POST /target/incidents 1', 'PUT /target/incidents/T-1 2']);
  });

  it('stops its lane when it is held, visibly, and goes on when it is retried', async () => {
    const { desk, create } = await retrying();
    const [, update] = await ids(desk);
    expect(await act(desk, update!, 'hold')).toBe(409);
    expect(await act(desk, create, 'hold')).toBe(204);
    await desk.untilDeliveries(['HELD', 'HELD']);
    expect(await listed(desk, 'HELD')).toEqual([create, update]);
    await desk.say('INC1', { text: '3' });
    await desk.untilDeliveries(['HELD', 'HELD', 'HELD']);
    expect(await act(desk, update!, 'retry')).toBe(204);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(desk.seen()).toEqual([]);
    expect(await act(desk, create, 'retry')).toBe(204);
    await desk.untilSeen(['POST /target/incidents 1', 'PUT /target/incidents/T-1 2', 'PUT /target/incidents/T-1 3']);
    expect(await desk.auditOf(create)).toEqual(['delivery.hold', 'delivery.retry']);
  });

  it('is not sent when it is cancelled; without its create, the updates are skipped', async () => {
    const { desk, create } = await retrying();
    expect(await act(desk, create, 'cancel')).toBe(204);
    await desk.untilDeliveries(['CANCELLED', 'SKIPPED']);
    await desk.say('INC1', { text: '3' });
    await desk.untilSeen(['POST /target/incidents 3']);
  });
});

describe('an update that died', () => {
  it('goes at the end of its lane when it is retried, since the lane has gone on', async () => {
    const desk = await setup();
    desk.target.next(json(201, { id: 'T-1' }), json(400, {}));
    for (const text of ['1', '2', '3']) await desk.say('INC1', { text });
    await desk.untilDeliveries(['SENT', 'DEAD', 'SENT']);
    expect(await act(desk, (await ids(desk))[1]!, 'retry')).toBe(204);
    await desk.untilSeen(['POST /target/incidents 1', 'PUT /target/incidents/T-1 2', 'PUT /target/incidents/T-1 3', 'PUT /target/incidents/T-1 2']);
    await desk.untilDeliveries(['SENT', 'SENT', 'SENT']);
  });
});

describe('acts that do not fit', () => {
  it('are conflicts while the lane is being sent from, and for what is sent', async () => {
    const desk = await setup();
    const letGo = desk.target.hold(json(201, { id: 'T-1' }));
    await desk.say('INC1', { text: '1' });
    await desk.untilSeen(['POST /target/incidents 1']);
    const [create] = await ids(desk);
    expect((await desk.act('deliveries', create!, 'retry')).body).toMatchObject({ status: 409, code: 'being-sent' });
    letGo();
    await desk.untilDeliveries(['SENT']);
    for (const what of ['retry', 'skip', 'cancel', 'hold']) expect(await act(desk, create!, what)).toBe(409);
    expect(await act(desk, create!, 'link', { ticketId: 'X' })).toBe(409);
    expect(await act(desk, '01a1fbb0-6a90-7034-b488-b9b6f10f0de5', 'retry')).toBe(404);
    expect(desk.seen()).toHaveLength(1);
    expect(await desk.auditOf(create!)).toEqual([]);
  });

  it('of another organization find nothing', async () => {
    const { desk, create } = await deadCreate();
    const other = await setup();
    expect(await act(other, create, 'retry')).toBe(404);
    await eventually(async () => expect((await desk.deliveries())[0]).toMatchObject({ state: 'DEAD' }));
  });

  it('reads a delivery as it is once the lane is its own, not as it was before it waited', async () => {
    const { desk, create } = await deadCreate();
    const conversation = (await desk.deliveries())[0]!.conversation;
    // Somebody commits the create as sent while an operator's retry waits for the lane.
    const client = await desk.api.database.worker.connect();
    await client.query('BEGIN');
    await client.query(`UPDATE ticket_link SET ticket_id = 'T-9', done_seq = 1, blocked = NULL WHERE conversation_id = $1 AND endpoint = 'target'`, [conversation]);
    await client.query(`UPDATE delivery SET state = 'SENT' WHERE id = $1`, [create]);
    const retried = act(desk, create, 'retry');
    await new Promise((resolve) => setTimeout(resolve, 150));
    await client.query('COMMIT');
    client.release();
    expect(await retried).toBe(409);
    expect((await desk.deliveries())[0]).toMatchObject({ state: 'SENT', seq: 1 });
  });
});
