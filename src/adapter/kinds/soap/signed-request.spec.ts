import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { SignedXml } from 'xml-crypto';
import type { ConnectedEndpoint, InboundRequest } from '../../contract.js';
import { soap } from './index.js';
import { ADDRESSING, ENVELOPE, SERVICE, WSSE, WSU } from './names.js';
import { signEnvelope } from './signature.js';

const pem = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const [key, certificate, stranger] = [pem('./fixture/signer.key'), pem('./fixture/signer.pem'), pem('./fixture/stranger.pem')];

const endpoint = (inbound?: object, certificates: readonly string[] = [certificate]): ConnectedEndpoint => ({
  organization: 'o', id: 'desk', name: 'Desk', settings: { address: 'https://desk.example/soap', namespaces: { t: 'urn:t' }, signedRequests: { certificates } },
  entityTypes: [{ name: 'ticket', references: [], settings: inbound === undefined ? {} : { inbound } }],
});
const comment = (text = 'Paper'): string => `<AddComment xmlns="${SERVICE}"><ticketId>INC1</ticketId><text>${text}</text></AddComment>`;

/** An envelope as it is before it is signed. */
function unsigned({ body = comment(), more = '', at = Date.now(), timestamp = true }: { body?: string; more?: string; at?: number; timestamp?: boolean } = {}): string {
  const time = timestamp ? `<wsu:Timestamp wsu:Id="parley-timestamp"><wsu:Created>${new Date(at).toISOString()}</wsu:Created><wsu:Expires>${new Date(at + 60_000).toISOString()}</wsu:Expires></wsu:Timestamp>` : '';
  return `<s:Envelope xmlns:s="${ENVELOPE['1.1']}" xmlns:wsu="${WSU}"><s:Header>${more}<wsse:Security xmlns:wsse="${WSSE}" s:mustUnderstand="1">${time}</wsse:Security></s:Header><s:Body wsu:Id="b">${body}</s:Body></s:Envelope>`;
}
const signed = (given: Parameters<typeof unsigned>[0] = {}): string => signEnvelope(unsigned(given), key);
const request = (body: string, contentType = 'text/xml; charset=utf-8'): InboundRequest => ({ entityType: 'ticket', body: Buffer.from(body), contentType, headers: {}, query: '' });
const verified = (body: string, to = endpoint()) => soap.inbound.verify(request(body), to);
const refusal = (body: string, to = endpoint()): string | null => {
  const result = verified(body, to);
  return result.ok ? null : result.error.message;
};
const read = (body: string, to = endpoint()) => {
  const normalized = soap.inbound.normalize(request(body), to);
  if (!normalized.ok) throw new Error(normalized.error.message);
  return normalized.value;
};

describe('an envelope whose sender signs', () => {
  it('is taken where Body and Timestamp are signed by a certificate that is trusted', () => {
    expect(verified(signed())).toEqual({ ok: true, value: undefined });
    expect(soap.inbound.examine!(request(signed()), endpoint())).toMatchObject({ ok: true });
    expect(read(signed())).toMatchObject([{ ticketId: 'INC1', attributes: { comment: 'Paper' } }]);
    // Comments, prefixes and how it was laid out change nothing of what is signed.
    expect(refusal(signed({ body: comment('Gr\u00fcn &amp; <![CDATA[<b>]]>') }))).toBeNull();
  });

  it('is refused where it is not signed, by somebody else, or was changed', () => {
    expect(refusal(unsigned())).toContain('not signed once');
    expect(refusal(signed(), endpoint(undefined, [stranger]))).toContain('trusted');
    expect(refusal(signed().replace('Paper', 'Plotter'))).toContain('trusted');
    expect(refusal(signed().replace(/<ds:Signature>?[^]*<\/ds:Signature>/, ''))).toContain('not signed once');
  });

  it('is refused where it is old, or carries no time that is signed', () => {
    expect(refusal(signed({ at: Date.now() - 3_600_000 }))).toContain('too old');
    expect(refusal(signed({ timestamp: false }))).toContain('no Timestamp');
    const body = signed({ timestamp: false });
    const late = body.replace('</wsse:Security>', `<wsu:Timestamp><wsu:Created>${new Date().toISOString()}</wsu:Created></wsu:Timestamp></wsse:Security>`);
    expect(refusal(late)).toContain('Timestamp is not signed');
  });

  it('is refused where the Body that is read is not the one that is signed', () => {
    const whole = signed();
    const body = /<s:Body[^>]*>[^]*<\/s:Body>/.exec(whole)![0];
    const forged = `<s:Body>${comment('forged')}</s:Body>`;
    // The signed one stands elsewhere, under its own id.
    for (const moved of [whole.replace(body, forged).replace('</s:Header>', `<x:old xmlns:x="urn:x">${body}</x:old></s:Header>`), whole.replace(body, `${forged}<x:old xmlns:x="urn:x">${body}</x:old>`)]) {
      expect(refusal(moved)).toMatch(/not its Body|trusted/);
    }
    expect(soap.inbound.examine!(request(whole.replace(body, body + forged)), endpoint())).toMatchObject({ ok: false, error: { code: 'not-an-envelope' } });
  });

  it('is refused with parts beside it, since those are not signed', () => {
    const related = ['--x', 'Content-Type: text/xml; charset=utf-8', 'Content-ID: <root>', '', signed(), '--x--', ''].join('\r\n');
    expect(soap.inbound.verify(request(related, 'multipart/related; boundary=x; type="text/xml"; start="<root>"'), endpoint())).toMatchObject({ ok: false, error: { code: 'failed-check' } });
  });

  it('is answered by the fault of a check that failed', () => {
    const told = soap.inbound.answer!({ kind: 'refused', status: 401, code: 'failed-check', detail: 'x' }, request(unsigned()), endpoint());
    expect(told).toMatchObject({ status: 401, body: expect.stringContaining('<faultcode>wsse:FailedCheck</faultcode>') });
  });

  it('is read by its Body alone: what stands in the header is seen by no mapping', () => {
    const inbound = { ticketId: { xpath: '//t:id' }, attributes: { all: { xpath: 'count(//t:id)' } } };
    const decoy = '<t:id xmlns:t="urn:t">forged</t:id>';
    expect(read(signed({ body: '<t:n xmlns:t="urn:t"><t:id>1</t:id></t:n>', more: decoy }), endpoint(inbound))).toMatchObject([{ ticketId: '1', attributes: { all: 1 } }]);
  });

  it('is the same message however often it is sent on, under whatever header', () => {
    const given = { at: Date.now() };
    const id = (body: string): string | null => read(body)[0]!.eventId;
    const first = id(signed(given));
    expect(first).toMatch(/^signed:/);
    const under = (text: string): string => `<a:MessageID xmlns:a="${ADDRESSING['2005/08']}">${text}</a:MessageID>`;
    expect(id(signed({ ...given, more: under('urn:uuid:1') }))).toBe(first);
    expect(id(signed(given).replace('<s:Envelope ', '<s:Envelope xmlns:more="urn:more" '))).toBe(first);
    expect(id(signed({ at: given.at + 1_000 }))).not.toBe(first);
    expect(id(signed({ ...given, body: comment('another') }))).not.toBe(first);
  });

  it('is known by its MessageID where that is signed, and only by the one that is', () => {
    const messageId = `<a:MessageID xmlns:a="${ADDRESSING['2005/08']}" wsu:Id="m">urn:uuid:1</a:MessageID>`;
    const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';
    const signer = new SignedXml({ idMode: 'wssecurity', privateKey: key, signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', canonicalizationAlgorithm: exclusive });
    for (const name of ['Body', 'Timestamp', 'MessageID']) signer.addReference({ xpath: `//*[local-name(.)='${name}']`, transforms: [exclusive], digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256' });
    signer.computeSignature(unsigned({ more: messageId }), { prefix: 'ds', location: { reference: "//*[local-name(.)='Security']", action: 'append' } });
    const whole = signer.getSignedXml();
    expect(refusal(whole)).toBeNull();
    expect(read(whole)[0]!.eventId).toBe('urn:uuid:1');
    const element = /<a:MessageID[^]*?<\/a:MessageID>/.exec(whole)![0];
    const replaced = whole.replace(element, element.replace('urn:uuid:1', 'urn:uuid:2').replace(/ wsu:Id="m"/, '')).replace('</s:Header>', `<x:old xmlns:x="urn:x">${element}</x:old></s:Header>`);
    expect(refusal(replaced)).toMatch(/not its MessageID|trusted/);
  });
});
