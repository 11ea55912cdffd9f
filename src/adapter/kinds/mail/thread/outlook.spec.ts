import { describe, expect, it } from '@jest/globals';
import type { ConnectedEndpoint, InboundRequest, NormalizedMessage } from '../../../contract.js';
import { mail } from '../index.js';

const endpoint: ConnectedEndpoint = {
  organization: 'o', id: 'desk', name: 'Desk', settings: { address: 'support@example.com', numbers: ['#(\\d+)'] }, entityTypes: [{ name: 'mail', references: [], settings: { extract: [{ when: { subject: 'disk' }, ticketId: 'id', lines: {} }] } }],
};
async function read(headers: string, text = 'hello'): Promise<NormalizedMessage> {
  const request: InboundRequest = { entityType: 'mail', body: Buffer.from(`${headers}\r\n\r\n${text}`), contentType: 'message/rfc822', headers: {}, query: '' };
  const normalized = mail.inbound.normalize(request, endpoint, await mail.inbound.open!(request, endpoint, 0));
  if (!normalized.ok) throw new Error(normalized.error.message);
  return normalized.value[0]!;
}
/** An index as Outlook makes it: reserved byte, time, id, five bytes per answer. */
const index = (id = 'a1', answers = 0): string => Buffer.concat([Buffer.from([1, 0xdc, 1, 2, 3, 4]), Buffer.from(id.repeat(16), 'hex'), Buffer.alloc(5 * answers, 7)]).toString('base64');
let made = 0;
const headers = (id: string, { from = 'anna@partner.example', topic = 'Printer on fire', subject = '', more = '' } = {}): string => `From: ${from}\r\nSubject: ${subject || topic}\r\nMessage-ID: <o${made++}@p>\r\nThread-Topic: ${topic}\r\nThread-Index: ${id}${more}`;
/** Whether a mail is looked for in the thread of another one. */
const goesOn = (later: NormalizedMessage, first: NormalizedMessage): boolean => [first.ticketId, ...first.aliases ?? []].some((id) => later.ticketId === id || later.references.some((one) => one.ticketId === id));

describe('the index of Outlook', () => {
  it('tells the thread of an answer that has lost everything else', async () => {
    const first = await read(headers(index()));
    const later = await read(headers(index('a1', 2), { subject: 'RE: Printer on fire' }));
    expect(first).toMatchObject({ messageType: 'mail', attributes: { 'mail.found_by': 'none' } });
    expect(later).toMatchObject({ messageType: 'reply', attributes: { 'mail.found_by': 'thread-index' } });
    expect(goesOn(later, first)).toBe(true);
  });

  it.each([
    ['another sender', { from: 'bob@partner.example' }, 'a1'], ['a sender of another company', { from: 'anna@rival.example' }, 'a1'], ['another topic', { topic: 'Salaries' }, 'a1'], ['another index', {}, 'b2'],
  ])('says nothing of %s', async (_what, over, id) => {
    expect(goesOn(await read(headers(index(id, 1), over)), await read(headers(index())))).toBe(false);
  });

  it('comes last: after every other sign, and after the ticket that an event names', async () => {
    const first = await read(headers(index()));
    const later = await read(headers(index('a1', 1), { subject: 'RE: Printer on fire #12', more: '\r\nIn-Reply-To: <x@y>' }));
    expect(later.attributes['mail.found_by']).toBe('in-reply-to');
    expect(later.references.map((one) => one.ticketId)).toEqual(['12', expect.stringMatching(/^\w{12}$/)]);
    expect(first.aliases).toContain(later.references[1]!.ticketId);
    expect((await read(headers(index('a1', 1), { topic: 'disk' }), 'id: 7')).ticketId).toBe('7');
  });

  it.each(['', 'not base64!', 'AQ==', `${index()}AAAA`, 'A'.repeat(5_000)])('that is broken is passed over: %s', async (id) => {
    expect((await read(headers(id))).aliases).toEqual([]);
  });
});
