import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openBroker, type Desk } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); });
afterAll(() => broker.close());

const dates = { mappings: [{ type: 'Single', template: '${day}', targetAttribute: 'text', sourceFormatters: [{ type: 'DateFormat', toFormat: 'yyyy' }] }] };

const failing = async (): Promise<{ desk: Desk; rule: string; message: string }> => {
  const desk = await broker.desk();
  const rule = await desk.rule('dates', dates);
  await desk.rule('plain', { targetCondition: 'ALL', priority: -1 });
  const message = await desk.say('T1', { day: 'yesterday', text: 'hello' });
  await desk.untilMessage(message, { state: 'FAILED' });
  await desk.untilSeen(['POST /target/incidents hello']);
  return { desk, rule, message };
};

const listed = (desk: Desk) => desk.rows('SELECT endpoint, reason FROM failed_message WHERE organization_id = $1');

describe('a message of which one rule failed', () => {
  it('runs only that rule when it is tried again, in its version of now', async () => {
    const { desk, rule, message } = await failing();
    expect(await listed(desk)).toMatchObject([{ endpoint: 'source', reason: expect.stringContaining('yesterday') }]);
    await desk.changeRule(rule, { mappings: [{ type: 'Single', template: 'mended', targetAttribute: 'text' }] });
    expect((await desk.act('messages', message, 'retry')).status).toBe(204);
    await desk.untilMessage(message, { state: 'ROUTED' });
    await desk.untilIdle();
    expect(desk.seen().map((line) => line.split(' ').at(-1))).toEqual(['hello', 'mended']);
    expect(await listed(desk)).toEqual([]);
  });

  it('fails again where nothing was mended, and says why', async () => {
    const { desk, message } = await failing();
    await desk.act('messages', message, 'retry');
    await desk.untilIdle();
    await desk.untilMessage(message, { state: 'FAILED' });
    expect((await desk.message(message)).reason).toContain('yesterday');
    expect(await listed(desk)).toHaveLength(1);
    expect(desk.seen()).toHaveLength(1);
  });

  it('is tried again once, however many ask at the same time', async () => {
    const { desk, rule, message } = await failing();
    await desk.changeRule(rule, { mappings: [{ type: 'Single', template: 'mended', targetAttribute: 'text' }] });
    const answers = await Promise.all([1, 2, 3].map(() => desk.act('messages', message, 'retry')));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409, 409]);
    await desk.untilIdle();
    expect(desk.seen()).toHaveLength(2);
  });
});

describe('a message that has not failed', () => {
  it('is not tried again', async () => {
    const desk = await broker.desk();
    await desk.rule('plain');
    const message = await desk.say('T1', { text: 'hello' });
    await desk.untilMessage(message, { state: 'ROUTED' });
    expect((await desk.act('messages', message, 'retry')).status).toBe(409);
  });
});

describe('a request that could not be normalized', () => {
  it('is normalized again when its endpoint can read it', async () => {
    const desk = await broker.desk();
    await desk.rule('plain');
    const inbound = (ticketId: string): object => ({ entityType: { inbound: { ticketId, attributes: 'fields' } } });
    await desk.endpoint('source', inbound('key'));
    await desk.user.send('POST', '/api/v1/inbound/source/incident', { number: 'T9', fields: { text: 'late' } });
    await desk.untilIdle();
    const [failed] = await desk.rows<{ id: string; state: string }>('SELECT id, state FROM message WHERE organization_id = $1');
    expect(failed?.state).toBe('FAILED');
    await desk.endpoint('source', inbound('number'));
    expect((await desk.act('messages', failed!.id, 'retry')).status).toBe(204);
    await desk.untilSeen(['POST /target/incidents late']);
  });
});
