import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { json } from '../support/fake-target.js';
import { openBroker, type Desk } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); });
afterAll(() => broker.close());

const BACK = { sourceSystemId: 'target', targetSystemId: 'source' };
const both = [{ type: 'Single', template: '${text}', targetAttribute: 'text' }, { type: 'Single', template: '${state}', targetAttribute: 'state' }];

/** Two tools that tell each other everything. */
const setup = async (settings: object = {}): Promise<Desk> => {
  const desk = await broker.desk();
  await desk.endpoint('target', { settings: { ...settings } });
  await desk.rule('there', { mappings: both });
  await desk.rule('and back', { ...BACK, mappings: both });
  return desk;
};
const answer = (ticketId: string) => json(201, { id: ticketId });
const provisional = (desk: Desk) => desk.rows('SELECT conversation_id AS conversation FROM provisional_conversation WHERE organization_id = $1');
const conversations = async (desk: Desk): Promise<number> => (await desk.rows<{ count: number }>('SELECT count(*)::int AS count FROM conversation WHERE organization_id = $1'))[0]!.count;

describe('what has changed', () => {
  it('is told against the last known value, over several messages that bring only parts of the ticket', async () => {
    const desk = await broker.desk();
    await desk.rule('state changed', { entityConditions: [{ attribute: 'state', operator: 'CHANGED', values: [] }], mappings: [{ type: 'Single', template: '${state}', targetAttribute: 'text' }] });
    const states: string[] = [];
    for (const attributes of [{ state: 'new', group: 'a' }, { group: 'b' }, { state: 'new' }, { STATE: 'done' }, { group: 'c' }, { state: 'done' }, { state: 'new' }]) {
      const id = await desk.say('INC1', attributes);
      await eventually(async () => expect((await desk.message(id)).state).not.toBe('RECEIVED'));
      states.push((await desk.message(id)).state);
    }
    expect(states).toEqual(['ROUTED', 'NO_ROUTE', 'NO_ROUTE', 'ROUTED', 'NO_ROUTE', 'NO_ROUTE', 'ROUTED']);
    await desk.untilSeen(['POST /target/incidents new', 'PUT /target/incidents/T-1 done', 'PUT /target/incidents/T-1 new']);
  });

  it('is told from all earlier messages, also those before the first rule asked', async () => {
    const desk = await broker.desk();
    for (const attributes of [{ state: 'new' }, { group: 'b' }]) await desk.say('INC1', attributes);
    await desk.untilIdle();
    await desk.rule('state changed', { entityConditions: [{ attribute: 'state', operator: 'CHANGED', values: [] }] });
    const same = await desk.say('INC1', { state: 'new' });
    const other = await desk.say('INC1', { state: 'done' });
    await desk.untilMessage(same, { state: 'NO_ROUTE' });
    await desk.untilMessage(other, { state: 'ROUTED' });
  });
});

describe('an echo', () => {
  it('of what we sent is told by its values, names its delivery, and is not routed', async () => {
    const desk = await setup();
    await desk.say('INC1', { text: 'a', state: 'new' });
    await desk.untilDeliveries(['SENT']);
    const echo = await desk.say('T-1', { text: 'a', state: 'new', number: 'T-1' }, { endpoint: 'target' });
    await desk.untilMessage(echo, { state: 'ECHO', receipt: (await desk.deliveries())[0]!.id });
    await desk.say('INC1', { state: 'done' });
    await desk.untilDeliveries(['SENT', 'SENT']);
    const second = await desk.say('T-1', { text: 'a', state: 'done', number: 'T-1' }, { endpoint: 'target' });
    await desk.untilMessage(second, { state: 'ECHO', receipt: (await desk.deliveries())[1]!.id });
    // The same values once more are news: another message was received since.
    const third = await desk.say('T-1', { state: 'new' }, { endpoint: 'target' });
    await desk.untilMessage(third, { state: 'ROUTED' });
    await desk.untilDeliveries(['SENT'], 'source');
    expect(await conversations(desk)).toBe(1);
  });

  it('is none where the target says something else besides, or where the endpoint does not want it told by value', async () => {
    const desk = await setup();
    await desk.endpoint('target', { settings: { echoByValue: false } });
    await desk.say('INC1', { text: 'a' });
    await desk.untilDeliveries(['SENT']);
    await desk.untilMessage(await desk.say('T-1', { text: 'a' }, { endpoint: 'target' }), { state: 'ROUTED' });
    await desk.endpoint('target');
    await desk.say('INC1', { text: 'b' });
    await desk.untilDeliveries(['SENT', 'SENT']);
    await desk.untilMessage(await desk.say('T-1', { text: 'b', state: 'someone closed it' }, { endpoint: 'target' }), { state: 'ROUTED' });
  });

  it('is told by its sender, whatever it brings', async () => {
    const desk = await setup({ integrationUser: 'parley' });
    await desk.say('INC1', { text: 'a' });
    await desk.untilDeliveries(['SENT']);
    await desk.untilMessage(await desk.say('T-1', { other: 'x' }, { endpoint: 'target', sender: { id: 'Parley' } }), { state: 'ECHO', reason: 'sent by our integration user' });
  });
});

describe('a target that is faster than its answer', () => {
  it('waits with its message until the answer names its ticket, which then is part of that conversation', async () => {
    const desk = await setup();
    const letGo = desk.target.hold(answer('T-5'));
    const said = await desk.say('INC1', { text: 'a' });
    await desk.untilSeen(['POST /target/incidents a']);
    const first = await desk.say('T-5', { text: 'a', number: 'T-5' }, { endpoint: 'target' });
    const second = await desk.say('T-5', { text: 'from the vendor' }, { endpoint: 'target' });
    expect(await provisional(desk)).toHaveLength(1);
    expect(await desk.message(first)).toMatchObject({ state: 'RECEIVED' });
    letGo();
    await desk.untilMessage(first, { state: 'ECHO', conversation: await desk.conversationOf(said) });
    await desk.untilMessage(second, { state: 'ROUTED', conversation: await desk.conversationOf(said) });
    await desk.untilSeen(['POST /target/incidents a', 'PUT /source/incidents/INC1 from the vendor']);
    expect(await conversations(desk)).toBe(1);
    expect(await provisional(desk)).toEqual([]);
    await desk.say('INC1', { text: 'b' });
    await desk.untilSeen(['POST /target/incidents a', 'PUT /source/incidents/INC1 from the vendor', 'PUT /target/incidents/T-5 b']);
  });

  it('waits no longer than for the answers: a ticket that none names is an ordinary one', async () => {
    const desk = await setup();
    const letGo = desk.target.hold(answer('T-5'));
    await desk.say('INC1', { text: 'a' });
    await desk.untilSeen(['POST /target/incidents a']);
    const stranger = await desk.say('T-99', { text: 'of its own' }, { endpoint: 'target' });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await desk.message(stranger)).toMatchObject({ state: 'RECEIVED' });
    letGo();
    await desk.untilMessage(stranger, { state: 'ROUTED' });
    await desk.untilSeen(['POST /target/incidents a', 'POST /source/incidents of its own']);
    expect(await conversations(desk)).toBe(2);
  });

  it('waits no longer than its time where no answer comes', async () => {
    const desk = await setup();
    desk.target.next({ do: 'hang' });
    await desk.say('INC1', { text: 'a' });
    await desk.untilSeen(['POST /target/incidents a']);
    const stranger = await desk.say('T-99', { text: 'of its own' }, { endpoint: 'target' });
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    expect(await desk.message(stranger)).toMatchObject({ state: 'RECEIVED' });
    await desk.rows(`UPDATE provisional_conversation SET deadline = now() WHERE organization_id = $1`);
    await desk.untilMessage(stranger, { state: 'ROUTED' });
  });

  it('becomes part of it though its time ran out in the moment in which the answer came', async () => {
    const desk = await setup();
    const letGo = desk.target.hold(answer('T-5'));
    const said = await desk.say('INC1', { text: 'a' });
    await desk.untilSeen(['POST /target/incidents a']);
    const first = await desk.say('T-5', { text: 'from the vendor' }, { endpoint: 'target' });
    const client = await desk.api.database.worker.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM conversation WHERE id = $1 FOR UPDATE', [await desk.conversationOf(first)]);
    await desk.rows('UPDATE provisional_conversation SET deadline = now() WHERE organization_id = $1');
    // Whoever saw that its time is over waits for the conversation; the answer comes meanwhile.
    await eventually(async () => expect((await client.query('SELECT FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid')).rowCount).toBeGreaterThan(0));
    letGo();
    await desk.untilDeliveries(['SENT']);
    await client.query('COMMIT');
    client.release();
    await desk.untilMessage(first, { state: 'ROUTED', conversation: await desk.conversationOf(said) });
    expect(await provisional(desk)).toEqual([]);
  });

  it('does not wait where its message names our ticket', async () => {
    const desk = await setup();
    const letGo = desk.target.hold(answer('T-5'));
    const said = await desk.say('INC1', { text: 'a' });
    await desk.untilSeen(['POST /target/incidents a']);
    const named = await desk.say('T-5', { text: 'b' }, { endpoint: 'target', references: [{ endpoint: 'source', entityType: 'incident', ticketId: 'INC1' }] });
    await desk.untilMessage(named, { state: 'ROUTED', conversation: await desk.conversationOf(said) });
    letGo();
    await desk.untilDeliveries(['SENT']);
    expect((await desk.link())?.['ticket_id']).toBe('T-5');
  });

  it('does not wait for creates that have not been sent, nor for one that was refused', async () => {
    const desk = await setup();
    desk.target.next(json(400, {}));
    await desk.say('INC1', { text: 'a' });
    await desk.untilDeliveries(['DEAD']);
    const refused = await desk.say('T-98', { text: 'b' }, { endpoint: 'target' });
    expect(await provisional(desk)).toEqual([]);
    await desk.untilMessage(refused, { state: 'ROUTED' });
    await desk.must('POST', '/api/v1/endpoints/target/suspend');
    await desk.say('INC2', { text: 'c' });
    const queued = await desk.say('T-99', { text: 'd' }, { endpoint: 'target' });
    expect(await provisional(desk)).toEqual([]);
    await desk.untilMessage(queued, { state: 'ROUTED' });
  });

  it('waits as long as nobody knows whether the create was done', async () => {
    const lookup = { method: 'GET', path: '/incidents?ref={{correlationKey}}', ticketId: '[0].id' };
    const desk = await setup();
    await desk.endpoint('target', { entityType: { lookup }, settings: { retry: { firstMs: 2_000, mostMs: 600_000, factor: 10 } } });
    desk.target.always({ do: 'cut' });
    const said = await desk.say('INC1', { text: 'a' });
    // Between two look-ups nobody holds the lane.
    await eventually(async () => expect(await desk.rows(`SELECT claim FROM ticket_link WHERE organization_id = $1 AND endpoint = 'target' AND claim IS NULL AND ready_at > now() + interval '2 seconds'`)).toHaveLength(1));
    const early = await desk.say('T-5', { text: 'from the vendor' }, { endpoint: 'target' });
    expect(await provisional(desk)).toHaveLength(1);
    desk.target.always(({ method }) => json(200, method === 'GET' ? [{ id: 'T-5' }] : {}));
    const conversation = await desk.conversationOf(said);
    await eventually(async () => {
      // The look-up may be cut as well: each time, the next try need not be waited for.
      await desk.rows(`UPDATE ticket_link SET ready_at = now() WHERE organization_id = $1 AND endpoint = 'target' AND claim IS NULL AND ready_at < 'infinity'`);
      expect(await desk.message(early)).toMatchObject({ state: 'ROUTED', conversation });
    });
    expect(await conversations(desk)).toBe(1);
  });
});
