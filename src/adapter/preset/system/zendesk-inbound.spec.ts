import { beforeEach, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { json } from '../../../../test/support/fake-target.js';
import { lines, PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { FakeZendesk } from '../../../../test/support/fakes/zendesk.js';
import { zendesk } from './zendesk.js';

const there = new FakeZendesk();
const OVER = { auth: { type: 'basic', username: 'parley@x/token', password: 'key' }, verification: { type: 'zendesk', secret: 'shared' }, integrationUser: '1' };
const desk = useDesk(new PresetDesk(zendesk, OVER), (target) => there.attachTo(target));
const polled = useDesk(new PresetDesk(zendesk, OVER, '', true), (target) => there.attachTo(target));
beforeEach(() => there.clear());

const event = (type: string, more: object = {}): string => JSON.stringify({
  account_id: 1, id: `e-${type}`, type: `zen:event-type:ticket.${type}`, time: '2026-01-31T08:05:12.123456789Z', subject: 'zen:ticket:4711', zendesk_event_version: '2022-11-06',
  detail: { id: '4711', actor_id: '7', status: 'OPEN', priority: 'URGENT', subject: 'VPN' }, event: more,
});
function signed(body: string): Record<string, string> {
  const timestamp = new Date().toISOString();
  return { 'x-zendesk-webhook-signature-timestamp': timestamp, 'x-zendesk-webhook-signature': createHmac('sha256', 'shared').update(timestamp + body).digest('base64') };
}
const arrived = (type: string, more: object = {}) => desk.receiveWhole(event(type, more), signed(event(type, more)));

describe('an event of Zendesk', () => {
  beforeEach(async () => { await desk.create({ title: 'VPN', description: 'Since 07:40', priority: '1', status: 'assigned' }); });

  it('is completed by its ticket, and read in canonical words', async () => {
    expect(await arrived('status_changed', { current: 'OPEN', previous: 'NEW' })).toEqual([expect.objectContaining({
      ticketId: '4711', sender: { id: '7' }, occurredAt: '2026-01-31T08:05:12.123Z', eventId: 'e-status_changed',
      attributes: expect.objectContaining({ title: 'VPN', description: 'Since 07:40', status: 'inProgress', priority: '1', tags: ['parley'] }),
    })]);
    expect(lines(desk.target).at(-1)).toBe('GET /api/v2/tickets/4711.json');
  });

  it('that is not signed, or signed for another body, is refused', async () => {
    await expect(desk.receiveWhole(event('created'))).rejects.toThrow();
    await expect(desk.receiveWhole(event('created'), signed(event('status_changed')))).rejects.toThrow();
    expect(() => desk.receive('', signed(''))).toThrow('The body is not JSON');
  });

  it.each([[true, 'public'], [false, 'internal'], [undefined, 'internal']])('brings a comment that is public: %s as %s', async (isPublic, visibility) => {
    const [message] = await arrived('comment_added', { comment: { id: '55', body: 'hello', is_public: isPublic, author: { id: '8', is_staff: true, name: 'Vera' } } });
    expect(message).toMatchObject({ sender: { id: '8', name: 'Vera' }, eventId: 'comment:55', attributes: { 'comment.text': 'hello', 'comment.author': 'Vera', 'comment.visibility': visibility, title: 'VPN' } });
  });

  it('of the first comment brings no comment: that is the description', async () => {
    const [message] = await arrived('comment_added', { comment: { id: '54', body: 'Since 07:40', is_public: true, author: { id: '8' } } });
    expect(message?.attributes).toMatchObject({ description: 'Since 07:40' });
    expect(message?.attributes).not.toHaveProperty('comment.text');
  });

  it('brings a file, from where it is kept', async () => {
    desk.target.next((await shown()), json(302, undefined, { location: `${desk.target.url.replace('127.0.0.1', 'localhost')}/kept` }), { do: 'answer', status: 200, body: 'hello', headers: { 'content-type': 'text/plain' } });
    const [message] = await arrived('attachment_linked_to_comment', { comment: { id: '55', attachment: { id: '9', filename: 'a.txt', content_type: 'text/plain', content_url: `${desk.target.url}/attachments/token/x/?name=a.txt`, is_public: false } } });
    expect(message).toMatchObject({ eventId: 'e-attachment_linked_to_comment', attributes: { 'comment.visibility': 'internal' }, attachments: [{ name: 'a.txt', size: 5 }] });
    expect(desk.target.seen.slice(-2).map(({ headers }) => headers.authorization !== undefined)).toEqual([true, false]);
  });
  const shown = async () => json(200, { ticket: there.tickets[0] });

  it('of a deleted ticket brings nothing', async () => {
    expect(await arrived('soft_deleted')).toEqual([]);
  });
});

describe('polling of Zendesk', () => {
  const MINUTE = 60_000;

  it('leaves out the last minute, gets it next time, and knows what the system only touched', async () => {
    there.nowMs -= 90_000;
    for (const title of ['one', 'two', 'three']) await polled.create({ title }, { id: `019a0000-0000-7000-8000-00000000000${title.length}${title.charCodeAt(1) % 10}` });
    there.nowMs += 60_000;
    there.say(4712, { body: 'late' });
    there.nowMs += 30_000;
    const first = await polled.poll();
    expect(first.messages.map(({ ticketId }) => ticketId)).toEqual(['4711', '4713']);
    there.nowMs += MINUTE;
    there.tickets[0]!['generated_timestamp'] = there.nowMs / 1_000 - 70;
    const second = await polled.poll(first.cursor);
    expect(second.messages.map(({ ticketId, attributes }) => [ticketId, attributes['comment.text']])).toEqual([['4712', undefined], ['4712', 'late'], ['4711', undefined]]);
    expect(second.keys.at(-1)).toBe(first.keys[0]);
    expect(await polled.poll(second.cursor)).toMatchObject({ messages: [] });
  });

  it('is told to wait where it has asked ten times in a minute, and loses nothing by it', async () => {
    there.nowMs -= 2 * MINUTE;
    await polled.create({ title: 'VPN' });
    there.nowMs += 2 * MINUTE;
    polled.target.next(json(429, { error: 'APIRateLimitExceeded', description: 'Number of allowed incremental ticket export API requests per minute exceeded' }, { 'retry-after': '37' }));
    await expect(polled.poll()).rejects.toThrow('per minute exceeded');
    expect((await polled.poll()).messages).toHaveLength(1);
  });

  it('takes a change for ours only where nobody else has changed the ticket just before', async () => {
    there.nowMs -= 2 * MINUTE;
    await polled.create({ title: 'VPN' });
    const states = async () => (await polled.poll({ position: '0|0' })).messages.filter(({ eventId }) => eventId === null).map(({ sender }) => sender?.id);
    there.nowMs += MINUTE;
    expect(await states()).toEqual(['1']);
    there.say(4711, { body: 'hello' });
    await polled.update('4711', { status: 'pending' });
    there.nowMs += MINUTE;
    expect(await states()).toEqual([undefined]);
    await polled.update('4711', { status: 'resolved' });
    there.nowMs += MINUTE;
    expect(await states()).toEqual(['1']);
  });

  it('brings the comments with the ticket, those of long ago not', async () => {
    there.nowMs -= 10 * 24 * 60 * MINUTE;
    await polled.create({ title: 'VPN', description: 'Since 07:40' });
    there.say(4711, { body: 'long ago' });
    there.nowMs += 10 * 24 * 60 * MINUTE - 2 * MINUTE;
    there.say(4711, { body: 'for us', public: false });
    there.say(4711, { body: 'for all' });
    there.nowMs += 2 * MINUTE;
    const { messages } = await polled.poll();
    expect(messages.map(({ sender, eventId, attributes }) => [sender?.id, eventId, attributes['comment.text'], attributes['comment.visibility']])).toEqual([
      ['7', null, undefined, undefined], ['7', 'comment:471102', 'for us', 'internal'], ['7', 'comment:471103', 'for all', 'public'],
    ]);
  });
});
