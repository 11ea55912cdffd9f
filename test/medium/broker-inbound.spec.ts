import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { json } from '../support/fake-target.js';
import { openBroker, type Desk } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); });
afterAll(() => broker.close());

const MAPPED = { inbound: { ticketId: 'issue.key', attributes: 'issue.fields', eventId: 'event', sender: 'user.id', messageType: 'kind' } };

/** A source that sends a form of its own. */
const mapped = async (inbound: object = MAPPED.inbound): Promise<Desk> => {
  const desk = await broker.desk();
  await desk.endpoint('source', { entityType: { inbound } });
  await desk.rule('all');
  return desk;
};
const post = (desk: Desk, body: unknown, query = '') => desk.user.send('POST', `/api/v1/inbound/source/incident${query}`, body);
const states = async (desk: Desk): Promise<string[]> =>
  (await desk.rows<{ state: string }>(`SELECT m.state FROM message m LEFT JOIN raw_request r ON r.id = m.raw_id WHERE m.organization_id = $1 AND m.kind <> 1 ORDER BY coalesce(r.seq, 0), m.id`)).map(({ state }) => state);
const untilStates = (desk: Desk, expected: readonly string[]): Promise<void> => eventually(async () => expect(await states(desk)).toEqual(expected));

describe('a request with a form of its own', () => {
  it('is normalized after acceptance, in order, and read from the store like any other', async () => {
    const desk = await mapped();
    for (let n = 1; n <= 30; n++) expect((await post(desk, { issue: { key: 'K-1', fields: { text: `${n}`, n: 9007199254740993n.toString(), deep: { list: [1, 2] } } }, kind: 'change' })).status).toBe(202);
    await eventually(() => expect(desk.seen()).toHaveLength(30));
    expect(desk.seen()).toEqual(Array.from({ length: 30 }, (_, i) => `${i === 0 ? 'POST' : 'PUT'} /target/incidents${i === 0 ? '' : '/T-1'} ${i + 1}`));
    const [first] = await desk.rows<{ id: string }>('SELECT id FROM message WHERE organization_id = $1 ORDER BY id LIMIT 1');
    expect((await desk.user.get(`/api/v1/messages/${first!.id}`)).body).toMatchObject({ ticketId: 'K-1', messageType: 'change', attributes: { text: '1', 'deep.list': [1, 2] } });
  });

  it('that cannot be read ends as failed with its reason, and the next one goes', async () => {
    const desk = await mapped();
    await post(desk, { issue: { fields: { text: 'nameless' } } });
    await post(desk, { issue: { key: 'K-2', fields: { text: 'good' } } });
    await untilStates(desk, ['FAILED', 'ROUTED']);
    await desk.untilSeen(['POST /target/incidents good']);
  });

  it('that repeats an event is a duplicate, whether it comes at once or later', async () => {
    const desk = await mapped();
    const event = { event: 'e-1', issue: { key: 'K-1', fields: { text: 'once' } } };
    await Promise.all([post(desk, event), post(desk, event)]);
    await untilStates(desk, ['ROUTED', 'DUPLICATE']);
    await post(desk, event);
    await post(desk, { ...event, event: 'e-2', issue: { key: 'K-1', fields: { text: 'twice' } } });
    await untilStates(desk, ['ROUTED', 'DUPLICATE', 'DUPLICATE', 'ROUTED']);
    await desk.untilSeen(['POST /target/incidents once', 'PUT /target/incidents/T-1 twice']);
  });

  it('that the database refuses fails alone, though it came in the middle of many', async () => {
    const desk = await mapped();
    const bad = 17;
    const all = Array.from({ length: 40 }, (_, i) => post(desk, { event: i === bad ? 'a\u0000b' : `e-${i}`, issue: { key: `K-${i}`, fields: { text: `${i}` } } }));
    await Promise.all(all);
    await eventually(async () => expect(await desk.rows(`SELECT state, count(*)::int AS count FROM message WHERE organization_id = $1 GROUP BY state ORDER BY state`)).toEqual([{ state: 'FAILED', count: 1 }, { state: 'ROUTED', count: 39 }]));
    const [failed] = await desk.rows<{ body: Buffer }>(`SELECT r.body FROM message m JOIN raw_request r ON r.id = m.raw_id WHERE m.organization_id = $1 AND m.state = 'FAILED'`);
    expect(failed?.body.toString()).toContain(`"K-${bad}"`);
  });

  it('about one new ticket in several requests is one conversation', async () => {
    const desk = await mapped({ each: 'list', ticketId: 'key', attributes: 'fields' });
    for (let n = 0; n < 10; n++) {
      await Promise.all([post(desk, { list: [{ key: `N-${n}`, fields: { text: 'a' } }, { key: `N-${n}`, fields: { text: 'b' } }] }), post(desk, { list: [{ key: `N-${n}`, fields: { text: 'c' } }] })]);
    }
    await eventually(async () => expect((await states(desk)).every((state) => state === 'ROUTED') && (await states(desk)).length).toBe(30));
    expect((await desk.rows<{ count: number }>('SELECT count(DISTINCT conversation_id)::int AS count FROM message WHERE organization_id = $1'))[0]?.count).toBe(10);
  });
});

describe('an inbound filter', () => {
  it('lets pass what it names, by attributes and by the address; the rest ends as filtered', async () => {
    const desk = await broker.desk();
    await desk.endpoint('source', { settings: { inboundFilter: 'company = ${param:company}, state IN (new, open)' } });
    await desk.rule('all');
    await desk.say('INC1', { text: '1', company: 'acme', state: 'New' }, { query: '?company=acme' });
    await desk.say('INC1', { text: '2', company: 'other', state: 'new' }, { query: '?company=acme' });
    await desk.say('INC1', { text: '3', company: 'acme', state: 'closed' }, { query: '?company=acme' });
    await untilStates(desk, ['ROUTED', 'FILTERED', 'FILTERED']);
    const [filtered] = await desk.rows<{ reason: string; conversation: string | null }>(`SELECT reason, conversation_id AS conversation FROM message WHERE organization_id = $1 AND state = 'FILTERED' ORDER BY id LIMIT 1`);
    expect(filtered?.reason).toContain('does not pass the inbound filter');
    await desk.untilSeen(['POST /target/incidents 1']);
  });
});

describe('a filtered message', () => {
  it('is part of what its ticket was last known as: what it brought first has not changed in the next one', async () => {
    const desk = await broker.desk();
    await desk.endpoint('source', { settings: { inboundFilter: 'state IN (new, open)' } });
    await desk.rule('sends what changed', { entityConditions: [{ attribute: 'group', operator: 'CHANGED', values: [] }] });
    const sent: string[] = [];
    const says = async (text: string, state: string, group: string): Promise<void> => { sent.push(await desk.say('INC1', { text, state, group })); };
    await says('1', 'new', 'first');
    await says('2', 'closed', 'second');
    await says('3', 'open', 'second');
    await says('4', 'open', 'third');
    await untilStates(desk, ['ROUTED', 'FILTERED', 'NO_ROUTE', 'ROUTED']);
    await says('5', 'closed', 'first');
    await says('6', 'closed', 'third');
    await untilStates(desk, ['ROUTED', 'FILTERED', 'NO_ROUTE', 'ROUTED', 'FILTERED', 'FILTERED']);
    await says('7', 'open', 'third');
    await untilStates(desk, ['ROUTED', 'FILTERED', 'NO_ROUTE', 'ROUTED', 'FILTERED', 'FILTERED', 'NO_ROUTE']);
    await desk.untilSeen(['POST /target/incidents 1', 'PUT /target/incidents/T-1 4']);
    const [third] = await desk.rows<{ id: string }>(`SELECT id FROM message WHERE organization_id = $1 AND state = 'NO_ROUTE' ORDER BY id LIMIT 1`);
    expect((await desk.user.get(`/api/v1/messages/${third!.id}?explain=true`)).body.explanation).toMatchObject({ isFaithful: true });
  });
});

describe('a poisoned message', () => {
  it('fails alone in its conversation: what came before and after it goes', async () => {
    const desk = await broker.desk();
    await desk.rule('all');
    await desk.rule('remembers the answer', {
      sourceSystemId: 'target', targetCondition: 'RESPONSE_TO_UPDATE', responseStatus: 'SUCCESS', action: 'PROCESS_ONLY', mappings: [],
      conversationAttributeMappings: [{ type: 'Single', template: '${note}', targetAttribute: 'note' }],
    });
    // No column of the memory holds a NUL.
    desk.target.next(json(201, { id: 'T-1' }), json(200, { note: 'fine' }), json(200, { note: 'a\u0000b' }), json(200, { note: 'better' }));
    for (const text of ['1', '2', '3', '4']) await desk.say('INC1', { text });
    await desk.untilDeliveries(['SENT', 'SENT', 'SENT', 'SENT']);
    await eventually(async () => expect(await desk.rows(`SELECT state FROM message WHERE organization_id = $1 AND kind = 1 ORDER BY seq`)).toEqual([{ state: 'ROUTED' }, { state: 'FAILED' }, { state: 'ROUTED' }]));
    expect((await desk.rows<{ attributes: object }>('SELECT attributes FROM conversation_memory WHERE organization_id = $1'))[0]?.attributes).toEqual({ note: 'better' });
  });

  it('is refused at the door where it is canonical, and others of its moment are accepted', async () => {
    const desk = await broker.desk();
    await desk.rule('all');
    const long = { ticketId: 'X'.repeat(600), attributes: {} };
    const answers = await Promise.all([desk.say('INC1', { text: '1' }), post(desk, long), post(desk, { ticketId: 'a\u0000b', attributes: {} }), desk.say('INC2', { text: '2' })]);
    expect([(answers[1] as { status: number }).status, (answers[2] as { status: number }).status]).toEqual([422, 422]);
    await desk.untilDeliveries(['SENT', 'SENT']);
  });

  it('answers that no column can hold are held for an operator, and other lanes go on', async () => {
    const desk = await broker.desk();
    await desk.rule('all');
    const random = Array.from({ length: 6_000 }, () => Math.random().toString(36)[2]).join('');
    desk.target.next(json(201, { id: random }));
    await desk.say('INC1', { text: '1' });
    await desk.untilDeliveries(['HELD']);
    await desk.say('INC2', { text: '2' });
    await desk.untilDeliveries(['HELD', 'SENT']);
    expect(await desk.link()).toMatchObject({ blocked: 'UNKNOWN_OUTCOME', done_seq: '0' });
  });
});

describe('messages that come at the same moment', () => {
  it('of one new ticket are one conversation, one create, in order', async () => {
    const desk = await broker.desk();
    await desk.rule('all');
    await Promise.all(Array.from({ length: 20 }, (_, i) => desk.say('INC1', { text: `${i}` })));
    await eventually(() => expect(desk.seen()).toHaveLength(20));
    expect(desk.seen().filter((one) => one.startsWith('POST'))).toHaveLength(1);
    const byPlace = await desk.rows<{ text: string }>(`SELECT convert_from(r.body, 'UTF8')::json->'attributes'->>'text' AS text FROM message m JOIN raw_request r ON r.id = m.raw_id WHERE m.organization_id = $1 ORDER BY m.seq`);
    expect(desk.seen().map((one) => one.split(' ')[2])).toEqual(byPlace.map(({ text }) => text));
  });

  it('of tickets that name each other are one conversation', async () => {
    const desk = await broker.desk();
    await desk.rule('all');
    const named = { references: [{ endpoint: 'source', entityType: 'incident', ticketId: 'INC1' }] };
    const ids = await Promise.all([desk.say('INC1', { text: '1' }), desk.say('T-7', { text: 'x' }, { endpoint: 'target', ...named }), desk.say('INC1', { text: '2' })]);
    await eventually(async () => expect(new Set(await Promise.all(ids.map((id) => desk.conversationOf(id)))).size).toBe(1));
  });
});
