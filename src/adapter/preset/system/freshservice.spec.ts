import { beforeEach, describe, expect, it } from '@jest/globals';
import { json } from '../../../../test/support/fake-target.js';
import { FakeFreshservice } from '../../../../test/support/fakes/freshservice.js';
import { file, lines, PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { freshservice } from './freshservice.js';

const there = new FakeFreshservice();
const OVER = { auth: { type: 'basicKey', key: 'key' }, integrationUser: '1' };
const desk = useDesk(new PresetDesk(freshservice, OVER), (target) => there.attachTo(target));
const polled = useDesk(new PresetDesk(freshservice, { ...OVER, variables: { requester: 'p@x.example', workspace: '2' } }, '', true), (target) => there.attachTo(target));
beforeEach(() => there.clear());
const said = (): unknown[] => there.conversations.map((one) => [one['body'], one['private']]);

describe('a ticket at Freshservice', () => {
  it('is created with numbers for words, HTML, and a field by which it is found', async () => {
    expect(await desk.create({ title: 'VPN', description: 'Since 07:40\na < b', priority: '1', impact: '1', urgency: '3', status: 'new', assignmentGroup: '19000', tags: ['net'], 'requester.email': 'anna@x.example', 'requester.name': 'Anna' })).toMatchObject({ outcome: 'success', ticketId: '42' });
    expect(there.tickets[0]).toMatchObject({
      subject: 'VPN', description: 'Since 07:40<br>a &lt; b', priority: 4, impact: 3, urgency: 1, status: 2, group_id: 19000, email: 'anna@x.example', name: 'Anna', tags: ['parley', 'net'], custom_fields: { parley_ref: '019a0000-0000-7000-8000-000000000001' },
    });
    expect(there.tickets[0]).not.toHaveProperty('workspace_id');
    expect(await desk.lookUp()).toEqual({ found: '42' });
  });

  it('is given what must be given there, and its workspace', async () => {
    await polled.create({ title: 'VPN' });
    expect(there.tickets[0]).toMatchObject({ description: 'VPN', email: 'p@x.example', status: 2, priority: 1, workspace_id: 2 });
  });

  it('takes states of the account\'s own by their number', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update('42', { status: '6' });
    expect(there.tickets[0]).toMatchObject({ status: 6 });
    expect(await desk.update('42', { status: 'unheard of' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('status: It should be') });
  });

  it('that the search does not find may be there nevertheless, and of two none is taken', async () => {
    await desk.create({ title: 'one' });
    there.isIndexed = false;
    expect(await desk.lookUp()).toMatchObject({ failed: { outcome: 'retryable' } });
    there.isIndexed = true;
    await desk.create({ title: 'two' });
    expect(await desk.lookUp()).toMatchObject({ failed: { outcome: 'retryable' } });
  });

  it('is noted for the requester only where that is said; the author is named', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update('42', { 'comment.text': 'for all\n<b>', 'comment.visibility': 'public', 'comment.author': 'Vera' });
    await desk.update('42', { 'comment.text': 'for us', 'comment.visibility': 'internal' });
    await desk.update('42', { 'comment.text': 'who knows' });
    expect(said()).toEqual([['Vera: for all<br>&lt;b&gt;', false], ['for us', true], ['who knows', true]]);
    expect(lines(desk.target).filter((line) => line.startsWith('PUT'))).toEqual([]);
  });

  it('takes files with a note, hidden where there is no comment', async () => {
    await desk.create({ title: 'VPN' }, { attachments: [file('a.txt', 'hello'), file('b.txt', 'you')] });
    await desk.update('42', { status: 'pending', 'comment.text': 'see', 'comment.visibility': 'public' }, { attachments: [file('c.txt', 'x')] });
    expect(there.conversations.map((one) => [one['body'], one['private'], one['attachments']])).toEqual([['a.txt, b.txt', true, [{ text: 'hello' }, { text: 'you' }]], ['see', false, [{ text: 'x' }]]]);
    expect(there.tickets[0]).toMatchObject({ status: 3 });
  });

  it('is there also where its files are too large for one call, and that is told', async () => {
    there.mostBytes = 10;
    expect(await desk.create({ title: 'VPN' }, { attachments: [file('a.txt', 'x'.repeat(20))] })).toMatchObject({ outcome: 'success', ticketId: '42', warning: expect.stringContaining('exceeds the limit') });
  });

  it('is not noted twice when a later attempt goes on', async () => {
    await desk.create({ title: 'VPN' });
    const kept: Record<string, unknown> = {};
    const steps = { read: () => kept, keep: (name: string, done: unknown) => { kept[name] = done; return Promise.resolve(); } };
    desk.target.next(json(429, {}, { 'retry-after': '12' }));
    expect(await desk.update('42', { title: 'A', 'comment.text': 'once' }, { steps })).toMatchObject({ outcome: 'retryable', retryAfterMs: 12_000 });
    desk.target.next(json(200, { ticket: {} }), { do: 'cut' });
    expect(await desk.update('42', { title: 'A', 'comment.text': 'once' }, { steps })).toMatchObject({ outcome: 'unknown' });
    expect(said()).toEqual([]);
  });

  it('says what is wrong in the words of Freshservice', async () => {
    expect(await desk.create({ title: 'VPN', priority: '9' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining("priority: It should be one of these values: '1,...,4'") });
    expect(await desk.update('99', { title: 'x' })).toMatchObject({ outcome: 'rejected', error: 'The target answered 404.' });
    desk.target.next(json(401, { code: 'invalid_credentials', message: 'You have to be logged in to perform this action.' }));
    expect(await desk.update('42', { title: 'x' })).toMatchObject({ outcome: 'credentials', error: expect.stringContaining('logged in') });
  });
});

describe('the webhook of a workflow', () => {
  beforeEach(async () => { await desk.create({ title: 'VPN', description: 'a < b', priority: '1', impact: '2', 'requester.email': 'anna@x.example' }); });

  it.each(['42', 'INC-42', '#INC-42', 42])('that names only its ticket as %s is completed, and read in canonical words', async (ticketId) => {
    there.change(42, { status: 6 });
    expect(await desk.receiveWhole({ ticket_id: ticketId })).toEqual([expect.objectContaining({
      ticketId: '42', occurredAt: '2026-01-31T10:00:00.000Z', eventId: null,
      attributes: expect.objectContaining({ 'ticket.number': 'INC-42', title: 'VPN', description: 'a < b', status: 6, priority: '1', impact: '2', 'requester.email': 'anna@x.example', 'ticket.externalId': '019a0000-0000-7000-8000-000000000001' }),
    })]);
  });

  it.each([[false, 'public'], [true, 'internal'], [undefined, 'internal']])('brings a note that is private: %s as %s, once', async (isPrivate, visibility) => {
    there.say(42, { body: '<div>hello</div>', private: isPrivate });
    const messages = await desk.receiveWhole({ ticket_id: '42' });
    expect(messages.map(({ sender, eventId, attributes }) => [sender?.id, eventId, attributes['comment.text'], attributes['comment.visibility'], attributes['title']])).toEqual([[undefined, null, undefined, undefined, 'VPN'], ['7', 'conversation:9000', 'hello', visibility, 'VPN']]);
    expect(messages[1]?.attributes).toMatchObject({ 'comment.author': '7' });
  });

  it('brings the notes of several pages, but not those of long ago', async () => {
    there.nowMs -= 10 * 86_400_000;
    for (let number = 0; number < 150; number++) there.say(42, { body: `old ${number}` });
    there.nowMs += 10 * 86_400_000;
    there.say(42, { body: 'new' });
    const messages = await desk.receiveWhole({ ticket_id: '42' });
    expect(messages.flatMap(({ attributes }) => attributes['comment.text'] ?? [])).toEqual(['new']);
    expect(lines(desk.target).filter((line) => line.includes('conversations'))).toHaveLength(2);
  });

  it('brings files from where they are kept, without our key', async () => {
    there.say(42, { body: 'see', attachments: [{ id: 1, name: 'a.txt', content_type: 'text/plain', attachment_url: `${desk.target.url.replace('127.0.0.1', 'localhost')}/kept` }] });
    const [, note] = await desk.receiveWhole({ ticket_id: '42' });
    expect(note?.attachments).toMatchObject([{ name: 'a.txt', contentType: 'text/plain', size: 5 }]);
    expect(desk.target.seen.find(({ url }) => url === '/kept')?.headers).not.toHaveProperty('authorization');
  });
});

describe('polling of Freshservice', () => {
  const MINUTE = 60_000;

  it('asks for all pages of what has changed, in the workspace, and gives each state once', async () => {
    for (let number = 0; number < 120; number++) there.tickets.push({ id: 100 + number, type: 'Service Request', subject: 's', status: 2, priority: 2, created_at: '2025-01-01T00:00:00Z', updated_at: '2026-01-31T10:05:00Z' });
    const first = await polled.poll();
    expect(first.messages).toHaveLength(120);
    expect(first.messages[0]).toMatchObject({ attributes: { 'ticket.number': 'SR-100', status: 'inProgress', priority: '3' } });
    const second = await polled.poll(first.cursor);
    expect(second.keys.filter((key) => !first.keys.includes(key))).toEqual([]);
    expect(lines(polled.target).find((line) => line.includes('page=2&') && line.includes('updated_since'))).toContain('updated_since=2026-01-31T09:58:00Z&order_by=updated_at&order_type=asc&include=requester&workspace_id=2');
  });

  it('takes a change for ours only where nobody else has changed the ticket just before', async () => {
    await polled.create({ title: 'VPN' });
    const states = async () => (await polled.poll()).messages.filter(({ eventId }) => eventId === null).map(({ sender }) => sender?.id);
    expect(await states()).toEqual(['1']);
    for (const status of [3, 2, 3]) { there.nowMs += MINUTE; there.change(42, { status }); }
    expect(await states()).toEqual(['7']);
    there.nowMs += MINUTE;
    await polled.update('42', { status: 'resolved', 'comment.text': 'done' });
    expect(await states()).toEqual([undefined]);
    there.nowMs += MINUTE;
    await polled.update('42', { status: 'closed' });
    expect(await states()).toEqual(['1']);
  });
});
