import { describe, expect, it } from '@jest/globals';
import type { ConnectedEndpoint, InboundRequest, NormalizedMessage } from '../../../contract.js';
import { mail } from '../index.js';

const endpoint = (settings: Record<string, unknown> = {}): ConnectedEndpoint => ({
  organization: 'o', id: 'desk', name: 'Desk', settings: { address: 'support@example.com', ...settings }, entityTypes: [{ name: 'mail', references: [], settings: {} }],
});
let made = 0;
async function read(at: ConnectedEndpoint, arrivedMs: number, { from = 'desk@partner.example', text = 'hello', headers = 'In-Reply-To: <first@p>\r\n' } = {}): Promise<NormalizedMessage> {
  const body = Buffer.from(`From: ${from}\r\nMessage-ID: <f${made++}@p>\r\n${headers}\r\n${text}`);
  const request: InboundRequest = { entityType: 'mail', body, contentType: 'message/rfc822', headers: {}, query: '' };
  const normalized = mail.inbound.normalize(request, at, await mail.inbound.open!(request, at, arrivedMs));
  if (!normalized.ok) throw new Error(normalized.error.message);
  return normalized.value[0]!;
}
const held = (all: readonly NormalizedMessage[]): boolean[] => all.map((one) => one.isHeldBack === true);

describe('a mail is held back', () => {
  it('as the fourth in an hour that says the same in one thread, whoever sends it and however its lines are broken', async () => {
    const at = endpoint();
    const all = [
      await read(at, 0, { text: 'Thank you,\r\nwe have it.' }), await read(at, 1, { text: 'thank you, we have it.', from: 'vera@partner.example' }), await read(at, 2, { text: 'Thank you, we  have it.\r\n\r\n> earlier' }),
      await read(at, 3, { text: 'Thank you, we have it.\r\n\r\nOn Friday Desk wrote:\r\n> other words' }), await read(at, 4, { text: 'Done.' }), await read(at, 5, { text: 'Thank you, we have it.', headers: 'In-Reply-To: <second@p>\r\n' }), await read(at, 3_600_001, { text: 'Thank you, we have it.' }),
    ];
    expect(held(all)).toEqual([false, false, false, true, false, false, false]);
    expect(all[3]!.filtered).toContain('same text came more than 3 times in one thread');
  });

  it('not for saying the same as others that begin threads, nor for being a report of the mail system', async () => {
    const at = endpoint();
    const all: NormalizedMessage[] = [];
    for (let n = 0; n < 5; n += 1) all.push(await read(at, n, { headers: '' }), await read(at, n, { headers: 'Return-Path: <>\r\nIn-Reply-To: <first@p>\r\n', from: `mailer-daemon${n}@mx.example` }));
    expect(held(all)).not.toContain(true);
  });

  it('where too many of all senders come to the mailbox, if that is set', async () => {
    const at = endpoint({ mailboxRate: { mails: 2, minutes: 1 } });
    const all = [await read(at, 0, { from: 'a@p.example', headers: '' }), await read(at, 1, { from: 'b@p.example', headers: '' }), await read(at, 2, { from: 'c@p.example', headers: '' }), await read(at, 60_000, { from: 'd@p.example', headers: '' })];
    expect(held(all)).toEqual([false, false, true, false]);
    expect(all[2]!.filtered).toContain('more than 2 mails in 1 min');
  });

  it('which is something else than being filtered for what it is', async () => {
    const filtered = await read(endpoint({ senders: { allow: ['@other.example'] } }), 0);
    expect([filtered.filtered !== undefined, filtered.isHeldBack]).toEqual([true, undefined]);
  });
});
