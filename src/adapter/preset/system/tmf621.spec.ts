import { beforeEach, describe, expect, it } from '@jest/globals';
import { file, lines, PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { FakeTmf621 } from '../../../../test/support/fakes/tmf621.js';
import { tmf621, tmf621v4 } from './tmf621.js';

const there = { v4: new FakeTmf621('v4'), v5: new FakeTmf621('v5') };
function deskOf(version: 'v4' | 'v5', isPolled = false): PresetDesk {
  const preset = version === 'v5' ? tmf621 : tmf621v4;
  const auth = { ...(preset.endpoint.settings['auth'] as object), tokenUrl: '/oauth2/token' };
  return useDesk(new PresetDesk(preset, { auth }, `/tmf-api/troubleTicket/${version}`, isPolled), (target) => there[version].attachTo(target));
}
const v4 = deskOf('v4');
const v5 = deskOf('v5');
const polled = deskOf('v5', true);
beforeEach(() => { for (const one of [there.v4, there.v5]) Object.assign(one, { knowsFilters: true, isLate: false }).tickets.length = 0; });

describe.each([['4', v4, there.v4], ['5', v5, there.v5]])('a trouble ticket of version %s', (version, desk, server) => {
  it('is created as the standard has it, with what it asks for, and found again', async () => {
    expect(await desk.create({ title: 'VPN', priority: 2, status: 'new' }, { attachments: [file('a.txt', 'hello')] })).toMatchObject({ outcome: 'success', ticketId: 'TT-1' });
    expect(server.tickets[0]).toMatchObject({
      name: 'VPN', description: 'VPN', severity: 'Major', priority: 'High', ticketType: 'incident', status: 'acknowledged',
      attachment: [{ '@type': 'Attachment', attachmentType: 'file', name: 'a.txt', mimeType: 'text/plain', content: Buffer.from('hello').toString('base64') }],
      ...(version === '5' ? { externalIdentifier: [expect.objectContaining({ id: '019a0000-0000-7000-8000-000000000001', owner: 'Parley' })] } : { externalId: '019a0000-0000-7000-8000-000000000001' }),
    });
    expect(await desk.lookUp()).toEqual({ found: 'TT-1' });
    expect(await desk.lookUp('another')).toEqual({ found: null });
  });

  it('is neither found nor absent where the server lists everything', async () => {
    await desk.create({ title: 'VPN' });
    server.knowsFilters = false;
    expect(await desk.lookUp()).toEqual({ found: 'TT-1' });
    expect(await desk.lookUp('another')).toMatchObject({ failed: { outcome: 'retryable' } });
  });

  it('that is accepted for later is looked up', async () => {
    server.isLate = true;
    expect(await desk.create({ title: 'VPN' })).toMatchObject({ outcome: 'unknown', httpStatus: 202 });
    expect(await desk.lookUp()).toEqual({ found: 'TT-1' });
  });

  it('keeps the notes and files that it has when others are added', async () => {
    await desk.create({ title: 'VPN' }, { attachments: [file('a.txt', 'x')] });
    server.tickets[0]!['note'] = [{ '@type': 'Note', 'id': '1', 'author': 'Vera', 'text': 'first' }];
    expect(await desk.update('TT-1', { 'comment.text': 'second', 'comment.author': 'Anna', 'comment.visibility': 'public' }, { attachments: [file('b.txt', 'y')] })).toMatchObject({ outcome: 'success' });
    expect(server.tickets[0]?.['note'].map((one: Record<string, unknown>) => [one['author'], one['text']])).toEqual([['Vera', 'first'], ['Parley', 'Anna: second']]);
    expect(server.tickets[0]?.['attachment'].map((one: Record<string, unknown>) => one['name'])).toEqual(['a.txt', 'b.txt']);
  });

  it('gets no comment that is not public, since notes are for everybody', async () => {
    await desk.create({ title: 'VPN' });
    desk.target.seen.length = 0;
    expect(await desk.update('TT-1', { 'comment.text': 'for us', 'comment.visibility': 'internal' })).toMatchObject({ outcome: 'success' });
    expect(await desk.update('TT-1', { 'comment.text': 'who knows' })).toMatchObject({ outcome: 'success' });
    expect(lines(desk.target)).toEqual([]);
  });

  it('is patched: status, reason, severity', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update('TT-1', { status: 'onHold', statusReason: 'waitingSupplier', impact: '1' });
    expect(server.tickets[0]).toMatchObject({ status: 'held', statusChangeReason: 'waitingSupplier', severity: 'Critical', name: 'VPN' });
    await desk.update('TT-1', { status: 'resolved', resolution: 'Cable' });
    expect(server.tickets[0]).toMatchObject({ status: 'resolved', statusChangeReason: 'Cable' });
  });

  it('is refused in the words of the server', async () => {
    expect(await desk.update('TT-9', { title: 'x' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('Resource not found: There is no such ticket') });
    await desk.create({ title: 'VPN' });
    expect(await desk.update('TT-1', { status: 'unheardOf' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('Invalid body') });
  });
});

describe('what the events of TMF621 bring', () => {
  const event = (eventType: string, troubleTicket: object): object => ({ eventId: 'e1', eventTime: '2026-01-31T10:05:00Z', eventType, event: { troubleTicket } });

  it('is what changed of a ticket', () => {
    const [message, ...others] = v5.receive(event('TroubleTicketStatusChangeEvent', { 'id': 'TT-1', '@type': 'TroubleTicket', 'lastUpdate': '2026-01-31T10:05:00Z', 'status': 'pending', 'statusChangeReason': 'Need more information', 'severity': 'Major', 'externalIdentifier': [{ id: 'k' }] }));
    expect(others).toEqual([]);
    expect(message).toMatchObject({
      ticketId: 'TT-1', occurredAt: '2026-01-31T10:05:00.000Z', eventId: 'ticket:TT-1:e1', sender: null,
      attributes: { 'status': 'pending', 'statusReason': 'Need more information', 'impact': '2', 'event': 'TroubleTicketStatusChangeEvent', 'ticket.externalId': 'k' },
    });
    expect(message?.attributes).not.toHaveProperty('resolution');
  });

  it('is every new note as a message of its own, for us alone', () => {
    const note = [{ id: '1', author: 'Vera', date: '2026-01-01T10:00:00Z', text: 'old' }, { id: '2', author: 'Parley', date: '2026-01-31T10:04:00Z', text: 'ours' }, { id: '3', author: 'Vera', date: '2026-01-31T10:05:00Z', text: 'new' }];
    const messages = v4.receive(event('TroubleTicketAttributeValueChangeEvent', { id: 'TT-1', externalId: 'k', name: 'VPN', status: 'resolved', statusChangeReason: 'Cable', lastUpdate: '2026-01-31T10:05:00Z', note }));
    expect(messages.map(({ eventId, sender }) => [eventId, sender?.id])).toEqual([['ticket:TT-1:e1', undefined], ['note:TT-1:2', 'Parley'], ['note:TT-1:3', 'Vera']]);
    expect(messages[0]?.attributes).toMatchObject({ title: 'VPN', status: 'resolved', resolution: 'Cable' });
    expect(messages[2]).toMatchObject({ ticketId: 'TT-1', attributes: { 'comment.text': 'new', 'comment.author': 'Vera', 'comment.visibility': 'internal' } });
    expect(messages[2]?.attributes).not.toHaveProperty('status');
  });

  it.each([event('TroubleTicketDeleteEvent', { id: 'TT-1' }), { id: '7', eventType: 'TroubleTicketSpecificationCreateEvent', event: { troubleTicketSpecification: { id: 's' } } }])('is left out where it is no news of a ticket', (body) => {
    expect(v5.receive(body)).toEqual([]);
  });
});

describe('polling of trouble tickets', () => {
  it('goes by the count that the answer tells, and reads tickets as events', async () => {
    for (let number = 0; number < 120; number++) there.v5.tickets.push({ 'id': `TT-${number}`, '@type': 'TroubleTicket', 'name': 'VPN', 'status': 'held', 'lastUpdate': '2026-01-31T10:05:00.000Z' });
    const { messages } = await polled.poll();
    expect(messages).toHaveLength(120);
    expect(messages[0]).toMatchObject({ ticketId: 'TT-0', eventId: 'ticket:TT-0:2026-01-31T10:05:00.000Z', attributes: { title: 'VPN', status: 'onHold' } });
    expect(lines(polled.target).filter((line) => line.includes('offset')).map((line) => /offset=\d+/.exec(line)?.[0])).toEqual(['offset=0', 'offset=100']);
  });
});
