import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { openBroker, type Desk } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); });
afterAll(() => broker.close());

/** A target that accepts at once and tells later whether it did it. */
async function setup(acknowledgement: object = {}): Promise<{ desk: Desk; keys(): string[]; acknowledge(key: string, more?: object): Promise<string> }> {
  const desk = await broker.desk();
  await desk.endpoint('target', { entityType: { inbound: {
    ticketId: 'ticket', messageType: 'type', attributes: { words: 'words' },
    acknowledgement: { when: "type == 'ack'", delivery: 'key', failedWhen: "status == 'ERROR'", reason: 'words', tries: 2, pauseSeconds: 0, ...acknowledgement },
  } } });
  await desk.rule('all');
  await desk.say('INC1', { text: 'create' });
  await desk.say('INC1', { text: 'update' });
  await desk.untilDeliveries(['SENT', 'SENT']);
  return {
    desk, keys: () => desk.target.seen.map(({ headers }) => String(headers['idempotency-key'])),
    acknowledge: async (key, more = {}) => {
      const answer = await desk.user.send('POST', '/api/v1/inbound/target/incident', { type: 'ack', key, status: 'ERROR', words: 'The ticket is locked.', ...more });
      expect(answer.status).toBe(202);
      return (answer.body as { messageId: string }).messageId;
    },
  };
}
const CREATE = 'POST /target/incidents create';
const UPDATE = 'PUT /target/incidents/T-1 update';
const troubled = async (desk: Desk) => desk.rows(`SELECT state, reason FROM troubled_delivery WHERE organization_id = $1`);
const ended = (desk: Desk, request: string) => desk.rows(`SELECT state, reason, conversation_id AS conversation FROM message WHERE organization_id = $1 AND raw_id = $2`, request);

describe('a system that tells later that it failed', () => {
  it('is sent the update again, until that was tried often enough; then it stands in the work list with its words', async () => {
    const { desk, keys, acknowledge } = await setup();
    const key = keys()[1]!;
    for (const times of [2, 3]) {
      await acknowledge(key);
      await desk.untilSeen([CREATE, ...Array.from({ length: times }, () => UPDATE)]);
      await desk.untilDeliveries(['SENT', 'SENT']);
    }
    expect(await troubled(desk)).toEqual([]);
    await acknowledge(key);
    await desk.untilDeliveries(['SENT', 'DEAD']);
    expect(await troubled(desk)).toEqual([{ state: 'DEAD', reason: 'The system accepted it and told later that it failed: The ticket is locked.' }]);
    expect(desk.seen()).toHaveLength(4);
    const dead = (await desk.deliveries())[1]!;
    await desk.act('deliveries', dead.id, 'retry');
    await desk.untilDeliveries(['SENT', 'SENT']);
    expect(await troubled(desk)).toEqual([]);
  });

  it('is sent what waited behind it first, and that once', async () => {
    const { desk, keys, acknowledge } = await setup({ pauseSeconds: 1 });
    await Promise.all([acknowledge(keys()[1]!), acknowledge(keys()[1]!)]);
    await eventually(async () => expect(await troubled(desk)).toMatchObject([{ state: 'RETRYING' }]));
    await desk.untilDeliveries(['SENT', 'SENT']);
    await desk.say('INC1', { text: 'later' });
    await desk.untilDeliveries(['SENT', 'SENT', 'SENT']);
    expect(desk.seen()).toEqual([CREATE, UPDATE, UPDATE, 'PUT /target/incidents/T-1 later']);
  });

  it('of a create is told to operators, who know what is left of it', async () => {
    const { desk, keys, acknowledge } = await setup();
    await acknowledge(keys()[0]!);
    await desk.untilDeliveries(['DEAD', 'SENT']);
    expect(desk.seen()).toEqual([CREATE, UPDATE]);
  });
});

describe('an acknowledgement', () => {
  it('that all went well, or of what is not ours, changes nothing and says so', async () => {
    const { desk, keys, acknowledge } = await setup();
    const [key] = keys() as [string];
    const good = await acknowledge(key, { status: 'OK' });
    const foreign = await acknowledge('their own key');
    const unknown = await acknowledge('01990000-0000-7000-8000-000000000000');
    await eventually(async () => expect(await ended(desk, unknown)).toHaveLength(1));
    expect([await ended(desk, good), await ended(desk, foreign), await ended(desk, unknown)].flat()).toMatchObject([
      { state: 'FILTERED', reason: `acknowledges the delivery ${key}` }, { state: 'FILTERED', reason: 'acknowledges nothing that was sent from here' },
      { state: 'FILTERED', reason: 'tells that the delivery 01990000-0000-7000-8000-000000000000 failed' },
    ]);
    await desk.untilIdle();
    expect(desk.seen()).toEqual([CREATE, UPDATE]);
    const [message] = await desk.rows<{ id: string }>('SELECT id FROM message WHERE organization_id = $1 AND raw_id = $2', good);
    expect((await desk.user.get(`/api/v1/messages/${message!.id}`)).body).toMatchObject({ state: 'FILTERED', ticketId: null });
  });

  it('that names its ticket comes to rules as well, and other messages come as ever', async () => {
    const { desk, keys, acknowledge } = await setup({ tries: 0 });
    const told = await acknowledge(keys()[1]!, { ticket: 'T-1' });
    await desk.untilDeliveries(['SENT', 'DEAD']);
    await eventually(async () => expect(await ended(desk, told)).toMatchObject([{ conversation: (await desk.deliveries())[0]!.conversation }]));
    const other = await acknowledge('', { type: 'comment', ticket: 'T-1', words: 'hello' });
    await eventually(async () => expect(await ended(desk, other)).toMatchObject([{ conversation: (await desk.deliveries())[0]!.conversation }]));
  });

  it('of another endpoint is none of ours', async () => {
    const { desk, keys } = await setup();
    await desk.endpoint('source', { entityType: { inbound: { ticketId: 'ticket', acknowledgement: { delivery: 'key', failedWhen: 'failed' } } } });
    expect((await desk.user.send('POST', '/api/v1/inbound/source/incident', { key: keys()[1], failed: true })).status).toBe(202);
    await eventually(async () => expect(await desk.rows(`SELECT 1 FROM message WHERE organization_id = $1 AND state = 'FILTERED'`)).toHaveLength(1));
    expect((await desk.deliveries()).map(({ state }) => state)).toEqual(['SENT', 'SENT']);
  });
});
