import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeItop } from '../../../../test/support/fakes/itop.js';
import { file, PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { itop } from './itop.js';

const there = new FakeItop();
const auth = (password: string): Readonly<Record<string, unknown>> => ({ auth: { type: 'basic', username: 'parley', password } });
const desk = useDesk(new PresetDesk(itop, auth('itop-pass'), '/webservices'), (target) => there.attachTo(target));
const stranger = useDesk(new PresetDesk(itop, auth('wrong-pass'), '/webservices'), (target) => there.attachTo(target));
beforeEach(() => { there.tickets.length = 0; there.files.length = 0; there.now = '2026-01-31 10:05:00'; });

/** The stimuli that were sent. */
const stimuli = (): unknown[] => desk.target.seen.map(({ body }) => (JSON.parse(new URLSearchParams(body.toString()).get('json_data') ?? '{}') as { stimulus?: string }).stimulus).filter((one) => one !== undefined);

describe('a ticket at iTop', () => {
  it('is created, its id found under a key that nobody can guess, and looked up by its private log', async () => {
    expect(await desk.create({ title: 'VPN & mail', description: 'Since <07:40>', priority: '2', status: 'new' }, { attachments: [file('a.txt', 'hello')] })).toMatchObject({ outcome: 'success', ticketId: '42', answer: { number: 'I-000042' } });
    expect(there.tickets[0]).toMatchObject({ title: 'VPN & mail', description: 'Since &lt;07:40&gt;', impact: '2', urgency: '2', status: 'new', org_id: { name: 'Demo' } });
    expect(there.files).toEqual([{ ticket: '42', name: 'a.txt', text: 'hello' }]);
    expect(stimuli()).toEqual([]);
    expect(await desk.lookUp()).toEqual({ found: '42' });
    expect(await desk.lookUp('another')).toEqual({ found: null });
    await desk.create({ title: 'the same key' });
    expect(await desk.lookUp()).toMatchObject({ failed: { outcome: 'retryable' } });
  });

  it.each([
    ['new', 'inProgress', ['ev_assign'], 'assigned'], ['new', 'pending', ['ev_assign', 'ev_pending'], 'pending'], ['new', 'closed', ['ev_assign', 'ev_resolve', 'ev_close'], 'closed'], ['assigned', 'assigned', [], 'assigned'],
    ['assigned', 'resolved', ['ev_resolve'], 'resolved'], ['pending', 'cancelled', ['ev_assign', 'ev_resolve'], 'resolved'], ['resolved', 'reopened', ['ev_reopen'], 'assigned'], ['resolved', 'onHold', ['ev_reopen', 'ev_pending'], 'pending'],
    ['resolved', 'closed', ['ev_close'], 'closed'], ['closed', 'closed', [], 'closed'],
  ])('that is %s becomes %s by %j', async (from, to, way, state) => {
    await desk.create({ title: 'VPN' });
    there.tickets[0]!['status'] = from;
    desk.target.seen.length = 0;
    expect(await desk.update('42', { status: to, resolution: 'Cable' })).toMatchObject({ outcome: 'success' });
    expect(stimuli()).toEqual(way);
    expect(there.tickets[0]).toMatchObject({ status: state });
  });

  it('is created in the status that the message has', async () => {
    await desk.create({ title: 'VPN', status: 'pending', statusReason: 'waitingSupplier' });
    expect(there.tickets[0]).toMatchObject({ status: 'pending', pending_reason: 'waitingSupplier' });
  });

  it('that is closed refuses before anything is written', async () => {
    await desk.create({ title: 'VPN' });
    there.tickets[0]!['status'] = 'closed';
    expect(await desk.update('42', { status: 'inProgress', title: 'New' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('cannot become inProgress') });
    expect(await desk.update('42', { title: 'New' })).toMatchObject({ outcome: 'rejected', httpStatus: 200, error: 'Error: title: the attribute is read-only' });
    expect(there.tickets[0]).toMatchObject({ title: 'VPN' });
    expect(await desk.update('99', { title: 'x' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('Invalid object') });
  });

  it('is commented in the public log only where that is said', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update('42', { 'comment.text': 'for all', 'comment.author': 'Vera', 'comment.visibility': 'public' });
    await desk.update('42', { 'comment.text': 'for us', 'comment.visibility': 'internal' });
    await desk.update('42', { 'comment.text': 'who knows' });
    const texts = (log: string): unknown[] => there.tickets[0]?.[log].entries.map((one: { message: string }) => one.message);
    expect(texts('public_log')).toEqual(['Vera: for all']);
    expect(texts('private_log')).toEqual(['who knows', 'for us', expect.stringContaining('Opened by Parley')]);
  });
});

describe('the user at iTop', () => {
  it('that is refused with 200 pauses the endpoint, and the test says so', async () => {
    expect(await stranger.create({ title: 'VPN' })).toMatchObject({ outcome: 'credentials', httpStatus: 200, error: 'Invalid login' });
    expect(await stranger.check()).toEqual(['network ok', 'authentication failed']);
    expect(await desk.check()).toEqual(['network ok', 'authentication ok', 'rights ok']);
  });
});

describe('what comes from iTop', () => {
  const entry = (date: string, text: string): object => ({ date, user_login: 'Vera Agent', user_id: '9', message: text, message_html: '' });
  const ticket = (id = '42', over: object = {}): number => there.tickets.push({
    id, class: 'Incident', ref: `I-${id}`, title: 'VPN', description: '<p>Since 07:40</p>', status: 'escalated_ttr', impact: '1', urgency: '2', priority: '1', team_name: 'Helpdesk', agent_name: '', last_update: '2026-01-31 10:05:00',
    public_log: { entries: [entry('2026-01-31 10:04:00', 'second'), entry('2026-01-01 10:00:00', 'first')] }, private_log: { entries: [entry('2026-01-31 10:05:00', 'for us')] }, ...over,
  });

  it('is polled, with each new line of its logs as a message of its own', async () => {
    ticket();
    const { messages, keys, cursor } = await desk.poll();
    expect(messages.map(({ ticketId, eventId }) => [ticketId, eventId])).toEqual([['42', null], ['42', 'public:42:2026-01-31 10:04:00:9'], ['42', 'internal:42:2026-01-31 10:05:00:9']]);
    expect(messages[0]).toMatchObject({ sender: null, occurredAt: '2026-01-31T10:05:00.000Z', attributes: { 'ticket.number': 'I-42', title: 'VPN', description: 'Since 07:40', status: 'assigned', priority: '1', assignmentGroup: 'Helpdesk' } });
    expect(messages[0]?.attributes).not.toHaveProperty('assignee');
    expect(messages[1]).toMatchObject({ sender: { id: '9', name: 'Vera Agent' }, attributes: { 'comment.text': 'second', 'comment.author': 'Vera Agent', 'comment.visibility': 'public' } });
    expect(messages[2]).toMatchObject({ attributes: { 'comment.text': 'for us', 'comment.visibility': 'internal' } });
    expect(messages[1]?.attributes).not.toHaveProperty('status');
    expect((await desk.poll(cursor)).keys).toEqual(keys);
    there.tickets[0]!['title'] = 'Changed within the second';
    expect((await desk.poll(cursor)).keys).not.toEqual(keys);
    there.tickets.length = 0;
    expect((await desk.poll(cursor)).messages).toEqual([]);
  });

  it('is asked for by pages that a form counts', async () => {
    for (let number = 0; number < 150; number++) ticket(String(number), { public_log: { entries: [] }, private_log: { entries: [] } });
    expect((await desk.poll()).messages).toHaveLength(150);
    expect(desk.target.seen).toHaveLength(2);
  });

  it('may be told by a webhook that names the ticket alone', async () => {
    ticket('42', { private_log: { entries: [] } });
    expect((await desk.receiveWhole({ class: 'Incident', id: '42' })).map(({ eventId }) => eventId)).toEqual([null, 'public:42:2026-01-31 10:04:00:9']);
  });
});
