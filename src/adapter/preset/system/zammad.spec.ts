import { beforeEach, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { json } from '../../../../test/support/fake-target.js';
import { file, lines, PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { FakeZammad } from '../../../../test/support/fakes/zammad.js';
import { zammad } from './zammad.js';

const there = new FakeZammad();
const OVER = { auth: { type: 'header', name: 'Authorization', value: 'Token token=key' }, verification: { type: 'zammad', secret: 'shared' } };
const desk = useDesk(new PresetDesk(zammad, OVER), (target) => there.attachTo(target));
const polled = useDesk(new PresetDesk(zammad, OVER, '', true), (target) => there.attachTo(target));
beforeEach(() => there.clear());
const said = (): unknown[] => there.articles.map(({ body, internal }) => [body, internal]);

describe('a ticket at Zammad', () => {
  it('is created for a customer who is guessed, in its group, with a tag by which the database finds it', async () => {
    expect(await desk.create({ title: 'VPN', description: 'Since 07:40', priority: '1', status: 'assigned', assignmentGroup: '2nd Level', tags: ['net'], 'requester.email': 'anna@x.example' }, { attachments: [file('a.txt', 'hello')] })).toMatchObject({ outcome: 'success', ticketId: '1', answer: { number: '67001' } });
    expect(there.tickets[0]).toMatchObject({ title: 'VPN', state: 'open', priority: '3 high', group: '2nd Level', customer: 'anna@x.example', tags: ['parley', 'parley-019a0000-0000-7000-8000-000000000001', 'net'] });
    expect(there.articles).toEqual([expect.objectContaining({ body: 'Since 07:40', internal: false, content_type: 'text/plain', attachments: [expect.objectContaining({ filename: 'a.txt', text: 'hello', preferences: { 'Content-Type': 'text/plain' } })] })]);
    expect(await desk.lookUp()).toEqual({ found: '1' });
    expect(await desk.lookUp('another')).toEqual({ found: null });
    expect(lines(desk.target).at(-1)).not.toContain('query=');
  });

  it('has a group and a customer where the message names none, and a comment of its own', async () => {
    await desk.create({ title: 'VPN', 'comment.text': 'for us' });
    expect(there.tickets[0]).toMatchObject({ group: 'Users', customer: 'parley@example.com' });
    expect(said()).toEqual([['VPN', false], ['for us', true]]);
  });

  it('is not guessed where two carry the same tag', async () => {
    await desk.create({ title: 'one' });
    await desk.create({ title: 'two' });
    expect(await desk.lookUp()).toMatchObject({ failed: { outcome: 'retryable' } });
  });

  it('is commented for all only where that is said; files hang on an article', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update('1', { 'comment.text': 'for all', 'comment.visibility': 'public', 'comment.author': 'Vera' });
    await desk.update('1', { 'comment.text': 'for us', 'comment.visibility': 'internal' });
    await desk.update('1', { 'comment.text': 'who knows' });
    await desk.update('1', { title: 'VPN down' }, { attachments: [file('a.txt', 'x'), file('b.txt', 'y')] });
    expect(said().slice(1)).toEqual([['Vera: for all', false], ['for us', true], ['who knows', true], ['a.txt, b.txt', true]]);
    expect(there.articles.at(-1)).toMatchObject({ attachments: [{ text: 'x' }, { text: 'y' }] });
  });

  it.each(['pending', 'onHold'])('that is %s is so for a week, the same on every attempt', async (status) => {
    await desk.create({ title: 'VPN' });
    expect(await desk.update('1', { status })).toMatchObject({ outcome: 'success' });
    const first = there.tickets[0]!['pending_time'];
    expect(first).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    await desk.update('1', { status });
    expect(there.tickets[0]).toMatchObject({ state: 'pending reminder', pending_time: first });
  });

  it('that names what is not there is refused with the name', async () => {
    expect(await desk.create({ title: 'VPN', assignmentGroup: 'Nobody' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('No lookup value found for \'group\': "Nobody"') });
    expect(await desk.create({ title: 'VPN', 'requester.email': 'nobody' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining("Invalid email 'nobody' of customer") });
    expect(await desk.update('99', { title: 'x' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining("Couldn't find Ticket") });
  });

  it('that we may not touch is refused alone; a token without rights pauses all', async () => {
    expect(await desk.create({ title: 'VPN', assignmentGroup: 'Secret' })).toMatchObject({ outcome: 'rejected', error: 'Not authorized' });
    desk.target.next(json(403, { error: 'Not authorized (token)!', error_human: 'Not authorized (token)!' }));
    expect(await desk.create({ title: 'VPN' })).toMatchObject({ outcome: 'credentials' });
  });

  it('that is closed for good refuses, and the reason is told', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update('1', { status: 'resolved' });
    there.hasFollowUps = false;
    expect(await desk.update('1', { 'comment.text': 'too late' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('Cannot follow-up on a closed ticket') });
  });

  it('of unknown outcome is not commented twice', async () => {
    await desk.create({ title: 'VPN' });
    desk.target.next({ do: 'cut' });
    expect(await desk.update('1', { 'comment.text': 'once' })).toMatchObject({ outcome: 'unknown' });
  });
});

describe('the webhook of a trigger', () => {
  const arrived = (body: object) => desk.receiveWhole(body, { 'x-hub-signature': `sha1=${createHmac('sha1', 'shared').update(JSON.stringify(body)).digest('hex')}`, 'x-zammad-delivery': 'd1' });
  const say = (article: object) => { there.say(1, article); return there.articles.at(-1)!; };
  beforeEach(async () => { await desk.create({ title: 'VPN', description: 'Since 07:40', priority: '1', 'requester.email': 'anna@x.example' }); });

  it('is read in canonical words, without asking back', async () => {
    desk.target.seen.length = 0;
    expect(await arrived(there.payload(1, there.articles[0]))).toEqual([expect.objectContaining({
      ticketId: '1', sender: { id: '1' }, occurredAt: '2026-01-31T10:00:00.000Z', eventId: 'article:1',
      attributes: { 'ticket.id': 1, 'ticket.number': '67001', title: 'VPN', description: 'Since 07:40', status: 'new', priority: '1', assignmentGroup: 'Users', 'requester.id': 3, 'requester.email': 'anna@x.example', 'requester.name': 'Anna Berg' },
    })]);
    expect(desk.target.seen).toEqual([]);
  });

  it('that is not signed is refused', async () => {
    await expect(desk.receiveWhole(there.payload(1), { 'x-hub-signature': 'sha1=00' })).rejects.toThrow();
  });

  it.each([[false, 'public'], [true, 'internal'], [undefined, 'internal']])('brings an article that is internal: %s as %s, HTML as text', async (internal, visibility) => {
    const [message] = await arrived(there.payload(1, say({ internal, content_type: 'text/html', body: '<div>hello<br>you &amp; me</div>' })));
    expect(message).toMatchObject({ sender: { id: '7', name: 'Vera Agent' }, eventId: 'article:2', attributes: { 'comment.text': 'hello\nyou & me', 'comment.author': 'Vera Agent', 'comment.visibility': visibility } });
    expect(message?.attributes).not.toHaveProperty('description');
  });

  it('leaves plain text as it is', async () => {
    expect((await arrived(there.payload(1, say({ body: 'if a < b\n\n> quoted' }))))[0]?.attributes).toMatchObject({ 'comment.text': 'if a < b\n\n> quoted' });
  });

  it('without an article brings the ticket alone, by whom it was changed', async () => {
    const [message] = await arrived(there.payload(1));
    expect(message).toMatchObject({ sender: { id: '7' }, eventId: null });
    expect(Object.keys(message!.attributes).filter((name) => name.startsWith('comment'))).toEqual([]);
  });

  it('brings files, fetched with our token', async () => {
    const body = JSON.parse(JSON.stringify(there.payload(1, say({ body: 'see', attachments: [{ id: 1, filename: 'a.txt', preferences: { 'Content-Type': 'text/plain' } }] }))).replace('https://zammad.example.com', desk.target.url)) as object;
    expect((await arrived(body))[0]?.attachments).toMatchObject([{ name: 'a.txt', contentType: 'text/plain', size: 5 }]);
  });
});

describe('polling of Zammad', () => {
  it('asks the database, page by page, and gives each state and each article once', async () => {
    for (let number = 0; number < 120; number++) there.tickets.push({ id: 100 + number, number: `n${number}`, title: 't', state: 'open', priority: '2 normal', group: 'Users', owner: '-', customer: 'a@x.example', updated_at: '2026-01-31T10:05:00.123Z', created_at: '2026-01-31T10:05:00.123Z' });
    const first = await polled.poll();
    expect(first.messages).toHaveLength(120);
    expect(first.messages[0]?.attributes).toMatchObject({ status: 'inProgress', priority: '3', assignmentGroup: 'Users', 'requester.email': 'a@x.example' });
    expect(first.messages[0]?.attributes).not.toHaveProperty('assignee');
    const second = await polled.poll(first.cursor);
    expect(second.keys.filter((key) => !first.keys.includes(key))).toEqual([]);
    expect(lines(polled.target).find((line) => line.includes('page=2'))).toContain('condition[ticket.updated_at][operator]=after (absolute)&condition[ticket.updated_at][value]=2026-01-31T09:58:00.000Z');
  });

  it('brings the articles with the ticket, but not what the system wrote, nor what is old', async () => {
    there.nowMs -= 10 * 86_400_000;
    await polled.create({ title: 'VPN', description: 'Since 07:40' });
    there.say(1, { body: 'long ago' });
    there.nowMs += 10 * 86_400_000 + 60_000;
    there.say(1, { body: 'We have got your mail', sender: 'System' });
    there.say(1, { body: 'for us', internal: true });
    there.say(1, { body: '<p>for all</p>', content_type: 'text/html', sender: 'Customer', created_by_id: 3 });
    const { messages } = await polled.poll();
    expect(messages.map(({ sender, eventId, attributes }) => [sender?.id, eventId, attributes['description'], attributes['comment.text'], attributes['comment.visibility']])).toEqual([
      ['7', null, 'Since 07:40', undefined, undefined], ['7', 'article:4', undefined, 'for us', 'internal'], ['3', 'article:5', undefined, 'for all', 'public'],
    ]);
  });
});
