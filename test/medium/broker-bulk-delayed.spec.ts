import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/store/pipeline/uuid.js';
import type { ApiAnswer } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { openBroker, type Desk } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); });
afterAll(() => broker.close());

const PATH = '/api/v1/bulk-operations';
const HOUR = { delayConditions: [{ type: 'Time', seconds: 3_600 }] };

/** A desk where messages of this many tickets wait an hour for the rule `waits`; their executions, oldest first. */
async function delayed(count: number): Promise<{ desk: Desk; ids: string[]; messages: string[]; rule: string }> {
  const desk = await broker.desk();
  const rule = await desk.rule('waits', HOUR);
  const messages: string[] = [];
  for (let n = 0; n < count; n++) {
    messages.push(await desk.say(`INC${n}`, { text: String(n) }));
    await desk.untilMessage(messages[n]!, { state: 'DELAYED' });
  }
  return { desk, messages, rule, ids: (await desk.rows<{ id: string }>('SELECT id FROM delayed_execution WHERE organization_id = $1 ORDER BY id')).map(({ id }) => id) };
}

const plan = (desk: Desk, action: string, selection: object = { filter: {} }): Promise<ApiAnswer> => desk.user.send('POST', PATH, { action: `delayed-execution.${action}`, ...selection });
const start = (desk: Desk, id: unknown, confirmation?: string): Promise<ApiAnswer> => desk.user.send('POST', `${PATH}/${String(id)}/start`, { ...(confirmation === undefined ? {} : { confirmation }) });
const untilState = (desk: Desk, id: unknown, expected: object): Promise<void> => eventually(async () => expect((await desk.user.get(`${PATH}/${String(id)}`)).body).toMatchObject(expected), 30_000);

describe('delayed executions', () => {
  it('are planned by their rule and what they wait for, then released all at once, and audited once', async () => {
    const { desk, ids } = await delayed(3);
    const { body } = await plan(desk, 'release');
    expect(body).toMatchObject({ state: 'PLANNED', total: 3, confirmation: null, groups: [{ endpoint: 'target', state: 'WAITING', reason: 'waits: a time', count: 3 }] });
    expect((body.sample as { id: string }[]).map(({ id }) => id)).toEqual(ids);
    expect(desk.seen()).toEqual([]);
    await start(desk, body.id);
    await untilState(desk, body.id, { state: 'DONE', done: 3, failed: 0, skipped: 0 });
    await desk.untilDeliveries(['SENT', 'SENT', 'SENT']);
    expect(await desk.auditOf(body.id as string)).toEqual(['bulk.delayed-execution.release']);
  });

  it('are cancelled by a typed word, and nothing of them is ever sent', async () => {
    const { desk, ids, messages } = await delayed(3);
    const { body } = await plan(desk, 'cancel', { ids: ids.slice(0, 2) });
    expect(body).toMatchObject({ total: 2, confirmation: 'cancel 2' });
    expect((await start(desk, body.id)).body).toMatchObject({ status: 422, errors: [{ pointer: '/confirmation' }] });
    await start(desk, body.id, 'cancel 2');
    await untilState(desk, body.id, { state: 'DONE', done: 2 });
    for (const message of messages.slice(0, 2)) await desk.untilMessage(message, { state: 'NO_ROUTE' });
    expect(await desk.message(messages[2]!)).toMatchObject({ state: 'DELAYED' });
    expect(await desk.deliveries()).toEqual([]);
  });

  it('are left alone where they had ended meanwhile', async () => {
    const { desk, ids } = await delayed(2);
    const { body } = await plan(desk, 'release', { ids });
    expect((await desk.act('delayed-executions', ids[0]!, 'cancel')).status).toBe(204);
    await eventually(async () => expect((await desk.user.get(`/api/v1/delayed-executions/${ids[0]}`)).body).toMatchObject({ state: 'CANCELLED' }));
    await start(desk, body.id);
    await untilState(desk, body.id, { state: 'DONE', done: 1, skipped: 1 });
    expect((await desk.user.get(`${PATH}/${String(body.id)}/items?outcome=SKIPPED`)).body.items).toEqual([expect.objectContaining({ id: ids[0], reason: 'It was WAITING when this was planned and is CANCELLED now.' })]);
  });

  it('are found by the filters of their list', async () => {
    const { desk, rule } = await delayed(2);
    const later = await desk.rule('later', { delayConditions: [{ type: 'Time', seconds: 7_200 }], entityConditions: [{ attribute: 'text', operator: 'EQUALS', values: ['urgent'] }] });
    const message = await desk.say('INC9', { text: 'urgent' });
    await desk.untilMessage(message, { state: 'DELAYED' });
    const soon = new Date(Date.now() + 5_400_000).toISOString();
    const found = async (filter: object): Promise<unknown> => (await plan(desk, 'cancel', { filter })).body.total;
    expect(await found({ status: 'WAITING' })).toBe(4);
    expect(await found({ rule })).toBe(3);
    expect(await found({ rule: later, waitsFor: 'Time' })).toBe(1);
    expect(await found({ waitsFor: 'TicketId' })).toBe(0);
    expect(await found({ dueBefore: soon })).toBe(3);
    expect(await found({ dueFrom: soon, endpoint: 'target' })).toBe(1);
    expect(await found({ endpoint: 'source' })).toBe(0);
    expect(await found({ conversation: await desk.conversationOf(message) })).toBe(2);
  });

  it('are acted on in a conversation that stands still as soon as it goes on', async () => {
    const { desk, messages } = await delayed(1);
    const conversation = await desk.conversationOf(messages[0]!);
    await desk.untilIdle();
    await desk.rows(`UPDATE conversation SET blocked = 'LOOP_GUARD' WHERE organization_id = $1 AND id = $2`, conversation);
    const { body } = await plan(desk, 'release');
    await start(desk, body.id);
    await untilState(desk, body.id, { state: 'DONE', done: 1 });
    expect((await desk.act('conversations', conversation, 'release')).status).toBe(204);
    await desk.untilSeen(['POST /target/incidents 0']);
  });

  it('refuse what they have not, with its place, and are no other organization\'s', async () => {
    const { desk, ids } = await delayed(1);
    const missing = newId();
    expect((await plan(desk, 'release', { ids: [ids[0], missing] })).body).toMatchObject({ status: 422, errors: [{ pointer: '/ids/1', detail: `there is no delayed execution "${missing}"` }] });
    expect((await plan(desk, 'release', { filter: { status: 'DEAD' } })).body).toMatchObject({ status: 422, errors: [{ pointer: '/filter/status' }] });
    expect((await desk.user.send('POST', PATH, { action: 'delivery.retry', filter: { status: 'WAITING' } })).body).toMatchObject({ status: 422, errors: [{ pointer: '/filter/status' }] });
    expect((await desk.user.send('POST', PATH, { action: 'delivery.retry', filter: { waitsFor: 'Time', rule: 'r' } })).body).toMatchObject({ status: 422, errors: [{ pointer: '/filter/waitsFor' }, { pointer: '/filter/rule' }] });
    const other = await broker.desk();
    expect((await plan(other, 'cancel', { ids })).body).toMatchObject({ status: 422, errors: [{ pointer: '/ids/0' }] });
    expect((await plan(other, 'cancel')).body).toMatchObject({ total: 0 });
  });
});

describe('the list of delayed executions', () => {
  it('tells the ticket that waits', async () => {
    const { desk, ids } = await delayed(1);
    expect((await desk.user.get('/api/v1/delayed-executions?state=WAITING')).body.items).toEqual([expect.objectContaining({ id: ids[0], ticketId: 'INC0', rule: 'waits' })]);
  });
});
