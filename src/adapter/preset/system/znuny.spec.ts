import { beforeEach, describe, expect, it } from '@jest/globals';
import { file, lines, PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { FakeZnuny } from '../../../../test/support/fakes/znuny.js';
import { znunySoap } from './znuny-soap.js';
import { znuny } from './znuny.js';

const there = new FakeZnuny();
const OVER = { secrets: { password: 'agent-pass' } };
const rest = useDesk(new PresetDesk(znuny, OVER, '/Parley'), (target) => there.asRest(target));
const soap = useDesk(new PresetDesk(znunySoap, OVER, '/Soap'), (target) => there.asSoap(target));
const polled = useDesk(new PresetDesk(znuny, OVER, '/Parley', true), (target) => there.asRest(target));
const stranger = useDesk(new PresetDesk(znuny, { secrets: { password: 'wrong-pass' } }, '/Parley'), (target) => there.asRest(target));
const strangerBySoap = useDesk(new PresetDesk(znunySoap, { secrets: { password: 'wrong-pass' } }, '/Soap'), (target) => there.asSoap(target));
beforeEach(() => { there.tickets.length = 0; });

describe.each([['REST', rest], ['SOAP', soap]])('a ticket at Znuny by %s', (_, desk) => {
  it('is created with all that is asked for, and found again', async () => {
    expect(await desk.create({ title: 'VPN <down>', description: 'Since 07:40\n& before', priority: 1 }, { attachments: [file('a b.txt', 'hello')] })).toMatchObject({ outcome: 'success', ticketId: '123' });
    expect(there.tickets[0]).toMatchObject({
      Title: 'VPN <down>', Queue: 'Raw', State: 'new', Priority: '5 very high', CustomerUser: 'parley-customer', Attachment: ['a b.txt: hello'], Article: [expect.objectContaining({ Subject: 'VPN <down>', Body: 'Since 07:40\n& before' })],
    });
    expect(await desk.lookUp()).toEqual({ found: '123' });
    await desk.create({ title: 'the same key' });
    expect(await desk.lookUp()).toMatchObject({ failed: { outcome: 'retryable' } });
  });

  it('is absent where the search answers nothing at all', async () => {
    expect(await desk.lookUp()).toEqual({ found: null });
  });

  it('takes what the message says before what the settings say, and unknown words as they are', async () => {
    await desk.create({ title: 'VPN', status: 'waiting for goods', priority: '2', assignmentGroup: 'Network', 'requester.id': 'anna' });
    expect(there.tickets[0]).toMatchObject({ Queue: 'Network', State: 'waiting for goods', Priority: '4 high', CustomerUser: 'anna', Article: [expect.objectContaining({ Body: 'VPN' })] });
  });

  it('that waits has a time until which it does', async () => {
    await desk.create({ title: 'VPN' });
    expect(await desk.update('123', { status: 'onHold' })).toMatchObject({ outcome: 'success' });
    expect(there.tickets[0]).toMatchObject({ State: 'pending reminder', wait: { Diff: '1440' } });
    expect(await desk.update('123', { status: 'cancelled' })).toMatchObject({ outcome: 'success' });
    expect(there.tickets[0]).toMatchObject({ State: 'closed unsuccessful', Title: 'VPN' });
  });

  it('is commented for the customer only where that is said', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update('123', { 'comment.text': 'for all', 'comment.author': 'Vera', 'comment.visibility': 'public' });
    await desk.update('123', { 'comment.text': 'for us', 'comment.visibility': 'internal' });
    await desk.update('123', { 'comment.text': 'who knows' });
    expect(there.tickets[0]?.['Article'].slice(1).map((one: Record<string, unknown>) => [one['Body'], Number(one['IsVisibleForCustomer'])])).toEqual([['Vera: for all', 1], ['for us', 0], ['who knows', 0]]);
  });

  it('takes files with the comment, or with a note of their own', async () => {
    await desk.create({ title: 'VPN' });
    expect(await desk.update('123', {}, { attachments: [file('a.txt', 'x'), file('b.txt', 'y')] })).toMatchObject({ outcome: 'success' });
    expect(there.tickets[0]).toMatchObject({ Attachment: ['a.txt: x', 'b.txt: y'], Article: [{}, expect.objectContaining({ Body: 'Files from the other system' })] });
  });

  it('that is refused with 200 was refused, and the reason is told', async () => {
    expect(await desk.create({ title: 'VPN', assignmentGroup: 'Nowhere' })).toMatchObject({ outcome: 'rejected', httpStatus: 200, error: 'TicketCreate: Ticket->QueueID or Ticket->Queue parameter is invalid!' });
    expect(await desk.update('999', { title: 'x' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('does not have access') });
    desk.target.next({ do: 'answer', status: 500, body: 'Internal Server Error' });
    expect(await desk.create({ title: 'VPN' })).toMatchObject({ outcome: 'unknown' });
  });

  it('is tested by a search', async () => {
    expect(await desk.check()).toEqual(['network ok', 'authentication ok', 'rights ok']);
  });
});

describe.each([['REST', stranger], ['SOAP', strangerBySoap]])('a password that is wrong, told with 200 by %s', (_, desk) => {
  it('pauses the endpoint', async () => {
    expect(await desk.create({ title: 'VPN' })).toMatchObject({ outcome: 'credentials', httpStatus: 200 });
    expect(await desk.check()).toEqual(['network ok', 'authentication failed']);
  });
});

const ticket = (over: Record<string, unknown> = {}): void => {
  there.tickets.push({
    TicketID: '123', TicketNumber: '2026013110000015', Title: 'VPN', State: 'open', Priority: '4 high', Queue: 'Raw', Changed: '2026-01-31 10:05:00', ChangeBy: '7', CustomerUserID: 'anna',
    Article: [{ ArticleID: '456', TicketID: '123', Body: 'Since 07:40', CreateTime: '2026-01-31 10:00:00', CreateBy: '7' }], ...over,
  });
};

describe('what an invoker brings', () => {
  it.each([[{ TicketID: '123' }], [{ Event: { TicketID: '123', ArticleID: '456' }, Ticket: { TicketID: '123' } }]])('by REST is completed by asking back: %j', async (event) => {
    ticket();
    expect(await rest.receiveWhole(event)).toEqual([expect.objectContaining({
      ticketId: '123', sender: { id: '7' }, occurredAt: '2026-01-31T10:05:00.000Z', attributes: { 'ticket.id': '123', 'ticket.number': '2026013110000015', title: 'VPN', description: 'Since 07:40', status: 'inProgress', priority: '2', assignmentGroup: 'Raw', 'requester.id': 'anna' },
    })]);
    expect(lines(rest.target)).toEqual(['POST /Parley/TicketGet']);
  });

  it.each([['1', 'public'], [1, 'public'], ['0', 'internal'], [undefined, 'internal']])('by REST has new articles as messages of their own, visible %s as %s', async (IsVisibleForCustomer, visibility) => {
    const article = (id: string, at: string): Record<string, unknown> => ({ ArticleID: id, TicketID: '123', Body: `text ${id}`, From: 'Vera', CreateTime: at, CreateBy: '9', IsVisibleForCustomer });
    ticket({ Article: [article('456', '2026-01-01 10:00:00'), article('457', '2026-01-02 10:00:00'), article('458', '2026-01-31 10:04:59')] });
    const messages = await rest.receiveWhole({ TicketID: '123' });
    expect(messages.map(({ eventId }) => eventId)).toEqual(['ticket:123:2026-01-31 10:05:00:open:4 high:Raw:VPN', 'article:458']);
    expect(messages[1]).toMatchObject({ ticketId: '123', sender: { id: '9' }, occurredAt: '2026-01-31T10:04:59.000Z', attributes: { 'comment.text': 'text 458', 'comment.author': 'Vera', 'comment.visibility': visibility } });
    expect(messages[1]?.attributes).not.toHaveProperty('status');
  });

  it.each([['1', 'public'], ['0', 'internal']])('by SOAP is read as it comes, visible %s as %s', (visible, visibility) => {
    const envelope = (event: string, article: string): string => `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><Parley xmlns="http://www.otrs.org/TicketConnector/"><Ticket><TicketID>123</TicketID><TicketNumber>2026013110000015</TicketNumber><Title>VPN</Title><State>closed successful</State><Priority>3 normal</Priority><Queue>Raw</Queue><Changed>2026-01-31 10:05:00</Changed><ChangeBy>7</ChangeBy>${article}</Ticket><Event>${event}<TicketID>123</TicketID></Event></Parley></soap:Body></soap:Envelope>`;
    const [changed] = soap.receive(envelope('', ''));
    expect(changed).toMatchObject({ ticketId: '123', sender: { id: '7' }, eventId: 'ticket:123:2026-01-31 10:05:00:closed successful:3 normal:Raw:VPN', attributes: { title: 'VPN', status: 'resolved', priority: '3' } });
    expect(changed?.attributes).not.toHaveProperty('comment.text');
    const [commented] = soap.receive(envelope('<ArticleID>457</ArticleID>', `<Article><Body>a &lt; b</Body><From>Vera</From><CreateBy>9</CreateBy><CreateTime>2026-01-31 10:04:00</CreateTime><IsVisibleForCustomer>${visible}</IsVisibleForCustomer></Article>`));
    expect(commented).toMatchObject({ sender: { id: '9' }, occurredAt: '2026-01-31T10:04:00.000Z', eventId: 'article:457', attributes: { 'comment.text': 'a < b', 'comment.author': 'Vera', 'comment.visibility': visibility } });
  });
});

describe('what is polled at Znuny', () => {
  const article = (id: string, at: string): Record<string, unknown> => ({ ArticleID: id, TicketID: '123', Body: `text ${id}`, From: 'Vera', CreateTime: at, CreateBy: '9', IsVisibleForCustomer: '1' });

  it('is searched for by the time of its last change, and read with its new articles', async () => {
    ticket({ TicketID: '99', Changed: '2026-01-30 10:00:00' });
    ticket({ Article: [article('456', '2026-01-31 08:00:00'), article('457', '2026-01-31 09:00:00'), article('458', '2026-01-31 10:04:59')] });
    const first = await polled.poll();
    expect(lines(polled.target)).toEqual(['POST /Parley/TicketSearch', 'POST /Parley/TicketGet']);
    expect(JSON.parse(Buffer.from(polled.target.seen[0]!.body).toString())).toMatchObject({ TicketLastChangeTimeNewerDate: '2026-01-31 09:59:00', SortBy: 'Changed', OrderBy: 'Up' });
    expect(first.messages.map(({ ticketId, eventId, sender }) => [ticketId, eventId, sender?.id])).toEqual([['123', 'ticket:123:2026-01-31 10:05:00:open:4 high:Raw:VPN', '7'], ['123', 'article:458', '9']]);
    expect(first.messages[0]).toMatchObject({ attributes: { title: 'VPN', description: 'text 456', status: 'inProgress' } });
    expect(first.messages[1]).toMatchObject({ attributes: { 'comment.text': 'text 458', 'comment.visibility': 'public' } });
    expect(first.cursor).toMatchObject({ position: '2026-01-31T10:05:00.000Z' });
    // The minute that is looked back brings the same once more, and it is known.
    expect((await polled.poll(first.cursor)).keys).toEqual(first.keys);
  });

  it('is nothing where the search answers nothing at all, and what is out of sight by now is left out', async () => {
    expect((await polled.poll()).messages).toEqual([]);
    ticket();
    polled.target.next({ do: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body: '{"TicketID":["123"]}' }, { do: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body: '{"Error":{"ErrorCode":"TicketGet.AccessDenied","ErrorMessage":"no"}}' });
    expect((await polled.poll()).messages).toEqual([]);
  });

  it('stops where the password is not taken', async () => {
    polled.target.next({ do: 'answer', status: 200, headers: { 'content-type': 'application/json' }, body: '{"Error":{"ErrorCode":"TicketSearch.AuthFail","ErrorMessage":"User could not be authenticated!"}}' });
    await expect(polled.poll()).rejects.toThrow('could not be authenticated');
  });
});
