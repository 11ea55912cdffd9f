import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { METRICS } from '../../src/queue/index.js';
import { eventually } from '../support/eventually.js';
import { json } from '../support/fake-target.js';
import { openBroker, type Desk } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); });
afterAll(() => broker.close());

const file = { name: 'a.txt', contentType: 'text/plain', contentBase64: Buffer.from('first').toString('base64') };

/** Two conversations, INC1 and INC2, each with a ticket in the target. */
const setup = async (): Promise<{ desk: Desk; one: string; two: string; first: string }> => {
  const desk = await broker.desk();
  desk.target.always(({ method, url, body }) => json(method === 'POST' ? 201 : 200, { id: method === 'POST' ? `T-${(JSON.parse(body.toString()) as { text: string }).text}` : url.split('/').at(-1) }));
  await desk.rule('sends', {
    entityConditions: [{ attribute: 'text', operator: 'EXISTS', values: [] }],
    conversationAttributeMappings: [{ type: 'Single', template: '${text}', targetAttribute: 'last' }, { type: 'Single', template: '${${text}}', targetAttribute: 'odd' }, { type: 'CounterIncrement', counterName: 'sent' }].filter(({ targetAttribute }) => targetAttribute !== 'odd'),
  });
  const first = await desk.say('INC1', { text: '1', group: 'a' });
  await desk.untilDeliveries(['SENT']); // two conversations have no order among them
  const second = await desk.say('INC2', { text: '2', group: 'b' });
  await desk.untilDeliveries(['SENT', 'SENT']);
  await desk.untilIdle();
  return { desk, one: await desk.conversationOf(first), two: await desk.conversationOf(second), first };
};
const merge = (desk: Desk, from: string, into: string, query = '', body: object = {}) => desk.user.send('POST', `/api/v1/conversations/${from}/merge${query}`, { into, ...body });
const split = (desk: Desk, from: string, ticketId: string, query = '', endpoint = 'source') => desk.user.send('POST', `/api/v1/conversations/${from}/split${query}`, { endpoint, entityType: 'Incident', ticketId });
const shown = async (desk: Desk, conversation: string) => (await desk.user.get(`/api/v1/conversations/${conversation}`)).body;

describe('a conversation that is merged into another one', () => {
  it('is told first, then brings its tickets, history and memory along, and is found under its old address', async () => {
    const { desk, one, two, first } = await setup();
    const { status, body: plan } = await merge(desk, one, two, '?dryRun=true');
    expect([status, plan]).toMatchObject([200, {
      dryRun: true, from: one, into: two, messages: 1, problems: [], tickets: [{ endpoint: 'source', entityType: 'incident', ticketId: 'INC1' }, { endpoint: 'target', ticketId: 'T-1' }],
      lanes: [{ endpoint: 'source', move: 'ENDS' }, { endpoint: 'target', ticketId: 'T-1', move: 'ENDS' }], memory: { taken: [], conflicts: [{ name: 'last', kept: '2', givenUp: '1' }] },
    }]);
    expect((await shown(desk, two)).messages).toHaveLength(1);
    expect(await merge(desk, one, two, '', { reason: 'the same printer' })).toMatchObject({ status: 200, body: { dryRun: false, alreadyDone: false } });
    expect(await merge(desk, one, two)).toMatchObject({ status: 200, body: { alreadyDone: true } });
    const merged = await shown(desk, one);
    expect(merged).toMatchObject({ id: two, attributes: { last: '2' }, events: [{ kind: 'MERGED', otherId: one, details: { reason: 'the same printer', memoryRule: 'STAYING' } }] });
    expect(merged.messages.map(({ id }: { id: string }) => id)).toContain(first);
    expect(merged.deliveries).toHaveLength(2);
    expect(await desk.auditOf(one)).toEqual(['conversation.merge']);
    const late = await desk.say('INC1', { text: '3', group: 'a' });
    await desk.untilSeen(['POST /target/incidents 1', 'POST /target/incidents 2', 'PUT /target/incidents/T-2 3']);
    expect(await desk.conversationOf(late)).toBe(two);
    await desk.untilIdle();
    for (const message of merged.messages as { id: string }[]) expect((await desk.user.get(`/api/v1/messages/${message.id}?explain=true`)).body.explanation).toMatchObject({ isFaithful: true });
  });

  it('may be merged again with what it is part of; what is part of another one is refused by its name', async () => {
    const { desk, one, two } = await setup();
    const three = await desk.conversationOf(await desk.say('INC3', { text: '3' }));
    await desk.untilDeliveries(['SENT', 'SENT', 'SENT']);
    expect((await merge(desk, one, two, '', { memory: 'MERGED' })).body.memory).toMatchObject({ taken: [{ name: 'last', before: '2', after: '1' }] });
    expect(await merge(desk, one, three)).toMatchObject({ status: 409, body: { code: 'merged-already', detail: expect.stringContaining(two) } });
    expect(await merge(desk, three, one)).toMatchObject({ status: 409, body: { code: 'merged-already' } });
    expect(await merge(desk, two, two)).toMatchObject({ status: 409, body: { code: 'same-conversation' } });
    expect((await merge(desk, two, three)).status).toBe(200);
    expect((await shown(desk, one)).id).toBe(three);
    expect((await shown(desk, three)).messages).toHaveLength(3);
    const said = [await desk.say('INC1', { text: '4' }), await desk.say('INC2', { text: '5' }), await desk.say('INC3', { text: '6' })];
    for (const message of said) expect(await desk.conversationOf(message)).toBe(three);
    await desk.untilIdle();
    expect(desk.seen().slice(3).map((one_) => one_.split(' ')[1])).toEqual(['/target/incidents/T-3', '/target/incidents/T-3', '/target/incidents/T-3']);
    const memory = (await shown(desk, three)).memoryChanges as { name: string; actor: string | null; reason: string | null }[];
    expect(memory.every(({ actor, reason }) => actor === null || reason?.startsWith('merged from conversation') === true)).toBe(true);
  });

  it('brings along what waits: executions, held deliveries, kept files', async () => {
    const { desk, one } = await setup();
    await desk.endpoint('other');
    await desk.rule('waits', { targetSystemId: 'other', delayConditions: [{ type: 'ConversationAttribute', attribute: 'approved' }], entityConditions: [{ attribute: 'wait', operator: 'EXISTS', values: [] }], mappings: [{ type: 'Single', template: '${wait}', targetAttribute: 'text' }] });
    await desk.rule('approves', { action: 'PROCESS_ONLY', entityConditions: [{ attribute: 'approved', operator: 'EXISTS', values: [] }], mappings: [], conversationAttributeMappings: [{ type: 'Single', template: 'yes', targetAttribute: 'approved' }] });
    await desk.rule('keeps', { action: 'PROCESS_ONLY', mappings: [], saveAttachmentsToConversation: true, attachmentRequired: true });
    const waiting = await desk.say('INC3', { wait: 'later' }, { attachments: [file] });
    await desk.untilMessage(waiting, { state: 'ROUTED' });
    const three = await desk.conversationOf(waiting);
    desk.target.next(json(400, { message: 'no' }));
    await desk.say('INC3', { text: '3' });
    await desk.say('INC3', { text: '4' });
    await desk.untilDeliveries(['SENT', 'SENT', 'DEAD', 'HELD']);
    expect(await merge(desk, three, one)).toMatchObject({ status: 409, body: { code: 'lane-not-empty' } });
    const [dead] = (await desk.deliveries()).filter(({ state }) => state === 'DEAD');
    expect((await desk.act('deliveries', dead!.id, 'skip')).status).toBe(204);
    expect(await merge(desk, three, one)).toMatchObject({ status: 200, body: { delayed: 1, attachments: 1, messages: 3 } });
    await desk.say('INC1', { approved: 'yes' });
    await eventually(() => expect(desk.seen()).toContain('POST /other/incidents later'));
    await desk.untilIdle();
    expect(await desk.rows('SELECT DISTINCT conversation_id FROM kept_attachment WHERE organization_id = $1')).toEqual([{ conversation_id: one }]);
  });

  it('waits for the delivery that is under way, and is refused where that takes too long', async () => {
    const { desk, one, two } = await setup();
    const answerThird = desk.target.hold({ ...json(200, { id: 'T-1' }), afterMs: 300 });
    await desk.say('INC1', { text: '3' });
    await eventually(() => expect(desk.seen()).toHaveLength(3));
    expect((await merge(desk, one, two, '?dryRun=true')).body.problems).toContainEqual(expect.objectContaining({ code: 'being-worked-on' }));
    const merging = merge(desk, one, two);
    answerThird();
    expect((await merging).status).toBe(200);
    expect((await desk.deliveries()).map(({ state, conversation }) => [state, conversation])).toEqual([['SENT', two], ['SENT', two], ['SENT', two]]);
    const answerFourth = desk.target.hold(json(200, { id: 'T-2' }));
    await desk.say('INC1', { text: '4' });
    await eventually(() => expect(desk.seen()).toHaveLength(4));
    const four = await desk.conversationOf(await desk.say('INC4', { text: '5' }));
    await eventually(() => expect(desk.seen()).toHaveLength(5));
    expect(await merge(desk, two, four)).toMatchObject({ status: 409, body: { code: 'being-worked-on' } });
    expect((await shown(desk, two)).id).toBe(two);
    answerFourth();
    await desk.untilIdle();
  });

  it('loses and doubles nothing while both of them get messages', async () => {
    const { desk, one, two } = await setup();
    const said: Promise<string>[] = [];
    let isMerging = true;
    const talk = async (ticket: string): Promise<void> => {
      for (let n = 0; n < 30 || (isMerging && n < 50); n++) { said.push(desk.say(ticket, { text: `${ticket} ${n}` })); await said.at(-1); }
    };
    const talks = [talk('INC1'), talk('INC2')];
    let status = 0;
    for (let round = 0; round < 5 && status !== 200; round++) ({ status } = await merge(desk, one, two));
    isMerging = false;
    await Promise.all(talks);
    expect(status).toBe(200);
    const messages = await Promise.all(said);
    await eventually(async () => expect((await desk.rows<{ state: string; n: number }>('SELECT state, count(*)::int AS n FROM delivery WHERE organization_id = $1 GROUP BY state'))).toEqual([{ state: 'SENT', n: messages.length + 2 }]));
    for (const message of messages) expect(await desk.message(message)).toMatchObject({ state: 'ROUTED', conversation: two });
    expect(desk.seen().filter((one_) => one_.startsWith('POST'))).toHaveLength(2);
    for (const ticket of ['INC1', 'INC2']) {
      const numbers = desk.seen().flatMap((line) => (line.includes(` ${ticket} `) ? [Number(line.split(' ').at(-1))] : []));
      expect(numbers).toEqual(numbers.map((_, n) => n));
    }
    expect(await desk.rows('SELECT count(*)::int AS n FROM conversation WHERE organization_id = $1')).toEqual([{ n: 1 }]);
  });

  it('of another organization is not found, nor is one that never was', async () => {
    const { desk, one, two } = await setup();
    const other = await broker.desk();
    expect((await merge(other, one, two)).status).toBe(404);
    expect((await split(other, one, 'INC1')).status).toBe(404);
    expect((await merge(desk, '01a1fbb0-6a90-7034-b488-b9b6f10f0de5', two)).status).toBe(404);
  });
});

describe('a ticket that is split off', () => {
  it('goes with its messages and its lane; what comes later goes to the new conversation', async () => {
    const { desk, one, two, first } = await setup();
    await merge(desk, one, two);
    await desk.untilIdle();
    expect((await split(desk, two, 'INC1', '?dryRun=true')).body).toMatchObject({ dryRun: true, into: null, messages: 1, problems: [] });
    const { status, body } = await split(desk, two, 'INC1');
    expect(status).toBe(200);
    expect(body.into).not.toBe(two);
    expect(await desk.conversationOf(first)).toBe(body.into);
    expect((await shown(desk, two)).events).toMatchObject([{ kind: 'SPLIT_OFF', otherId: body.into }, { kind: 'MERGED' }]);
    expect((await shown(desk, body.into as string)).events).toMatchObject([{ kind: 'SPLIT_FROM', otherId: two }]);
    const late = await desk.say('INC1', { text: '3' });
    await desk.untilMessage(late, { state: 'ROUTED', conversation: body.into });
    await eventually(() => expect(desk.seen().at(-1)).toBe('POST /target/incidents 3'));
    await desk.untilIdle();
    expect(await desk.conversationOf(await desk.say('INC2', { text: '4' }))).toBe(two);
    expect((await desk.user.get(`/api/v1/messages/${first}?explain=true`)).body.explanation).toMatchObject({ isFaithful: true });
    expect(await split(desk, two, 'INC1')).toMatchObject({ status: 409, body: { code: 'not-its-ticket' } });
  });

  it('takes the lane to it along, with what waits in it; the only ticket of a conversation stays', async () => {
    const { desk, one } = await setup();
    await desk.must('POST', '/api/v1/endpoints/target/suspend');
    await desk.say('INC1', { text: '3' });
    await desk.untilDeliveries(['SENT', 'SENT', 'QUEUED']);
    const { status, body } = await split(desk, one, 'T-1', '', 'target');
    expect([status, body.lanes]).toMatchObject([200, [{ endpoint: 'target', ticketId: 'T-1', waiting: 1, move: 'MOVES' }]]);
    expect(await split(desk, one, 'INC1')).toMatchObject({ status: 409, body: { code: 'only-ticket' } });
    await desk.must('POST', '/api/v1/endpoints/target/resume');
    await eventually(() => expect(desk.seen().at(-1)).toBe('PUT /target/incidents/T-1 3'));
    await desk.say('INC1', { text: '5' });
    await eventually(() => expect(desk.seen().at(-1)).toBe('POST /target/incidents 5'));
    await desk.untilIdle();
  });
});

describe('a reference that contradicts the conversation of its ticket', () => {
  it('is not followed; it is shown on the message and the conversation, counted, and wants attention until somebody settles it', async () => {
    const { desk, one, two } = await setup();
    const counted = async (): Promise<number> => (await METRICS.conflicts.get()).values[0]?.value ?? 0;
    const before = await counted();
    const references = [{ endpoint: 'source', entityType: 'incident', ticketId: 'INC2' }];
    const said = [await desk.say('INC1', { text: '3' }, { references }), await desk.say('INC1', { text: '4' }, { references })];
    for (const message of said) expect((await desk.user.get(`/api/v1/messages/${message}`)).body).toMatchObject({ conversationId: one, conflicts: [two] });
    expect(await desk.conversationOf(await desk.say('INC1', { text: '5' }, { references: [{ endpoint: 'source', entityType: 'incident', ticketId: 'INC1' }] }))).toBe(one);
    expect(await counted()).toBe(before + 2);
    const expected = { kind: 'REFERENCE_CONFLICT', conversationId: one, otherId: two, messageId: said[1], count: 2, attention: true, details: { endpoint: 'source', entityType: 'incident', ticketId: 'INC2' } };
    expect((await shown(desk, one)).events).toMatchObject([expected]);
    const { body } = await desk.user.get('/api/v1/conversation-events?open=true');
    expect(body).toMatchObject({ items: [expected], nextCursor: null });
    expect((await desk.act('conversation-events', body.items[0].id as string, 'settle')).status).toBe(204);
    expect((await desk.act('conversation-events', body.items[0].id as string, 'settle')).status).toBe(409);
    expect((await desk.user.get('/api/v1/conversation-events?open=true')).body.items).toEqual([]);
    await desk.say('INC1', { text: '6' }, { references });
    expect((await desk.user.get('/api/v1/conversation-events?open=true&kind=REFERENCE_CONFLICT')).body.items).toMatchObject([{ count: 1 }]);
    expect((await merge(desk, two, one)).status).toBe(200);
    expect((await desk.user.get('/api/v1/conversation-events?open=true')).body.items).toEqual([]);
  });

  it('between several references is one too: the first is followed', async () => {
    const { desk, one, two } = await setup();
    const message = await desk.say('X1', { text: '3' }, { endpoint: 'target', references: ['INC2', 'INC1', 'unknown'].map((ticketId) => ({ endpoint: 'source', entityType: 'incident', ticketId })) });
    expect((await desk.user.get(`/api/v1/messages/${message}`)).body).toMatchObject({ conversationId: two, conflicts: [one] });
    expect((await shown(desk, two)).events).toMatchObject([{ kind: 'REFERENCE_CONFLICT', otherId: one }]);
  });
});

describe('an answer that brings a ticket of another conversation', () => {
  it('leaves the ticket where it is; the contradiction is shown once and wants attention', async () => {
    const desk = await broker.desk();
    await desk.rule('copy');
    const other = await desk.conversationOf(await desk.say('T-9', { text: 'mine' }, { endpoint: 'target' }));
    await desk.untilIdle();
    desk.target.always(json(201, { id: 'T-9' }));
    const one = await desk.conversationOf(await desk.say('INC1', { text: 'hello' }));
    await eventually(async () => expect((await desk.user.get('/api/v1/conversation-events?open=true')).body.items).toMatchObject([
      { kind: 'TICKET_CONFLICT', conversationId: one, otherId: other, count: 1, attention: true, details: { endpoint: 'target', entityType: 'incident', ticketId: 'T-9' } },
    ]));
    await desk.say('INC1', { text: 'more' });
    await eventually(() => expect(desk.seen().at(-1)).toBe('PUT /target/incidents/T-9 more'));
    expect(await desk.conversationOf(await desk.say('T-9', { text: 'mine still' }, { endpoint: 'target' }))).toBe(other);
    await desk.untilIdle();
  });
});
