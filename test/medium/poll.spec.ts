import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { armFailpoint, FAILPOINTS } from '../../src/queue/failpoint.js';
import { eventually } from '../support/eventually.js';
import { json, type SeenRequest } from '../support/fake-target.js';
import { openBroker, openPeer, type Desk } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); });
afterAll(async () => { await broker.close(); });
/** What is not looked at any more does not go on asking. */
const open: Desk[] = [];
afterEach(async () => {
  armFailpoint(undefined);
  for (const desk of open.splice(0)) await desk.act('endpoints', 'source', 'suspend');
});

const POLL = { path: '/changes', query: { since: '{{cursor}}' }, list: 'items', cursor: { type: 'id', field: 'no' }, everySeconds: 1 };
const MAPPING = { ticketId: 'ticket', attributes: { text: 'text' } };

/** What the source has to tell; answers what is asked for by `since`, looking back by one item, as an overlap does. */
class Changes {
  readonly items: { no: number; ticket: string; text: string }[] = [];
  asked = 0;
  answer: ((request: SeenRequest) => ReturnType<typeof json>) | null = null;

  constructor(desk: Desk) {
    desk.target.always((request) => {
      if (!request.url.startsWith('/source/changes')) return json(201, { id: `made-${desk.target.seen.length}` });
      this.asked++;
      const since = Number(new URLSearchParams(request.url.split('?')[1]).get('since') ?? '0');
      return this.answer?.(request) ?? json(200, { items: this.items.filter(({ no }) => no >= since) });
    });
  }

  add(ticket: string, text: string): void {
    this.items.push({ no: this.items.length + 1, ticket, text });
  }
}

async function polled(poll: Readonly<Record<string, unknown>> = {}): Promise<{ desk: Desk; changes: Changes }> {
  const desk = await broker.desk();
  open.push(desk);
  const changes = new Changes(desk);
  await desk.rule('copy', { operationType: 'ALL' });
  await desk.endpoint('source', { entityType: { inbound: MAPPING, poll: { ...POLL, ...poll } } });
  return { desk, changes };
}

const messages = (desk: Desk) => desk.rows<{ ticket_id: string; state: string }>(`SELECT ticket_id, state FROM message WHERE organization_id = $1 AND endpoint = 'source' AND kind = 0 ORDER BY id`);
const state = async (desk: Desk) => ((await desk.user.get('/api/v1/endpoints/source/polls')).body as { items: Record<string, unknown>[] }).items[0]!;
const untilMessages = (desk: Desk, tickets: readonly string[]) => eventually(async () => expect((await messages(desk)).map((one) => one.ticket_id)).toEqual(tickets), 30_000);
/** Until it was asked so many times more: what it told has been committed by then, but for the last. */
const untilAsked = (changes: Changes, more: number) => {
  const from = changes.asked;
  return eventually(() => expect(changes.asked).toBeGreaterThanOrEqual(from + more), 30_000);
};

describe('polling', () => {
  it('at times is due at the next of them, outside of its hours asks for nothing, and looks at once when its settings have changed', async () => {
    const { desk, changes } = await polled({ everySeconds: undefined, cron: '0 3 1 1 *' });
    changes.add('A', 'one');
    await eventually(async () => expect(await state(desk)).toMatchObject({ nextAt: expect.stringMatching(/-01-01T03:00:0\d\.\d+Z$/), running: false }));
    const resting = { weekdays: [['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'][(new Date().getUTCDay() + 3) % 7]] };
    const asked = changes.asked;
    changes.add('B', 'two');
    await desk.endpoint('source', { entityType: { inbound: MAPPING, poll: { ...POLL, hours: resting } } });
    await eventually(async () => expect(await state(desk)).toMatchObject({ lastError: expect.stringContaining('outside of its hours'), failuresInRow: 0 }));
    expect(changes.asked).toBe(asked);
    await desk.endpoint('source', { entityType: { inbound: MAPPING, poll: POLL } });
    await untilMessages(desk, ['A', 'B']);
    expect(await state(desk)).toMatchObject({ lastError: null });
  });

  it('brings each change once, in order, and shows how it stands', async () => {
    const { desk, changes } = await polled();
    changes.add('A', 'one');
    changes.add('B', 'two');
    await untilMessages(desk, ['A', 'B']);
    changes.add('A', 'three');
    await untilMessages(desk, ['A', 'B', 'A']);
    await untilAsked(changes, 2);
    expect(await messages(desk)).toHaveLength(3);
    await eventually(() => expect(desk.seen().filter((line) => line.includes('/target/'))).toHaveLength(3));
    expect(await state(desk)).toMatchObject({ channel: 'incident', everyMs: 1_000, fetched: 3, failuresInRow: 0, lastError: null, nextAt: expect.any(String), cursor: { position: '3' } });
  });

  it('fails visibly, keeps its cursor, and goes on when the source is back', async () => {
    const { desk, changes } = await polled();
    changes.add('A', 'one');
    await untilMessages(desk, ['A']);
    changes.answer = () => json(500, { message: 'out of order' });
    await eventually(async () => expect(await state(desk)).toMatchObject({ lastError: 'The target answered 500: out of order', cursor: { position: '1' } }));
    expect((await desk.user.get('/api/v1/endpoints/source')).body).toMatchObject({ runtime: { lastError: 'polling: The target answered 500: out of order' } });
    changes.answer = null;
    changes.add('B', 'two');
    await desk.must('POST', '/api/v1/endpoints/source/polls/incident/run');
    await untilMessages(desk, ['A', 'B']);
    expect(await state(desk)).toMatchObject({ failuresInRow: 0, lastError: null });
  });

  it('pauses the endpoint where the source refuses our credentials, and rests while it is suspended', async () => {
    const { desk, changes } = await polled();
    changes.answer = () => json(401, {});
    await eventually(async () => expect((await desk.user.get('/api/v1/endpoints/source')).body).toMatchObject({ runtime: { pausedReason: 'credentials' } }));
    expect(await state(desk)).toMatchObject({ nextAt: null });
    changes.answer = null;
    changes.add('A', 'one');
    await desk.act('endpoints', 'source', 'suspend');
    await desk.act('endpoints', 'source', 'resume');
    await desk.must('POST', '/api/v1/endpoints/source/polls/incident/run');
    await untilMessages(desk, ['A']);
    await desk.act('endpoints', 'source', 'suspend');
    changes.add('B', 'two');
    await desk.must('POST', '/api/v1/endpoints/source/polls/incident/run');
    const other = await polled();
    other.changes.add('X', 'one');
    await untilMessages(other.desk, ['X']);
    await untilAsked(other.changes, 2);
    expect(await messages(desk)).toHaveLength(1);
    await desk.act('endpoints', 'source', 'resume');
    await untilMessages(desk, ['A', 'B']);
  });

  it('is looked at beforehand, and set back, without anything coming twice', async () => {
    const { desk, changes } = await polled({ everySeconds: 3_600 });
    changes.add('A', 'one');
    await desk.must('POST', '/api/v1/endpoints/source/polls/incident/run');
    await untilMessages(desk, ['A']);
    changes.add('B', 'two');
    const { body } = await desk.must('POST', '/api/v1/endpoints/source/polls/incident/preview');
    expect(body).toMatchObject({ ok: true, count: 2, items: [{ error: null, messages: [{ ticketId: 'A' }] }, { messages: [{ ticketId: 'B', attributes: { text: 'two' } }] }], cursor: { position: '2' } });
    expect(await messages(desk)).toHaveLength(1);
    await desk.must('PUT', '/api/v1/endpoints/source/polls/incident/cursor', { cursor: null });
    await untilMessages(desk, ['A', 'B']);
    expect(await desk.auditOf('endpoint:source')).toEqual(expect.arrayContaining(['endpoint.poll-now', 'endpoint.set-cursor']));
    expect(await desk.user.send('POST', '/api/v1/endpoints/source/polls/nothing/run')).toMatchObject({ status: 404 });
    expect(await desk.user.send('PUT', '/api/v1/endpoints/source/polls/incident/cursor', {})).toMatchObject({ status: 422 });
  });

  it('brings each change once, whatever breaks and wherever', async () => {
    const { desk, changes } = await polled();
    const expected: string[] = [];
    for (const name of FAILPOINTS.filter((one) => one.startsWith('poll.'))) {
      armFailpoint(`${name}:throw`);
      for (const ticket of [`${name}-1`, `${name}-2`]) {
        changes.add(ticket, 'x');
        expected.push(ticket);
      }
      await desk.must('POST', '/api/v1/endpoints/source/polls/incident/run');
      await untilMessages(desk, expected);
    }
    await untilAsked(changes, 1);
    expect(await messages(desk)).toHaveLength(expected.length);
  });

  it('has one owner among several instances', async () => {
    const peer = await openPeer(broker.api);
    try {
      const { desk, changes } = await polled();
      changes.add('A', 'one');
      await untilMessages(desk, ['A']);
      const before = changes.asked;
      const beganAt = performance.now();
      await untilAsked(changes, 4);
      const seconds = (performance.now() - beganAt) / 1_000;
      // Two instances that each polled by themselves would ask twice as often.
      expect(changes.asked - before).toBeLessThanOrEqual(Math.ceil(seconds / 0.9) + 1);
      expect(await messages(desk)).toHaveLength(1);
    } finally {
      await peer.close();
    }
  });
});
