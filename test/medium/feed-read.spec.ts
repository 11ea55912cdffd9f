import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EndpointModule } from '../../src/adapter/index.js';
import { FeedModule } from '../../src/broker/index.js';
import { RuleModule, RuleSets } from '../../src/rule/index.js';
import { newId } from '../../src/store/pipeline/uuid.js';
import { openApi, type Api, type ApiUser } from '../support/api.js';
import { restEndpoint, routeRule } from '../support/configuration.js';
import { tellStory, type Told } from '../support/story.js';

let api: Api;
let me: ApiUser;
let other: ApiUser;
let sent: Told;
let dead: Told;

async function configure(user: ApiUser): Promise<string> {
  for (const id of ['source', 'target']) await user.send('PUT', `/api/v1/endpoints/${id}`, restEndpoint(id));
  const { body } = await user.send('POST', '/api/v1/rules', routeRule({ conversationConditions: [{ attribute: 'group', operator: 'EQUALS', values: ['first line'] }] }));
  return body.ruleId as string;
}

beforeAll(async () => {
  api = await openApi([RuleModule, EndpointModule, FeedModule]);
  me = await api.organization('me');
  other = await api.organization('other');
  const ruleId = await configure(me);
  const ruleSet = api.app.get(RuleSets).current(me.organization).id;
  sent = await tellStory(api.database, me.organization, { ticketId: 'INC1', ruleId, ruleSet });
  dead = await tellStory(api.database, me.organization, { ticketId: 'INC2', ruleId, deliveryState: 'DEAD' });
  await tellStory(api.database, other.organization, { ticketId: 'INC1', ruleId: await configure(other) });
}, 60_000); // makes the run's database
afterAll(() => api.close());

const ids = (body: { items: { id: string }[] }): string[] => body.items.map((one) => one.id);

describe('the list of messages', () => {
  it('shows the organization\'s own, newest first, with rules and deliveries', async () => {
    const { body } = await me.get('/api/v1/messages');
    expect(ids(body)).toEqual([dead.response, dead.message, sent.response, sent.message]);
    expect(body.items[3]).toMatchObject({
      endpoint: 'source', ticketId: 'INC1', kind: 'normal', state: 'ROUTED', rules: [{ rule: 'source to target', ruleVersion: 1 }],
      deliveries: [{ id: sent.delivery, endpoint: 'target', operation: 'CREATE', state: 'SENT', ticketId: 'T1', rule: 'source to target' }],
    });
  });

  it('comes in pages', async () => {
    const first = await me.get('/api/v1/messages?limit=3');
    const second = await me.get(`/api/v1/messages?limit=3&cursor=${first.body.nextCursor}`);
    expect([...ids(first.body), ...ids(second.body)]).toEqual([dead.response, dead.message, sent.response, sent.message]);
    expect(second.body.nextCursor).toBeNull();
    expect((await me.get('/api/v1/messages?cursor=abc')).status).toBe(422);
  });

  it('finds all messages about a ticket by any of its ids', async () => {
    expect(ids((await me.get('/api/v1/messages?ticketId=INC1')).body)).toEqual([sent.response, sent.message]);
    expect(ids((await me.get('/api/v1/messages?ticketId=INC1&endpoint=source')).body)).toEqual([sent.message]);
    expect((await me.get('/api/v1/messages?ticketId=INC9')).body).toEqual({ items: [], nextCursor: null });
  });

  it('finds what a rule took part in', async () => {
    const [{ ruleId }] = (await me.get(`/api/v1/messages/${sent.message}`)).body.trace.executed;
    expect(ids((await me.get(`/api/v1/messages?rule=${ruleId}`)).body)).toEqual([dead.message, sent.message]);
    expect(ids((await me.get('/api/v1/messages?rule=none')).body)).toEqual([]);
  });

  it('finds what was received with a text in it, in any case, whatever the text holds', async () => {
    const found = async (text: string): Promise<string[]> => ids((await me.get(`/api/v1/messages?text=${encodeURIComponent(text)}`)).body);
    expect(await found('PRINTER')).toEqual([dead.message, sent.message]);
    expect(await found('"short_description":')).toEqual([dead.message, sent.message]);
    for (const absent of ['no such text', '%%%', "x' OR '", '\\000']) expect(await found(absent)).toEqual([]);
    expect(ids((await me.get(`/api/v1/messages?text=printer&conversation=${sent.conversation}`)).body)).toEqual([sent.message]);
    expect((await me.get('/api/v1/messages?text=ab')).status).toBe(422);
  });

  it('filters by state, endpoint, entity type, conversation and time', async () => {
    expect(ids((await me.get('/api/v1/messages?state=NO_ROUTE')).body)).toEqual([dead.response, sent.response]);
    expect(ids((await me.get('/api/v1/messages?endpoint=source&entityType=Incident')).body)).toEqual([dead.message, sent.message]);
    expect(ids((await me.get(`/api/v1/messages?conversation=${dead.conversation}`)).body)).toEqual([dead.response, dead.message]);
    expect(ids((await me.get('/api/v1/messages?from=2999-01-01T00:00:00Z')).body)).toEqual([]);
    expect(ids((await me.get('/api/v1/messages?to=2999-01-01T00:00:00Z')).body)).toHaveLength(4);
    expect((await me.get('/api/v1/messages?state=LOST&from=yesterday')).body.errors.map((error: { parameter: string }) => error.parameter)).toEqual(['state', 'from']);
  });
});

describe('a message', () => {
  it('shows what came in, what was understood, why, and what came of it', async () => {
    const { body, status } = await me.get(`/api/v1/messages/${sent.message}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ticketId: 'INC1', attributes: { short_description: 'Printer' }, sender: { id: 'jane' }, attachments: [{ name: 'a.png', size: 3 }], response: null,
      raw: { contentType: 'application/json', headers: { authorization: '[hidden]' }, query: 'a=1', truncated: false }, trace: { executed: [{ rule: 'source to target' }] },
      deliveries: [{ id: sent.delivery, attributes: { title: 'Printer' }, attemptList: [{ number: 1, outcome: 'success', httpStatus: 201 }] }],
    });
    expect(body.raw.body).not.toContain('hunter2');
    expect(body.deliveries[0].attemptList[0].answer).toContain('[hidden]');
  });

  it('of a target\'s answer shows that answer', async () => {
    const { body } = await me.get(`/api/v1/messages/${sent.response}`);
    expect(body).toMatchObject({ kind: 'response', deliveryId: sent.delivery, raw: null, attributes: { id: 'T1' }, response: { operation: 'CREATE', status: 'SUCCESS', httpStatus: 201, ticketId: 'T1' } });
  });

  it('is explained with the rules and the memory as they were', async () => {
    await me.send('POST', '/api/v1/rules', routeRule({ name: 'later' }));
    const { body } = await me.get(`/api/v1/messages/${sent.message}?explain=true`);
    expect(body.explanation).toMatchObject({
      isFaithful: true,
      rules: [{ rule: 'source to target', fate: 'executed', conditions: [{ on: 'conversation', holds: true, actual: 'first line' }] }],
    });
  });

  it('shows what the conversation remembered before it, and what it changed', async () => {
    expect((await me.get(`/api/v1/messages/${sent.message}/memory`)).body).toEqual({ before: { attributes: { group: 'first line' }, counters: { retries: 2 } }, changes: [] });
    expect((await me.get(`/api/v1/messages/${sent.response}/memory`)).body).toMatchObject({ before: { attributes: { group: 'first line' } }, changes: [{ kind: 'attribute', name: 'group', before: 'first line', after: 'second line', rule: 'source to target' }] });
    expect((await other.get(`/api/v1/messages/${sent.message}/memory`)).status).toBe(404);
  });

  it('says so when it cannot be explained faithfully', async () => {
    const { body } = await me.get(`/api/v1/messages/${dead.message}?explain=true`);
    expect(body.explanation.isFaithful).toBe(false);
  });
});

describe('a conversation', () => {
  it('has its tickets, lanes, timeline and memory', async () => {
    const { body } = await me.get(`/api/v1/conversations/${sent.conversation}`);
    expect(body).toMatchObject({
      tickets: [{ endpoint: 'source', ticketId: 'INC1' }, { endpoint: 'target', ticketId: 'T1' }], attributes: { group: 'second line' }, counters: { retries: 2 },
      memoryChanges: [{ name: 'group', before: 'first line', after: 'second line', rule: 'source to target' }], attachments: [{ name: 'a.png' }],
    });
    expect(body.timeline.map((entry: { kind: string; id: string }) => [entry.kind, entry.id])).toEqual([['message', sent.message], ['delivery', sent.delivery], ['message', sent.response]]);
    expect(body.lanes).toMatchObject([{ kind: 'route', waiting: 0, readyAt: null }, { kind: 'delivery', endpoint: 'source', waiting: 0 }, { kind: 'delivery', endpoint: 'target', waiting: 0, blocked: null }]);
  });

  it('says why a lane does not go on', async () => {
    const { body } = await me.get(`/api/v1/conversations/${dead.conversation}`);
    expect(body.lanes[2]).toMatchObject({ endpoint: 'target', entityType: 'Incident', waiting: 1, blocked: 'DEAD_CREATE', reason: 'refused by the target', headDeliveryId: dead.delivery });
  });

  it('is found by the id of one of its tickets', async () => {
    expect(ids((await me.get('/api/v1/conversations?ticketId=INC2')).body)).toEqual([dead.conversation]);
    expect((await me.get('/api/v1/conversations')).status).toBe(422);
  });
});

describe('deliveries', () => {
  it('that change a ticket tell which: that of their lane', async () => {
    const update = newId();
    await api.database.asWorker((client) => client.query(
      `INSERT INTO delivery (organization_id, id, conversation_id, message_id, endpoint, entity_type, entity_key, seq, operation, rule_id, rule_version, state) VALUES ($1, $2, $3, $4, 'target', 'Incident', 'incident', 2, 'UPDATE', 'r', 1, 'SENT')`,
      [me.organization, update, sent.conversation, sent.response]));
    expect((await me.get(`/api/v1/deliveries/${update}`)).body).toMatchObject({ operation: 'UPDATE', ticketId: 'T1' });
    await api.database.asWorker((client) => client.query('DELETE FROM delivery WHERE id = $1', [update]));
  });

  it('are listed by state and endpoint', async () => {
    expect(ids((await me.get('/api/v1/deliveries')).body)).toEqual([dead.delivery, sent.delivery]);
    expect(ids((await me.get('/api/v1/deliveries?status=DEAD')).body)).toEqual([dead.delivery]);
    expect(ids((await me.get('/api/v1/deliveries?status=SENT&endpoint=target')).body)).toEqual([sent.delivery]);
    expect(ids((await me.get('/api/v1/deliveries?status=DEAD&endpoint=source')).body)).toEqual([]);
  });

  it('show what they carry and every attempt', async () => {
    const { body } = await me.get(`/api/v1/deliveries/${dead.delivery}`);
    expect(body).toMatchObject({ state: 'DEAD', error: 'refused', attributes: { title: 'Printer' }, attemptList: [{ outcome: 'rejected', httpStatus: 400, durationMs: 12 }] });
  });
});

describe('an address with a NUL character', () => {
  it('is refused before anything is asked', async () => {
    for (const path of ['messages?ticketId=%00', 'deliveries?endpoint=a%00', 'conversations?ticketId=%00', 'rules/%00', 'endpoints/a%00/credentials']) {
      expect(await me.get(`/api/v1/${path}`)).toMatchObject({ status: 400, body: { code: 'bad-url' } });
    }
  });
});

describe('another organization', () => {
  it('finds nothing under ids that are not its own', async () => {
    for (const path of [`messages/${sent.message}`, `messages/${sent.message}?explain=true`, `messages/${sent.response}`, `conversations/${sent.conversation}`, `deliveries/${dead.delivery}`]) {
      expect((await other.get(`/api/v1/${path}`)).status).toBe(404);
    }
    expect((await other.get('/api/v1/messages?ticketId=INC1')).body.items).toHaveLength(2);
    expect((await other.get('/api/v1/messages?ticketId=INC2')).body.items).toEqual([]);
    expect((await other.get(`/api/v1/messages?conversation=${sent.conversation}`)).body.items).toEqual([]);
    expect((await other.get('/api/v1/deliveries?status=DEAD')).body.items).toEqual([]);
    expect((await other.get('/api/v1/conversations?ticketId=INC2')).body.items).toEqual([]);
    expect((await other.get('/api/v1/messages/not-an-id')).status).toBe(404);
  });

  it('sees nothing without the right to read', async () => {
    const blind = await api.organization('me', ['rules:read']);
    for (const path of ['messages', `messages/${sent.message}`, `conversations/${sent.conversation}`, 'conversations?ticketId=INC1', 'deliveries', `deliveries/${sent.delivery}`]) {
      expect((await blind.get(`/api/v1/${path}`)).status).toBe(403);
    }
  });
});
