import { beforeEach, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { FakeGlpi11 } from '../../../../test/support/fakes/glpi-11.js';
import { file, lines, PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { rest } from '../../kinds/rest/index.js';
import { glpi11 } from './glpi.js';

const there = new FakeGlpi11();
const OVER = {
  auth: { ...(glpi11.endpoint.settings['auth'] as object), clientSecret: 'client', password: 'secret' },
  verification: { type: 'glpi', secret: 'shared' }, handshake: { type: 'hmacQuery', parameter: 'crc_token', secret: 'shared' },
};
const desk = useDesk(new PresetDesk(glpi11, OVER, '/api.php'), (target) => there.attachTo(target));
const HELSINKI = { ...glpi11, polling: { Ticket: { ...glpi11.polling!['Ticket']!, cursor: { ...(glpi11.polling!['Ticket']!['cursor'] as object), zone: 'Europe/Helsinki' } } } };
const polled = useDesk(new PresetDesk(HELSINKI, OVER, '/api.php', true), (target) => there.attachTo(target));
beforeEach(() => { there.tickets.length = there.timeline.length = there.polled.length = 0; });

const signed = (body: string, timestamp = '1769846712'): Readonly<Record<string, string>> =>
  ({ 'x-glpi-signature': createHmac('sha256', 'shared').update(body + timestamp).digest('hex'), 'x-glpi-timestamp': timestamp });

describe('a ticket at GLPI 11', () => {
  it('is created, found again and changed', async () => {
    expect(await desk.create({ title: 'VPN', description: 'a < b', priority: '1', status: 'assigned' })).toMatchObject({ outcome: 'success', ticketId: '15' });
    expect(there.tickets[0]).toMatchObject({ name: 'VPN', content: 'a &lt; b', impact: 5, urgency: 5, status: { id: 2 }, type: 1 });
    expect(await desk.lookUp()).toEqual({ found: '15' });
    expect(await desk.lookUp('another')).toEqual({ found: null });
    expect(await desk.update('15', { status: 'closed', impact: '5' })).toMatchObject({ outcome: 'success' });
    expect(there.tickets[0]).toMatchObject({ impact: 1, status: { id: 6 } });
  });

  it('is commented and solved on its timeline', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update('15', { 'comment.text': 'for all', 'comment.visibility': 'public' });
    await desk.update('15', { 'comment.text': 'who knows' });
    await desk.update('15', { status: 'resolved', resolution: 'Cable' });
    expect(there.timeline).toEqual([
      { kind: 'Followup', ticket: '15', content: 'for all', is_private: false }, { kind: 'Followup', ticket: '15', content: 'who knows', is_private: true }, { kind: 'Solution', ticket: '15', content: 'Cable' },
    ]);
  });

  it('that we may not touch, or that is not there, is refused in words and pauses nothing', async () => {
    await desk.create({ title: 'theirs' });
    expect(await desk.update('15', { title: 'ours' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining("You don't have permission") });
    expect(await desk.update('99', { title: 'ours' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('Item not found') });
  });

  it('says that files are not taken', async () => {
    expect(await desk.create({ title: 'VPN' }, { attachments: [file('a.txt', 'x')] })).toMatchObject({ outcome: 'success', warning: expect.stringContaining('a.txt') });
  });
});

describe('what the webhooks of GLPI 11 bring', () => {
  it('is a ticket, signed with a time that may be old', () => {
    const body = JSON.stringify({ event: 'update', item: { id: 15, name: 'VPN', content: '<p>Since</p>', status: { id: 4, name: 'Pending' }, priority: 5, impact: 3, urgency: 2, external_id: 'k', date_mod: '2026-01-31T09:05:12+01:00' } }, null, 4);
    const [message] = desk.receive(body, signed(body));
    expect(message).toMatchObject({ ticketId: '15', occurredAt: '2026-01-31T08:05:12.000Z', eventId: 'ticket:15:update:2026-01-31T09:05:12+01:00:[4,5,3,2]', attributes: { title: 'VPN', description: 'Since', status: 'pending', priority: '1', impact: '3', urgency: '4', 'ticket.externalId': 'k' } });
    expect(message?.attributes).not.toHaveProperty('comment.text');
    expect(() => desk.receive(body, { ...signed(body), 'x-glpi-timestamp': '1769846713' })).toThrow();
  });

  it('is each of two changes of one second, and a repeat is known again', () => {
    const idOf = (status: number): string | null | undefined => {
      const body = JSON.stringify({ event: 'update', item: { id: 15, name: 'VPN', status: { id: status }, date_mod: '2026-01-31T09:05:12+01:00' } });
      return desk.receive(body, signed(body))[0]?.eventId;
    };
    expect(idOf(4)).toBe(idOf(4));
    expect(idOf(4)).not.toBe(idOf(5));
  });

  it.each([[false, 'public'], [true, 'internal'], [undefined, 'internal']])('is a comment of the ticket, private %s as %s', (hidden, visibility) => {
    const body = JSON.stringify({ event: 'new', item: { id: 9, itemtype: 'Ticket', items_id: 15, content: '<p>Hi</p>', is_private: hidden, user: { id: 7, name: 'vera' }, date_mod: '2026-01-31T08:05:12+00:00' }, parent_item: { id: 15, name: 'VPN' } });
    const [message] = desk.receive(body, signed(body));
    expect(message).toMatchObject({ ticketId: '15', attributes: { 'comment.id': '9', 'comment.text': 'Hi', 'comment.author': 'vera', 'comment.visibility': visibility } });
    expect(message?.attributes).not.toHaveProperty('description');
  });

  it.each([{ event: 'delete', item: { id: 15 } }, { event: 'new', item: { id: 9, itemtype: 'Problem', items_id: 3, content: 'x' } }])('is left out where it is no news of a ticket', (event) => {
    const body = JSON.stringify(event);
    expect(desk.receive(body, signed(body))).toEqual([]);
  });

  it('is announced by a challenge, answered bare', () => {
    const request = { entityType: 'Ticket', body: Buffer.alloc(0), contentType: '', headers: {}, query: 'crc_token=abc' };
    expect(rest.inbound.handshake!(request, desk.endpoint)).toMatchObject({ status: 200, body: createHmac('sha256', 'shared').update('abc').digest('hex') });
  });
});

describe('what is polled at GLPI 11', () => {
  const followup = (id: number, made: string, user?: object): Record<string, unknown> => ({ id, itemtype: 'Ticket', items_id: 15, content: `<p>text ${id}</p>`, is_private: false, date_creation: made, date_mod: made, ...(user === undefined ? {} : { user }) });
  const VERA = { id: 7, name: 'vera' };
  const put = (followups: readonly Record<string, unknown>[] = [], over: Record<string, unknown> = {}): void => {
    there.polled.push({ item: { id: 15, name: 'VPN', content: '<p>Since</p>', status: { id: 4 }, priority: 5, impact: 3, urgency: 2, external_id: '', date_mod: '2026-01-31T12:05:00+02:00', is_deleted: false, ...over }, changed: '2026-01-31 12:05:00', followups: [...followups] });
  };

  it('asks in the zone of the database, and reads times with theirs', async () => {
    there.polled.push({ item: { id: 14, name: 'old', status: { id: 1 }, date_mod: '2026-01-31T11:58:00+02:00' }, changed: '2026-01-31 11:58:00' });
    put();
    const { messages, cursor } = await polled.poll();
    expect(lines(polled.target).filter((line) => line.includes('filter'))).toEqual(['GET /api.php/Assistance/Ticket?filter=date_mod=ge="2026-01-31 11:59:00"&sort=date_mod:asc,id:asc&start=0&limit=100']);
    expect(messages).toEqual([expect.objectContaining({ ticketId: '15', sender: null, occurredAt: '2026-01-31T10:05:00.000Z', attributes: expect.objectContaining({ title: 'VPN', description: 'Since', status: 'pending', priority: '1' }) })]);
    expect(cursor).toMatchObject({ position: '2026-01-31T10:05:00.000Z' });
  });

  it('brings each followup once, with its author, and leaves out those that have none', async () => {
    put([followup(8, '2026-01-31T11:00:00+02:00', VERA), followup(9, '2026-01-31T12:04:00+02:00', VERA), followup(10, '2026-01-31T12:04:30+02:00')]);
    const first = await polled.poll();
    expect(first.messages.slice(1)).toEqual([expect.objectContaining({ ticketId: '15', sender: { id: '7', name: 'vera' }, attributes: expect.objectContaining({ 'comment.id': '9', 'comment.text': 'text 9', 'comment.author': 'vera', 'comment.visibility': 'public' }) })]);
    expect((await polled.poll(first.cursor)).keys).toEqual(first.keys);
  });

  it('leaves out what was deleted', async () => {
    put([], { is_deleted: true });
    expect((await polled.poll()).messages).toEqual([]);
  });
});
