import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, uuidTimeMs } from '../../src/store/pipeline/uuid.js';
import type { ApiAnswer } from '../support/api.js';
import { eventually } from '../support/eventually.js';

import { tellStory } from '../support/story.js';
import { openBroker, openPeer, type Desk } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); });
afterAll(() => broker.close());

const PATH = '/api/v1/bulk-operations';

/** A desk with creates that died, each in a conversation of its own; their ids, oldest first. */
async function dead(count: number): Promise<{ desk: Desk; ids: string[] }> {
  const desk = await broker.desk();
  const ids: string[] = [];
  for (let n = 0; n < count; n++) ids.push((await tellStory(broker.api.database, desk.user.organization, { ticketId: `INC${n}`, ruleId: 'r', deliveryState: 'DEAD' })).delivery);
  return { desk, ids };
}

const plan = async (desk: Desk, action: string, selection: object = { filter: {} }): Promise<ApiAnswer> => desk.user.send('POST', PATH, { action, ...selection });
const start = (desk: Desk, id: string, confirmation?: string): Promise<ApiAnswer> => desk.user.send('POST', `${PATH}/${id}/start`, { ...(confirmation === undefined ? {} : { confirmation }) });
const shown = async (desk: Desk, id: string): Promise<ApiAnswer['body']> => (await desk.user.get(`${PATH}/${id}`)).body;
const untilState = (desk: Desk, id: string, expected: object): Promise<void> => eventually(async () => expect(await shown(desk, id)).toMatchObject(expected), 60_000);
const itemsOf = async (desk: Desk, id: string, outcome: string): Promise<{ id: string; reason: string | null }[]> => (await desk.user.get(`${PATH}/${id}/items?outcome=${outcome}&limit=200`)).body.items as { id: string; reason: string | null }[];
/** Somebody sends from the lane of this delivery, or not any more. */
const claim = (desk: Desk, id: string, isClaimed: boolean): Promise<unknown> => desk.rows('UPDATE ticket_link SET claim = $3 WHERE organization_id = $1 AND create_delivery_id = $2', id, isClaimed ? 1 : null);
const creates = (desk: Desk): number => desk.target.seen.filter(({ method }) => method === 'POST').length;

describe('a plan', () => {
  it('counts what it found by endpoint and reason, shows some of it, and does nothing', async () => {
    const { desk, ids } = await dead(12);
    const { status, body } = await plan(desk, 'delivery.retry', { filter: { status: 'DEAD', endpoint: 'target' } });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      state: 'PLANNED', total: 12, done: 0, confirmation: null, isCut: false, selection: { filter: { status: 'DEAD', endpoint: 'target' } },
      groups: [{ endpoint: 'target', state: 'DEAD', reason: 'refused by the target', count: 12 }],
    });
    expect((body.sample as { id: string }[]).map(({ id }) => id)).toEqual(ids.slice(0, 10));
    expect((await plan(desk, 'delivery.retry', { filter: { endpoint: 'target', status: 'DEAD' } })).body.digest).toBe(body.digest);
    expect((await plan(desk, 'delivery.hold', { filter: { endpoint: 'target', status: 'DEAD' } })).body.digest).not.toBe(body.digest);
    await desk.untilDeliveries(Array<string>(12).fill('DEAD'));
    expect((await desk.user.get(PATH)).body.items).toHaveLength(3);
  });

  it('of nothing is not started', async () => {
    const desk = await broker.desk();
    const { body } = await plan(desk, 'delivery.retry', { filter: { endpoint: 'nobody' } });
    expect(body).toMatchObject({ state: 'PLANNED', total: 0, groups: [], sample: [] });
    expect((await start(desk, body.id as string)).body).toMatchObject({ status: 409, code: 'empty-plan' });
  });

  it('refuses what does not exist, what says nothing, and what makes no sense, with its place', async () => {
    const { desk, ids } = await dead(1);
    const missing = newId();
    expect((await plan(desk, 'delivery.retry', { ids: [ids[0], missing] })).body).toMatchObject({ status: 422, errors: [{ pointer: '/ids/1' }] });
    expect((await plan(desk, 'delivery.retry', {})).body).toMatchObject({ status: 422, errors: [{ pointer: '/filter' }] });
    expect((await plan(desk, 'delivery.explode')).status).toBe(422);
    expect((await plan(desk, 'delivery.retry', { filter: { status: 'FAILED' } })).body).toMatchObject({ status: 422, errors: [{ pointer: '/filter/status' }] });
    expect((await desk.user.get(PATH)).body.items).toEqual([]);
  });

  it('is another organization\'s to nobody, and started only by who may write', async () => {
    const { desk } = await dead(1);
    const { body } = await plan(desk, 'delivery.retry');
    const other = await broker.desk();
    for (const path of ['', '/items']) expect((await other.user.get(`${PATH}/${body.id}${path}`)).status).toBe(404);
    for (const act of ['start', 'cancel']) expect((await other.user.send('POST', `${PATH}/${body.id}/${act}`, {})).status).toBe(404);
    const viewer = await broker.api.organization('viewers', ['deliveries:read']);
    expect((await viewer.send('POST', PATH, { action: 'delivery.retry', filter: {} })).status).toBe(403);
    expect(await shown(desk, body.id as string)).toMatchObject({ state: 'PLANNED' });
  });

  it('takes tens of thousands, also queued ones, and says what it would cancel', async () => {
    const desk = await broker.desk();
    await desk.rows(`WITH n AS (SELECT n, (overlay($2::text placing lpad(to_hex(n), 12, '0') from 25))::uuid AS id FROM generate_series(1, 12000) n),
      c AS (INSERT INTO conversation (organization_id, id, blocked) SELECT $1, id, 'x' FROM n),
      l AS (INSERT INTO ticket_link (organization_id, conversation_id, endpoint, entity_type, last_seq, ready_at) SELECT $1, id, 'gone', 'incident', 1, CASE WHEN n <= 6000 THEN 'infinity'::timestamptz ELSE now() + interval '1 day' END FROM n),
      t AS (INSERT INTO troubled_delivery (organization_id, delivery_id, conversation_id, endpoint, entity_type, state, reason) SELECT $1, id, id, 'gone', 'incident', 'DEAD', 'no' FROM n WHERE n <= 6000)
      INSERT INTO delivery (organization_id, id, conversation_id, message_id, endpoint, entity_type, entity_key, seq, operation, rule_id, rule_version, state)
      SELECT $1, id, id, id, 'gone', 'incident', 'incident', 1, 'UPDATE', 'r', 1, CASE WHEN n <= 6000 THEN 'DEAD' ELSE 'QUEUED' END FROM n`, newId());
    const { body } = await plan(desk, 'delivery.cancel', { filter: { endpoint: 'gone' } });
    await untilState(desk, body.id as string, {
      state: 'PLANNED', total: 12_000, confirmation: 'cancel 12000', groups: [{ state: 'DEAD', count: 6_000 }, { state: 'QUEUED', reason: '', count: 6_000 }],
    });
    expect((await desk.user.send('POST', `${PATH}/${body.id}/cancel`)).body).toMatchObject({ state: 'CANCELLED', done: 0 });
    expect((await start(desk, body.id as string, 'cancel 12000')).body).toMatchObject({ status: 409, code: 'cancelled' });
    expect(await desk.auditOf(body.id as string)).toEqual([]);
  });
});

describe('a bulk retry', () => {
  it('sends each once, however often it is started and by however many instances, and is audited once', async () => {
    const { desk } = await dead(60);
    const peer = await openPeer(broker.api);
    try {
      const { body } = await plan(desk, 'delivery.retry', { filter: { status: 'DEAD' } });
      const started = await Promise.all([start(desk, body.id as string), start(desk, body.id as string), start(desk, body.id as string)]);
      expect(started.map(({ status }) => status)).toEqual([200, 200, 200]);
      await eventually(async () => expect((await shown(desk, body.id as string)).done).toBeGreaterThan(0));
    } finally {
      await peer.close(); // what it had in hand goes on here
    }
    await desk.untilDeliveries(Array<string>(60).fill('SENT'));
    const [{ id }] = (await desk.user.get(PATH)).body.items as [{ id: string }];
    await untilState(desk, id, { state: 'DONE', total: 60, done: 60, failed: 0, skipped: 0 });
    expect(creates(desk)).toBe(60);
    expect((await start(desk, id)).body).toMatchObject({ state: 'DONE', done: 60 });
    expect(await desk.auditOf(id)).toEqual(['bulk.delivery.retry']);
    expect((await desk.user.send('POST', `${PATH}/${id}/cancel`)).body).toMatchObject({ status: 409, code: 'already-done' });
  });

  it('leaves alone what has changed since it was planned, and says so', async () => {
    const { desk, ids } = await dead(3);
    const { body } = await plan(desk, 'delivery.retry', { ids });
    expect((await desk.act('deliveries', ids[1]!, 'skip')).status).toBe(204);
    await start(desk, body.id as string);
    await untilState(desk, body.id as string, { state: 'DONE', done: 2, skipped: 1 });
    expect(await itemsOf(desk, body.id as string, 'SKIPPED')).toEqual([expect.objectContaining({ id: ids[1], reason: 'It was DEAD when this was planned and is SKIPPED now.' })]);
    await desk.untilDeliveries(['SENT', 'SKIPPED', 'SENT']);
  });

  it('waits for a lane that is being sent from, and is stopped in the middle', async () => {
    const { desk, ids } = await dead(4);
    await claim(desk, ids[3]!, true);
    const { body } = await plan(desk, 'delivery.retry', { ids });
    await start(desk, body.id as string);
    await untilState(desk, body.id as string, { state: 'RUNNING', done: 3 });
    expect((await desk.user.send('POST', `${PATH}/${body.id}/cancel`)).body).toMatchObject({ state: 'CANCELLED', done: 3, total: 4 });
    expect((await desk.user.send('POST', `${PATH}/${body.id}/cancel`)).status).toBe(200);
    await claim(desk, ids[3]!, false);
    await desk.untilDeliveries(['SENT', 'SENT', 'SENT', 'DEAD']);
    expect(await itemsOf(desk, body.id as string, 'OPEN')).toEqual([expect.objectContaining({ id: ids[3] })]);
    expect(await desk.auditOf(body.id as string)).toEqual(['bulk.delivery.retry']);
  });

  it('goes on when the lane is free again', async () => {
    const { desk, ids } = await dead(2);
    await claim(desk, ids[0]!, true);
    const { body } = await plan(desk, 'delivery.retry', { ids });
    await start(desk, body.id as string);
    await untilState(desk, body.id as string, { state: 'RUNNING', done: 1 });
    await claim(desk, ids[0]!, false);
    await untilState(desk, body.id as string, { state: 'DONE', done: 2 });
    await desk.untilDeliveries(['SENT', 'SENT']);
  });

  it('that two people start over the same is done once', async () => {
    const { desk } = await dead(30);
    const plans = [(await plan(desk, 'delivery.retry')).body, (await plan(desk, 'delivery.retry')).body];
    await Promise.all(plans.map((one) => start(desk, one.id as string)));
    for (const one of plans) await untilState(desk, one.id as string, { state: 'DONE' });
    const counts = await Promise.all(plans.map((one) => shown(desk, one.id as string)));
    expect((counts[0].done as number) + (counts[1].done as number)).toBe(30);
    expect((counts[0].skipped as number) + (counts[1].skipped as number)).toBe(30);
    await desk.untilDeliveries(Array<string>(30).fill('SENT'));
    expect(creates(desk)).toBe(30);
  });
});

describe('what cannot be undone', () => {
  it('is started by typing what it does, and takes what it counted', async () => {
    const { desk, ids } = await dead(2);
    const { body } = await plan(desk, 'delivery.skip');
    expect(body.confirmation).toBe('skip 2');
    for (const typed of [undefined, 'skip', 'skip 3']) expect((await start(desk, body.id as string, typed)).body).toMatchObject({ status: 422, errors: [{ pointer: '/confirmation' }] });
    expect((await start(desk, body.id as string, 'skip 2')).status).toBe(200);
    await untilState(desk, body.id as string, { state: 'DONE', done: 2 });
    await desk.untilDeliveries(['SKIPPED', 'SKIPPED']);
    expect(ids).toHaveLength(2);
  });

  it('is not started from a plan of yesterday', async () => {
    const { desk } = await dead(1);
    const { body } = await plan(desk, 'delivery.skip');
    await desk.rows(`UPDATE bulk_operation SET created_at = now() - interval '61 minutes' WHERE organization_id = $1 AND id = $2`, body.id);
    expect((await start(desk, body.id as string, 'skip 1')).body).toMatchObject({ status: 409, code: 'plan-expired' });
  });
});

describe('failed messages', () => {
  it('are found, counted by reason and tried again', async () => {
    const desk = await broker.desk();
    const rule = await desk.rule('dates', { mappings: [{ type: 'Single', template: '${due}', targetAttribute: 'text', sourceFormatters: [{ type: 'DateFormat', toFormat: 'yyyy' }] }] });
    const failed = [await desk.say('INC1', { due: 'never' }), await desk.say('INC2', { due: 'soon' })];
    await desk.say('INC3', { due: '2026-01-02' });
    for (const id of failed) await desk.untilMessage(id, { state: 'FAILED' });
    const { body } = await plan(desk, 'message.retry');
    expect(body).toMatchObject({ state: 'PLANNED', total: 2 });
    await desk.changeRule(rule, { mappings: [{ type: 'Single', template: 'mended', targetAttribute: 'text' }] });
    await start(desk, body.id as string);
    await untilState(desk, body.id as string, { state: 'DONE', done: 2 });
    for (const id of failed) await desk.untilMessage(id, { state: 'ROUTED' });
    await desk.untilDeliveries(['SENT', 'SENT', 'SENT']);
  });
});

describe('what the feed finds', () => {
  /** Messages that failed: two tickets of which one says `zebra`, another rule's, one that went its way. */
  async function failing(): Promise<{ desk: Desk; rules: string[]; ids: string[] }> {
    const desk = await broker.desk();
    const broken = { mappings: [{ type: 'Single', template: '${due}', targetAttribute: 'text', sourceFormatters: [{ type: 'DateFormat', toFormat: 'yyyy' }] }] };
    const when = (kind: string): object => ({ entityConditions: [{ attribute: 'kind', operator: 'EQUALS', values: [kind] }] });
    const rules = [await desk.rule('one', { ...broken, ...when('one') }), await desk.rule('other', { ...broken, ...when('other') })];
    await desk.rule('remember', { action: 'PROCESS_ONLY', conversationAttributeMappings: [{ type: 'Single', template: '${group}', targetAttribute: 'sf:conversation:group' }] });
    const ids = [
      await desk.say('INC1', { due: 'never', kind: 'one', group: 'first line', text: 'Zebra crossing' }), await desk.say('INC2', { due: 'never', kind: 'one', group: 'second line', text: 'printer' }),
      await desk.say('INC3', { due: 'never', kind: 'other', group: 'second line', text: 'printer' }),
    ];
    for (const id of ids) await desk.untilMessage(id, { state: 'FAILED' });
    await desk.untilMessage(await desk.say('INC4', { kind: 'none', group: 'first line', text: 'zebra' }), { state: 'ROUTED' });
    return { desk, rules, ids };
  }

  it('is planned by any filter of it: a ticket, text, a rule, what is remembered, a time; as the feed itself finds it', async () => {
    const { desk, rules, ids } = await failing();
    const taken = async (filter: object): Promise<string[]> => {
      const { status, body } = await plan(desk, 'message.retry', { filter });
      expect(status).toBe(201);
      await untilState(desk, body.id as string, { state: 'PLANNED' });
      return ((await shown(desk, body.id as string)).sample as { id: string }[]).map(({ id }) => id);
    };
    const received = new Date(uuidTimeMs(ids[1]!)).toISOString();
    for (const [filter, expected] of [
      [{}, ids], [{ ticketId: 'INC2' }, [ids[1]]], [{ text: 'ZEBRA' }, [ids[0]]], [{ rule: rules[1] }, [ids[2]]], [{ conversationAttribute: ['group=Second Line'] }, [ids[1], ids[2]]],
      [{ conversationAttribute: ['group=second line'], rule: rules[0], text: 'print', endpoint: 'source', entityType: 'incident' }, [ids[1]]], [{ from: received }, [ids[1], ids[2]]], [{ to: received }, [ids[0]]], [{ ticketId: 'INC9' }, []],
    ] as const) {
      expect([filter, await taken(filter)]).toEqual([filter, expected]);
      const query = new URLSearchParams([['state', 'FAILED'], ...Object.entries(filter).map(([name, value]): [string, string] => [name, String(value)])]);
      expect([filter, ((await desk.user.get(`/api/v1/messages?${query.toString()}`)).body.items as { id: string }[]).map(({ id }) => id).reverse()]).toEqual([filter, expected]);
    }
  });

  it('is found in windows, and what fails after it was counted is not touched', async () => {
    const { desk, ids } = await failing();
    await desk.rows(`INSERT INTO message (organization_id, id, endpoint, entity_type, state, received_at) SELECT $1, (overlay($2::text placing lpad(to_hex(n), 12, '0') from 25))::uuid, 'source', 'incident', 'NO_ROUTE', now() FROM generate_series(1, 5200) n`, newId());
    const { body } = await plan(desk, 'message.retry', { filter: { conversationAttribute: ['group=first line'] } });
    await untilState(desk, body.id as string, { state: 'PLANNED', total: 1, selection: { filter: { conversationAttribute: ['group=first line'] } } });
    const late = await desk.say('INC1', { due: 'never', kind: 'one', group: 'first line' });
    await desk.untilMessage(late, { state: 'FAILED' });
    await start(desk, body.id as string);
    await untilState(desk, body.id as string, { state: 'DONE', total: 1 });
    expect((await itemsOf(desk, body.id as string, 'DONE')).map(({ id }) => id)).toEqual([ids[0]]);
    expect((await plan(desk, 'message.retry', { filter: { rule: 'r' } })).body).toMatchObject({ total: 0 });
  });

  it('has deliveries that wait: they are retried as a whole, the others are left', async () => {
    const { desk, ids } = await dead(3);
    const { body } = await plan(desk, 'delivery.retry', { filter: { messages: { state: 'ROUTED', ticketId: 'INC1' } } });
    expect(body).toMatchObject({ state: 'PLANNED', total: 1, groups: [{ endpoint: 'target', state: 'DEAD', reason: 'refused by the target', count: 1 }], sample: [{ id: ids[1] }] });
    expect((await plan(desk, 'delivery.retry', { filter: { messages: { text: 'printer' } } })).body).toMatchObject({ total: 3 });
    expect((await plan(desk, 'delivery.retry', { filter: { status: 'HELD', messages: {} } })).body).toMatchObject({ total: 0 });
    expect((await plan(desk, 'delivery.retry', { filter: { messages: { rule: 'r', conversationAttribute: ['group=none'] } } })).body).toMatchObject({ total: 0 });
    await start(desk, body.id as string);
    await untilState(desk, body.id as string, { state: 'DONE', done: 1 });
    await desk.untilDeliveries(['DEAD', 'SENT', 'DEAD']);
  });

  it('is not asked of what cannot be found so, and the place is named', async () => {
    const { desk } = await dead(1);
    const refusedAt = async (action: string, filter: object): Promise<string[]> => ((await plan(desk, action, { filter })).body.errors as { pointer: string }[]).map(({ pointer }) => pointer);
    expect(await refusedAt('delivery.retry', { text: 'zebra', rule: 'r' })).toEqual(['/filter/text', '/filter/rule']);
    expect(await refusedAt('delivery.retry', { messages: {}, from: '2026-11-21T12:00:00Z' })).toEqual(['/filter/from']);
    expect(await refusedAt('message.retry', { messages: { state: 'FAILED' }, waitsFor: 'Time' })).toEqual(['/filter/waitsFor', '/filter/messages']);
    expect(await refusedAt('delayed-execution.release', { ticketId: 'INC1' })).toEqual(['/filter/ticketId']);
    expect(await refusedAt('delivery.retry', { messages: { text: 'ab', state: 'LOST' } })).toEqual(expect.arrayContaining(['/filter/messages/text', '/filter/messages/state']));
  });
});
