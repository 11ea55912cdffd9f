import { describe, expect, it } from '@jest/globals';
import { PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { eventsJson, eventsV2 } from './event-inlet.js';

const pager = useDesk(new PresetDesk(eventsV2), () => undefined);
const plain = useDesk(new PresetDesk(eventsJson), () => undefined);

describe('an event as PagerDuty takes it', () => {
  const payload = { summary: 'Disk 95 % full', source: 'db-1', severity: 'error', timestamp: '2026-01-31T10:05:00Z', component: 'postgres', class: 'disk', custom_details: { used: 95 } };
  const event = (over: object = {}): object => ({ routing_key: 'secret-key-of-the-sender', event_action: 'trigger', dedup_key: 'disk/db-1', client: 'Watcher', client_url: 'https://w.example', payload, ...over });

  it('is a ticket under its key, in canonical words, and its routing key stays where it was', () => {
    const messages = pager.receive(event());
    expect(messages).toEqual([expect.objectContaining({
      ticketId: 'disk/db-1', messageType: 'trigger', occurredAt: '2026-01-31T10:05:00.000Z',
      attributes: { 'ticket.id': 'disk/db-1', 'ticket.type': 'event', 'ticket.url': 'https://w.example', title: 'Disk 95 % full', status: 'new', priority: '2', ci: 'db-1', service: 'postgres', category: 'disk', client: 'Watcher', 'details.used': 95 },
    })]);
    expect(JSON.stringify(messages)).not.toContain('secret-key');
  });

  it.each([['acknowledge', 'inProgress'], ['resolve', 'resolved']])('that says %s has the status %s, and overwrites nothing of the ticket', (event_action, status) => {
    const [message] = pager.receive(event({ event_action, payload: undefined, client_url: undefined }));
    expect(message).toMatchObject({ ticketId: 'disk/db-1', attributes: { status } });
    for (const name of ['title', 'priority']) expect(pager.receive(event({ event_action }))[0]?.attributes).not.toHaveProperty(name);
  });

  it('without a key is the same problem by the same source and words', () => {
    expect(pager.receive(event({ dedup_key: undefined }))[0]?.ticketId).toBe('db-1:postgres:disk:Disk 95 % full');
    expect(() => pager.receive(event({ dedup_key: undefined, payload: undefined, event_action: 'resolve' }))).toThrow('names no ticket');
  });

  it('of another kind is no message', () => {
    expect(pager.receive({ routing_key: 'k', payload: { summary: 'a change event' } })).toEqual([]);
  });
});

describe('an event as JSON', () => {
  it('is a ticket under its id, in canonical words', () => {
    expect(plain.receive({ id: 7, status: 'firing', severity: 'critical', title: 'Disk full', message: '95 %', host: 'db-1', time: '2026-01-31T10:05:00Z', tags: ['disk'] })).toEqual([expect.objectContaining({
      ticketId: '7', occurredAt: '2026-01-31T10:05:00.000Z', attributes: { 'ticket.id': '7', 'ticket.type': 'event', title: 'Disk full', description: '95 %', status: 'new', priority: '1', ci: 'db-1', tags: ['disk'] },
    })]);
  });

  it.each([[[{ id: 'a' }, { key: 'b' }]], [{ events: [{ id: 'a' }, { event_id: 'b' }] }], [{ alerts: [{ fingerprint: 'a' }, { id: 'b' }, { name: 'without an id' }] }]])('may come with others: %j', (body) => {
    expect(plain.receive(body).map(({ ticketId }) => ticketId)).toEqual(['a', 'b']);
  });

  it('without an id is no message, and one with a comment has an internal one', () => {
    expect(plain.receive({ status: 'firing' })).toEqual([]);
    expect(plain.receive({ id: 'a', comment: 'on it', sender: 'vera' })[0]).toMatchObject({ sender: { id: 'vera' }, attributes: { 'comment.text': 'on it', 'comment.author': 'vera', 'comment.visibility': 'internal' } });
  });
});
