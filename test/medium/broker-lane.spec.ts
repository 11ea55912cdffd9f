import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { json } from '../support/fake-target.js';
import { openBroker, type Desk } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
const setup = async (settings: Readonly<Record<string, unknown>> = {}): Promise<Desk> => {
  const desk = await broker.desk();
  await desk.endpoint('target', { settings });
  await desk.rule('all');
  return desk;
};

beforeAll(async () => { broker = await openBroker(); });
afterAll(() => broker.close());

describe('a delivery lane', () => {
  it('sends the create, then the updates in the order in which they came', async () => {
    const desk = await setup();
    for (const text of ['1', '2', '3']) await desk.say('INC1', { text });
    await desk.untilSeen(['POST /target/incidents 1', 'PUT /target/incidents/T-1 2', 'PUT /target/incidents/T-1 3']);
    await desk.untilDeliveries(['SENT', 'SENT', 'SENT']);
  });

  it('keeps updates behind a create that is answered late, and gives them its ticket id', async () => {
    const desk = await setup();
    const letGo = desk.target.hold(json(201, { id: 'T-9' }));
    for (const text of ['1', '2', '3']) await desk.say('INC1', { text });
    await desk.untilDeliveries(['QUEUED', 'QUEUED', 'QUEUED']);
    letGo();
    await desk.untilSeen(['POST /target/incidents 1', 'PUT /target/incidents/T-9 2', 'PUT /target/incidents/T-9 3']);
  });

  it('waits with what comes later while its head is retried', async () => {
    const desk = await setup();
    desk.target.next(json(201, { id: 'T-1' }), json(503, {}), json(503, {}));
    for (const text of ['1', '2', '3']) await desk.say('INC1', { text });
    const again = 'PUT /target/incidents/T-1 2';
    await desk.untilSeen(['POST /target/incidents 1', again, again, again, 'PUT /target/incidents/T-1 3']);
    await eventually(async () => expect((await desk.deliveries()).map(({ state, attempts }) => `${state} ${attempts}`)).toEqual(['SENT 1', 'SENT 3', 'SENT 1']));
  });

  it('goes on behind an update that the target refuses', async () => {
    const desk = await setup();
    desk.target.next(json(201, { id: 'T-1' }), json(422, { message: 'no such group' }));
    for (const text of ['1', '2', '3']) await desk.say('INC1', { text });
    await desk.untilDeliveries(['SENT', 'DEAD', 'SENT']);
    expect((await desk.deliveries())[1]?.error).toContain('no such group');
  });

  it('does not wait for another conversation, nor another target of its own', async () => {
    const desk = await setup();
    await desk.endpoint('other');
    await desk.rule('to another', { targetSystemId: 'other' });
    desk.target.always(({ url, body }) => (url.startsWith('/target') && body.includes('slow') ? { do: 'hang' } : json(201, { id: `T-${desk.target.seen.length}` })));
    await desk.say('INC1', { text: 'slow' });
    await desk.say('INC2', { text: 'quick' });
    await desk.untilDeliveries(['SENT', 'SENT'], 'other');
    await desk.untilDeliveries(['QUEUED', 'SENT']);
  });

  it('keeps its order when the rule sends many messages for one', async () => {
    const desk = await broker.desk();
    await desk.rule('one each', { iterate: 'BY_VALUE', iterateAttribute: 'list', mappings: [{ type: 'Single', template: '${sf:item}', targetAttribute: 'text' }] });
    await desk.say('INC1', { list: ['a', 'b', 'c'] });
    await desk.say('INC1', { list: ['d'] });
    await desk.untilSeen(['POST /target/incidents a', 'PUT /target/incidents/T-1 b', 'PUT /target/incidents/T-1 c', 'PUT /target/incidents/T-1 d']);
  });
});

describe('an endpoint that asks for time', () => {
  it('gets no request before its Retry-After is over, whichever lane it would be from', async () => {
    const desk = await setup();
    desk.target.next(json(429, {}, { 'retry-after': '1' }));
    await desk.say('INC1', { text: '1' });
    await desk.untilSeen(['POST /target/incidents 1']);
    const askedAt = performance.now();
    await desk.untilDeliveries(['RETRYING']);
    await desk.say('INC2', { text: '2' });
    await eventually(() => expect(desk.seen().length).toBeGreaterThan(1));
    expect(performance.now() - askedAt).toBeGreaterThan(900);
    await desk.untilDeliveries(['SENT', 'SENT']);
  });

  it('for one ticket gets those of all others meanwhile', async () => {
    const desk = await setup({ answers: { ticketWaitsWhen: [{ header: { 'x-limit-of': '^ticket$' } }] } });
    desk.target.next(json(429, {}, { 'retry-after': '600', 'x-limit-of': 'ticket' }));
    await desk.say('INC1', { text: '1' });
    await desk.untilDeliveries(['RETRYING']);
    await desk.say('INC2', { text: '2' });
    await desk.untilSeen(['POST /target/incidents 1', 'POST /target/incidents 2']);
    await desk.untilDeliveries(['RETRYING', 'SENT']);
  });
});

describe('an endpoint that fails as a whole', () => {
  it('is left alone when its circuit opens; one probe closes it, and no attempt was burnt', async () => {
    const desk = await setup({ circuit: { outcomes: 3, windowMs: 10_000, openMs: 700, mostOpenMs: 700 }, slots: 1 });
    desk.target.always(json(503, {}));
    for (let n = 1; n <= 8; n++) await desk.say(`INC${n}`, { text: `${n}` });
    await eventually(() => expect(desk.target.seen.length).toBeGreaterThanOrEqual(3));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const before = desk.target.seen.length;
    expect(before).toBeLessThanOrEqual(4);
    desk.target.always(() => json(201, { id: `T-${desk.target.seen.length}` }));
    await desk.untilDeliveries(Array.from({ length: 8 }, () => 'SENT'));
    expect(desk.target.seen).toHaveLength(before + 8);
  });

  it('is tried again at once when somebody resumes it', async () => {
    const desk = await setup({ circuit: { outcomes: 2, windowMs: 10_000, openMs: 300_000 }, slots: 1 });
    desk.target.next(json(503, {}), json(503, {}), json(503, {}));
    for (let n = 1; n <= 3; n++) await desk.say(`INC${n}`, { text: `${n}` });
    await eventually(() => expect(desk.target.seen.length).toBeGreaterThanOrEqual(2));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(desk.target.seen.length).toBeLessThanOrEqual(3);
    desk.target.reset();
    await desk.must('POST', '/api/v1/endpoints/target/resume');
    await desk.untilDeliveries(['SENT', 'SENT', 'SENT']);
  });
});

describe('an endpoint that refuses our credentials', () => {
  const refused = async (): Promise<Desk> => {
    const desk = await setup();
    desk.target.always(json(401, { message: 'who are you?' }));
    for (const text of ['1', '2', '3']) await desk.say('INC1', { text });
    await desk.untilSeen(['POST /target/incidents 1']);
    await desk.untilDeliveries(['RETRYING', 'QUEUED', 'QUEUED']);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(desk.seen()).toHaveLength(1);
    expect(JSON.stringify((await desk.user.get('/api/v1/endpoints/target')).body)).toMatch(/"pausedReason":"[^"]*who are you/);
    desk.target.reset();
    return desk;
  };
  const inOrder = ['POST /target/incidents 1', 'PUT /target/incidents/T-1 2', 'PUT /target/incidents/T-1 3'];

  it('is paused, and goes on in order when somebody resumes it', async () => {
    const desk = await refused();
    await desk.must('POST', '/api/v1/endpoints/target/resume');
    await desk.untilSeen(inOrder);
    expect(await desk.auditOf('endpoint:target')).toContain('endpoint.resume');
  });

  it('goes on in order with new settings', async () => {
    const desk = await refused();
    await desk.endpoint('target', { settings: { auth: { type: 'bearer', token: 'a better one' } } });
    await desk.untilSeen(inOrder);
  });
});

describe('an endpoint that is suspended', () => {
  it('gets nothing, while messages for it are accepted and routed, and goes on in order when it is resumed', async () => {
    const desk = await setup();
    await desk.must('POST', '/api/v1/endpoints/target/suspend');
    const ids = [await desk.say('INC1', { text: '1' }), await desk.say('INC1', { text: '2' })];
    for (const id of ids) await desk.untilMessage(id, { state: 'ROUTED' });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(desk.seen()).toEqual([]);
    await desk.must('POST', '/api/v1/endpoints/target/resume');
    await desk.untilSeen(['POST /target/incidents 1', 'PUT /target/incidents/T-1 2']);
  });

  it('is sent the rest of a lane only after it is resumed, when it is suspended in the middle of it', async () => {
    const desk = await setup();
    const letGo = desk.target.hold(json(201, { id: 'T-1' }));
    for (const text of ['1', '2', '3']) await desk.say('INC1', { text });
    await desk.untilSeen(['POST /target/incidents 1']);
    await desk.must('POST', '/api/v1/endpoints/target/suspend');
    letGo();
    await desk.untilDeliveries(['SENT', 'QUEUED', 'QUEUED']);
    expect(desk.seen()).toHaveLength(1);
    await desk.must('POST', '/api/v1/endpoints/target/resume');
    await desk.untilSeen(['POST /target/incidents 1', 'PUT /target/incidents/T-1 2', 'PUT /target/incidents/T-1 3']);
  });
});
