import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import type { ConnectedEndpoint, InboundRequest } from '../../contract.js';
import { mail } from './index.js';

const FOLDER = new URL('fixture/', import.meta.url);
const MAILS = readdirSync(FOLDER).map((name) => readFileSync(new URL(name, FOLDER)));
const endpoint: ConnectedEndpoint = {
  organization: 'o', id: 'desk', name: 'Desk', settings: { address: 'support@example.com', numbers: ['#(\\d+)'], keepOriginal: true, senders: { authServId: 'mx', require: 'aligned' } },
  entityTypes: [{ name: 'mail', references: [], settings: { extract: [{ lines: {}, document: { type: 'xml' }, ticketId: 'State' }] } }],
};

/** A mail with pieces cut out, doubled or replaced by bytes. */
const mangled = fc.tuple(fc.nat(MAILS.length - 1), fc.array(fc.tuple(fc.nat(3_000), fc.nat(200), fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(...['\r\n', '\0', '--outer--', '--b1', '=?utf-8?B?', ';', '"', '<', '(', 'Content-Type: multipart/mixed; boundary=""\r\n'].map((text) => Buffer.from(text))))), { maxLength: 6 }))
  .map(([which, cuts]) => cuts.reduce<Buffer>((bytes, [at, length, put]) => Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + length)]), MAILS[which]!));

it('reading never throws, and gives the same message for the same bytes', async () => {
  await fc.assert(fc.asyncProperty(mangled, async (body) => {
    const request: InboundRequest = { entityType: 'mail', body, contentType: 'message/rfc822', headers: {}, query: '' };
    const once = async () => mail.inbound.normalize(request, endpoint, await mail.inbound.open!(request, endpoint, 0));
    const first = await once();
    expect(await once()).toEqual(first);
    if (!first.ok) return;
    for (const { ticketId, attributes, aliases = [] } of first.value) {
      expect([ticketId, ...aliases].every((id) => id.length > 0 && id.length <= 200)).toBe(true);
      const shown = JSON.stringify(attributes);
      expect(shown.isWellFormed() && !shown.includes('\\u0000')).toBe(true);
    }
  }), { numRuns: 150 });
});
