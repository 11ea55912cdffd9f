import { describe, expect, it } from '@jest/globals';
import { checkSettings } from '../../setting/check-settings.js';
import type { ConnectedEndpoint } from '../../contract.js';
import { rest } from './index.js';
import { NEWS_SINCE } from './recent.js';

const mapping = {
  each: { jmespath: "[[{ name: 'ticket' }], notes.list][]" }, recent: { time: 'at', reference: 'event.changed', seconds: 3_600 },
  ticketId: { path: 'event.id', root: true }, attributes: { name: 'name', title: { path: 'ticket.title', root: true } },
  complete: [{ id: 'ticket', method: 'GET', path: '/tickets/{{event.id}}' }, { id: 'notes', method: 'GET', path: '/tickets/{{event.id}}/notes' }],
};

function namesOf(list: readonly unknown[], event: Readonly<Record<string, unknown>>, { headers = {}, since }: { readonly headers?: Readonly<Record<string, string>>; readonly since?: number } = {}): unknown[] {
  const settings = { inbound: mapping };
  expect(checkSettings(rest.entityTypeSettings, settings)).toEqual([]);
  const endpoint: ConnectedEndpoint = { organization: 'o', id: 'x', name: 'X', settings: { baseUrl: 'http://x.example' }, entityTypes: [{ name: 'Issue', references: [], settings }] };
  const completion = Buffer.from(JSON.stringify({ answers: { ticket: { title: 'VPN' }, notes: { list } }, files: {}, since }));
  const read = rest.inbound.normalize({ entityType: 'Issue', body: Buffer.from(JSON.stringify(event)), contentType: 'application/json', headers, query: '', completion }, endpoint);
  if (!read.ok) throw new Error(read.error.message);
  return read.value.map(({ ticketId, attributes }) => [ticketId, attributes['title'], attributes['name']]);
}

const notes = [{ name: 'old', at: '2026-01-30T00:00:00Z' }, { name: 'new', at: '2026-01-31T09:30:00+01:00' }, { name: 'timeless' }];

describe('a request of which nothing is left out', () => {
  it('is read at once, in the same places', () => {
    const inbound = { ticketId: 'event.id', attributes: { title: 'event.title' }, complete: [{ id: 'ticket', when: '!(event.title)', method: 'GET', path: '/tickets/{{event.id}}' }] };
    const endpoint: ConnectedEndpoint = { organization: 'o', id: 'x', name: 'X', settings: { baseUrl: 'http://x.example' }, entityTypes: [{ name: 'Issue', references: [], settings: { inbound } }] };
    const asked = (body: object) => ({ entityType: 'Issue', body: Buffer.from(JSON.stringify(body)), contentType: 'application/json', headers: {}, query: '' });
    expect([rest.inbound.lacks?.(asked({ id: 1, title: 'VPN' }), endpoint), rest.inbound.lacks?.(asked({ id: 1 }), endpoint)]).toEqual([false, true]);
    expect(rest.inbound.normalize(asked({ id: 1, title: 'VPN' }), endpoint)).toMatchObject({ ok: true, value: [{ ticketId: '1', attributes: { title: 'VPN' } }] });
  });
});

describe('a list of everything that belongs to a ticket', () => {
  it('brings what is not much older than the ticket\'s last change, each with what was fetched for the whole', () => {
    expect(namesOf(notes, { id: 7, changed: '2026-01-31T09:00:00Z' })).toEqual([['7', 'VPN', 'ticket'], ['7', 'VPN', 'new'], ['7', 'VPN', 'timeless']]);
  });

  it('brings all where nobody says when the ticket was changed', () => {
    expect(namesOf(notes, { id: 7 }).map((one) => (one as unknown[])[2])).toEqual(['ticket', 'old', 'new', 'timeless']);
  });
});

describe('what came while nothing could be fetched', () => {
  const changed = '2026-01-31T09:00:00Z';
  const days = (count: number): string => new Date(Date.parse(changed) - count * 86_400_000).toISOString();
  const comments = [{ name: 'long ago', at: days(9) }, { name: 'first', at: days(4) }, { name: 'second', at: days(3) }, { name: 'now', at: changed }];

  it('comes by the poll after it, however long that was', () => {
    expect(namesOf(comments, { id: 7, changed }, { headers: { [NEWS_SINCE]: days(5) } }).map((one) => (one as unknown[])[2])).toEqual(['ticket', 'first', 'second', 'now']);
  });

  it('comes with the webhook that waited for its ticket meanwhile', () => {
    expect(namesOf(comments, { id: 7, changed }, { since: Date.parse(days(3.5)) }).map((one) => (one as unknown[])[2])).toEqual(['ticket', 'second', 'now']);
  });

  it('is no more than the setting says where polls go on as they should', () => {
    expect(namesOf(comments, { id: 7, changed }, { headers: { [NEWS_SINCE]: changed } }).map((one) => (one as unknown[])[2])).toEqual(['ticket', 'now']);
    expect(namesOf(comments, { id: 7, changed }, { headers: { [NEWS_SINCE]: 'nonsense' } }).map((one) => (one as unknown[])[2])).toEqual(['ticket', 'now']);
  });
});
