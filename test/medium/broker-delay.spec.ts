import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { json } from '../support/fake-target.js';
import { openBroker, type Desk } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); });
afterAll(() => broker.close());

const APPROVED = { type: 'ConversationAttribute', attribute: 'approved' };
/** Remembers the attribute `approved` of a message that has it, and sends nothing. */
const remembers = { action: 'PROCESS_ONLY', entityConditions: [{ attribute: 'approved', operator: 'EXISTS', values: [] }], mappings: [], conversationAttributeMappings: [{ type: 'Single', template: '${approved}', targetAttribute: 'approved' }] };
const saysText = { entityConditions: [{ attribute: 'text', operator: 'EXISTS', values: [] }] };

/** A desk whose one rule waits. */
const setup = async (delayConditions: readonly object[], changes: Readonly<Record<string, unknown>> = {}): Promise<Desk & { ruleId: string }> => {
  const desk = await broker.desk();
  await desk.endpoint('other');
  const ruleId = await desk.rule('waits', { delayConditions, ...saysText, ...changes });
  await desk.rule('remembers', remembers);
  return Object.assign(desk, { ruleId });
};

const waiting = (desk: Desk) => desk.rows<{ id: string; state: string; reason: string | null; rule: string }>('SELECT id, state, reason, rule_name AS rule FROM delayed_execution WHERE organization_id = $1 ORDER BY created_at, id');
const untilWaiting = (desk: Desk, states: readonly string[]): Promise<void> => eventually(async () => expect((await waiting(desk)).map(({ state }) => state)).toEqual(states));

describe('an execution that waits for a time', () => {
  it('is sent when it has come, not earlier', async () => {
    const desk = await setup([{ type: 'Time', seconds: 1 }]);
    const saidAt = Date.now();
    const message = await desk.say('INC1', { text: '1' });
    await desk.untilMessage(message, { state: 'DELAYED' });
    await desk.untilSeen(['POST /target/incidents 1']);
    expect(Date.now() - saidAt).toBeGreaterThan(990);
    await desk.untilMessage(message, { state: 'ROUTED' });
  });

  it('holds back what comes after it for the same target, and nothing for another', async () => {
    const desk = await setup([{ type: 'Time', seconds: 3_600 }], { entityConditions: [{ attribute: 'text', operator: 'EQUALS', values: ['1'] }] });
    await desk.rule('at once', { entityConditions: [{ attribute: 'text', operator: 'EXISTS', values: [] }, { attribute: 'text', operator: 'NOT_EQUALS', values: ['1'] }] });
    await desk.rule('to another', { targetSystemId: 'other' });
    for (const text of ['1', '2']) await desk.say('INC1', { text });
    await desk.untilDeliveries(['SENT', 'SENT'], 'other');
    expect(await desk.deliveries()).toEqual([]);
    const [waits] = await desk.rows<{ id: string }>(`SELECT id FROM delayed_execution WHERE organization_id = $1 AND due_at > now() + interval '1 minute'`);
    expect((await desk.act('delayed-executions', waits!.id, 'release')).status).toBe(204);
    await desk.untilDeliveries(['SENT', 'SENT']);
    expect(desk.seen().filter((one) => one.includes('/target/')).map((one) => one.replace(/T-\d/, 'T-?'))).toEqual(['POST /target/incidents 1', 'PUT /target/incidents/T-? 2']);
  });
});

describe('an execution that comes due while its conversation stands still', () => {
  it('goes when an operator lets the conversation go on', async () => {
    const desk = await setup([{ type: 'Time', seconds: 1 }]);
    const message = await desk.say('INC1', { text: '1' });
    await desk.untilMessage(message, { state: 'DELAYED' });
    await desk.untilIdle();
    const conversation = await desk.conversationOf(message);
    await desk.rows(`UPDATE conversation SET blocked = 'LOOP_GUARD' WHERE organization_id = $1 AND id = $2`, conversation);
    // Its hour has come, and nobody could do anything about it.
    await eventually(async () => expect(await desk.rows('SELECT wake_at AS wake FROM delayed_execution WHERE organization_id = $1')).toEqual([{ wake: null }]));
    expect((await desk.act('conversations', conversation, 'release')).status).toBe(204);
    await desk.untilSeen(['POST /target/incidents 1']);
  });
});

describe('an execution that waits for a ticket id', () => {
  const both = async (): Promise<Desk> => {
    const desk = await setup([{ type: 'TicketId', endpoint: 'other', entityType: 'incident' }]);
    await desk.rule('to another', { targetSystemId: 'other', ...saysText });
    return desk;
  };

  it('goes when the create that brings it is answered', async () => {
    const desk = await both();
    desk.target.always(({ url }) => ({ ...json(201, { id: 'T-1' }), afterMs: url.startsWith('/other') ? 300 : 0 }));
    await desk.say('INC1', { text: '1' });
    await desk.untilSeen(['POST /other/incidents 1']);
    await desk.untilSeen(['POST /other/incidents 1', 'POST /target/incidents 1'], 2_500);
  });

  it('goes when an operator links the ticket', async () => {
    const desk = await both();
    desk.target.next(json(400, { message: 'no' }));
    await desk.say('INC1', { text: '1' });
    await desk.untilDeliveries(['DEAD'], 'other');
    expect((await desk.act('deliveries', (await desk.deliveries('other'))[0]!.id, 'link', { ticketId: 'X-1' })).status).toBe(204);
    await desk.untilSeen(['POST /other/incidents 1', 'POST /target/incidents 1'], 2_500);
  });

  it('goes though the id came while it was being written', async () => {
    const desk = await both();
    desk.target.next(json(400, { message: 'no' }));
    await desk.say('INC1', { text: '1' });
    await desk.untilDeliveries(['DEAD'], 'other');
    // As a commit leaves it that did not see the execution yet: nobody is woken.
    await desk.rows(`UPDATE ticket_link SET ticket_id = 'X-1' WHERE organization_id = $1 AND endpoint = 'other'`);
    await desk.untilSeen(['POST /other/incidents 1', 'POST /target/incidents 1'], 6_000);
  });
});

describe('an execution that waits for a conversation attribute', () => {
  it('goes when a message sets it; it reads the conversation as it is then and its own message', async () => {
    const desk = await setup([APPROVED], { mappings: [{ type: 'Single', template: '${text} ${sf:conversation:approved}', targetAttribute: 'text' }] });
    await desk.say('INC1', { text: '1' });
    await untilWaiting(desk, ['WAITING']);
    await desk.say('INC1', { approved: 'by Ann' });
    await desk.untilSeen(['POST /target/incidents 1 by Ann']);
  });

  it('ends as its rule says when it has waited too long', async () => {
    const timed = (onTimeout: string): object => ({ ...APPROVED, timeoutSeconds: 1, onTimeout });
    const desks = await Promise.all(['ROUTE', 'CANCEL', 'FAIL'].map((onTimeout) => setup([timed(onTimeout)])));
    const messages = await Promise.all(desks.map((desk) => desk.say('INC1', { text: '1' })));
    await untilWaiting(desks[0]!, ['RELEASED']);
    await untilWaiting(desks[1]!, ['CANCELLED']);
    await untilWaiting(desks[2]!, ['FAILED']);
    await desks[0]!.untilSeen(['POST /target/incidents 1']);
    expect((await waiting(desks[1]!))[0]?.reason).toContain('waited too long for');
    await desks[2]!.untilMessage(messages[2]!, { state: 'FAILED', reason: expect.stringContaining('waited too long for') });
    expect([...desks[1]!.seen(), ...desks[2]!.seen()]).toEqual([]);
  });

  it('keeps the order of those behind it when it is released', async () => {
    const desk = await setup([APPROVED]);
    for (const text of ['1', '2', '3']) await desk.say('INC1', { text });
    await untilWaiting(desk, ['WAITING', 'WAITING', 'WAITING']);
    await desk.say('INC1', { approved: 'yes' });
    await desk.untilSeen(['POST /target/incidents 1', 'PUT /target/incidents/T-1 2', 'PUT /target/incidents/T-1 3']);
  });
});

describe('an operator', () => {
  it('releases an execution whatever it waits for', async () => {
    const desk = await setup([{ type: 'Time', seconds: 600 }, APPROVED]);
    await desk.say('INC1', { text: '1' });
    await untilWaiting(desk, ['WAITING']);
    const [one] = await waiting(desk);
    expect((await desk.act('delayed-executions', one!.id, 'release')).status).toBe(204);
    await desk.untilSeen(['POST /target/incidents 1']);
    expect((await waiting(desk))[0]).toMatchObject({ state: 'RELEASED', reason: expect.stringContaining('released by') });
    expect((await desk.act('delayed-executions', one!.id, 'release')).status).toBe(409);
    expect(await desk.auditOf(one!.id)).toEqual(['delayed-execution.release']);
  });

  it('leaves a message that only waited without a way, once the last of its executions was cancelled', async () => {
    const desk = await setup([APPROVED]);
    await desk.rule('waits too', { delayConditions: [APPROVED], targetSystemId: 'other', ...saysText });
    const message = await desk.say('INC1', { text: '1' });
    await untilWaiting(desk, ['WAITING', 'WAITING']);
    const [one, other] = await waiting(desk);
    await desk.act('delayed-executions', one!.id, 'cancel');
    await untilWaiting(desk, ['CANCELLED', 'WAITING']);
    expect(await desk.message(message)).toMatchObject({ state: 'DELAYED' });
    await desk.act('delayed-executions', other!.id, 'cancel');
    await desk.untilMessage(message, { state: 'NO_ROUTE', reason: expect.stringContaining('its execution was cancelled: cancelled by') });
  });

  it('cancels one, and those behind it go', async () => {
    const desk = await setup([APPROVED], { entityConditions: [{ attribute: 'text', operator: 'EQUALS', values: ['1'] }] });
    await desk.rule('at once', { entityConditions: [{ attribute: 'text', operator: 'EQUALS', values: ['2'] }] });
    for (const text of ['1', '2']) await desk.say('INC1', { text });
    await untilWaiting(desk, ['WAITING', 'WAITING']);
    await desk.act('delayed-executions', (await waiting(desk))[0]!.id, 'cancel');
    await untilWaiting(desk, ['CANCELLED', 'RELEASED']);
    await desk.untilSeen(['POST /target/incidents 2']);
  });
});

describe('the list of executions that wait', () => {
  it('finds them by state, target, rule, conversation, time and what they wait for, page by page', async () => {
    const desk = await setup([APPROVED]);
    const timed = await desk.rule('waits for a time', { targetSystemId: 'other', delayConditions: [{ type: 'Time', seconds: 600 }], ...saysText });
    const messages = [];
    for (const ticket of ['INC1', 'INC2', 'INC3']) messages.push(await desk.say(ticket, { text: '1' }));
    await untilWaiting(desk, Array.from({ length: 6 }, () => 'WAITING'));
    const list = async (query: string): Promise<{ endpoint: string; ruleId: string; conversationId: string; id: string; dueAt: string | null }[]> => {
      const { status, body } = await desk.user.get(`/api/v1/delayed-executions?${query}`);
      expect(status).toBe(200);
      return body.items;
    };
    expect(await list('')).toHaveLength(6);
    expect(await list('state=RELEASED')).toEqual([]);
    expect((await list('endpoint=other')).map(({ ruleId }) => ruleId)).toEqual([timed, timed, timed]);
    expect(await list(`rule=${desk.ruleId}`)).toHaveLength(3);
    const conversation = await desk.conversationOf(messages[1]!);
    expect((await list(`conversation=${conversation}&waitsFor=Time`)).map(({ endpoint, conversationId }) => [endpoint, conversationId])).toEqual([['other', conversation]]);
    expect(await list(`waitsFor=ConversationAttribute&endpoint=other`)).toEqual([]);
    const due = new Date(Date.now() + 300_000).toISOString();
    expect(await list(`dueFrom=${due}`)).toHaveLength(3);
    expect(await list(`dueBefore=${due}`)).toEqual([]);
    const first = (await desk.user.get('/api/v1/delayed-executions?limit=4')).body;
    const second = (await desk.user.get(`/api/v1/delayed-executions?limit=4&cursor=${first.nextCursor as string}`)).body;
    expect(new Set([...first.items, ...second.items].map(({ id }: { id: string }) => id)).size).toBe(6);
    expect(second.nextCursor).toBeNull();
    expect((await desk.user.get(`/api/v1/delayed-executions/${first.items[0].id as string}`)).body).toMatchObject({ state: 'WAITING', timeoutAt: null });
    const other = await broker.desk();
    expect((await other.user.get('/api/v1/delayed-executions')).body.items).toEqual([]);
    expect((await other.user.get(`/api/v1/delayed-executions/${first.items[0].id as string}`)).status).toBe(404);
    expect((await desk.user.get('/api/v1/delayed-executions?cursor=nonsense')).status).toBe(422);
  });
});

describe('the rule of an execution that waits', () => {
  it('is used as it is at the release', async () => {
    const desk = await setup([APPROVED]);
    await desk.say('INC1', { text: '1' });
    await untilWaiting(desk, ['WAITING']);
    await desk.changeRule(desk.ruleId, { mappings: [{ type: 'Single', template: 'changed ${text}', targetAttribute: 'text' }] });
    await desk.say('INC1', { approved: 'yes' });
    await desk.untilSeen(['POST /target/incidents changed 1']);
  });

  it('cancels it when it was disabled meanwhile', async () => {
    const desk = await setup([APPROVED]);
    const message = await desk.say('INC1', { text: '1' });
    await untilWaiting(desk, ['WAITING']);
    await desk.must('POST', `/api/v1/rules/${desk.ruleId}/disable`);
    await desk.say('INC1', { approved: 'yes' });
    await eventually(async () => expect(await waiting(desk)).toMatchObject([{ state: 'CANCELLED', reason: 'the rule is disabled' }]));
    await desk.untilMessage(message, { state: 'NO_ROUTE', reason: 'its execution was cancelled: the rule is disabled' });
    expect(desk.seen()).toEqual([]);
  });

  it('cancels it when it was deleted meanwhile, or cannot be read any more, and says so', async () => {
    const desks = await Promise.all([setup([APPROVED]), setup([APPROVED])]);
    for (const desk of desks) {
      await desk.say('INC1', { text: '1' });
      await untilWaiting(desk, ['WAITING']);
    }
    await desks[0].must('DELETE', `/api/v1/rules/${desks[0].ruleId}`);
    await desks[1].rows(`UPDATE delayed_execution SET rule_id = 'unheard-of' WHERE organization_id = $1`);
    for (const desk of desks) await desk.say('INC1', { approved: 'yes' });
    await eventually(async () => expect(await waiting(desks[0])).toMatchObject([{ state: 'CANCELLED', reason: 'the rule was deleted' }]));
    await eventually(async () => expect(await waiting(desks[1])).toMatchObject([{ state: 'CANCELLED', reason: 'the rule is gone' }]));
  });

  it('cancels it where its operation does not fit any more', async () => {
    const desk = await setup([APPROVED], { targetCondition: 'CREATE' });
    await desk.say('INC1', { text: '1' });
    await untilWaiting(desk, ['WAITING']);
    await desk.say('T-5', { text: 'I am it' }, { endpoint: 'target', references: [{ endpoint: 'source', entityType: 'incident', ticketId: 'INC1' }] });
    await desk.say('INC1', { approved: 'yes' });
    await eventually(async () => expect(await waiting(desk)).toMatchObject([{ state: 'CANCELLED', reason: expect.stringContaining('wrong operation at release') }]));
  });
});
