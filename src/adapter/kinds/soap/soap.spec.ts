import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { checkSettings } from '../../setting/check-settings.js';
import type { CarriedAttachment, ConnectedEndpoint, InboundRequest, OutboundDelivery } from '../../contract.js';
import { soap } from './index.js';
import { ENVELOPE, SERVICE } from './names.js';
import { passwordDigest } from './security.js';
import { signEnvelope, verifiedBody } from './signature.js';
import { compileXmlTemplate } from './xml-template.js';

type Settings = Readonly<Record<string, unknown>>;

const endpoint = (settings: Settings = {}, entityType: Settings = {}): ConnectedEndpoint => ({
  organization: 'o', id: 'desk', name: 'Desk', settings: { address: 'https://desk.example/soap', namespaces: { t: 'urn:t' }, ...settings },
  entityTypes: [{ name: 'ticket', references: [], settings: { operations: { create: { action: 'urn:t/Create', body: '<t:Create><t:title>{{attributes.title}}</t:title></t:Create>' } }, ...entityType } }],
});
const delivery = (over: Partial<OutboundDelivery> = {}): OutboundDelivery =>
  ({ id: '019390a1-0000-7000-8000-00000000abcd', entityType: 'ticket', messageType: '', operation: 'CREATE', ticketId: null, attributes: { title: 'Printer' }, attachments: [], attempt: 1, ...over });
const sent = (to: ConnectedEndpoint, over: Partial<OutboundDelivery> = {}) => {
  const rendered = soap.outbound.render(delivery(over), to);
  if (!rendered.ok) throw new Error(rendered.error.message);
  return { ...rendered.value, text: Buffer.from(rendered.value.body ?? '').toString() };
};
const envelope = (body: string, version: '1.1' | '1.2' = '1.1', header = ''): string => `<s:Envelope xmlns:s="${ENVELOPE[version]}">${header}<s:Body>${body}</s:Body></s:Envelope>`;
const request = (body: string | Buffer, contentType = 'text/xml'): InboundRequest => ({ entityType: 'ticket', body: Buffer.from(body), contentType, headers: {}, query: '' });
const filled = (template: string, values: Settings): string => {
  const compiled = compileXmlTemplate(template, { t: 'urn:t' });
  if (!compiled.ok) throw new Error(compiled.error);
  return compiled.value.write({ read: (name: string) => values[name], document: () => values } as never, (id) => `file ${id}`);
};

describe('a template', () => {
  it('escapes what is inserted: no value becomes an element or an attribute', () => {
    expect(filled('<t:a b="{{x}}">{{x}}</t:a>', { x: '<i>&"\u0000' })).toBe('<t:a b="&lt;i&gt;&amp;&quot;">&lt;i&gt;&amp;"</t:a>');
    expect(filled('<t:a><![CDATA[{{x}}]]></t:a>', { x: 'a]]>b' })).toBe('<t:a><![CDATA[a]]]]><![CDATA[>b]]></t:a>');
  });

  it('leaves out, says nil, repeats, as it is told', () => {
    expect(filled('<t:a><t:b parley:omit="">{{x}}</t:b><t:c parley:nil="">{{x}}</t:c></t:a>', {})).toBe('<t:a><t:c xsi:nil="true"/></t:a>');
    expect(filled('<t:a parley:each="list">{{item}}</t:a>', { list: ['1', '2'] })).toBe('<t:a>1</t:a><t:a>2</t:a>');
    expect(filled('<t:a parley:if="x">yes</t:a>', { x: false })).toBe('');
  });

  it.each([['<t:a>', /well-formed/], ['<u:a/>', /well-formed|namespace/], ['<t:a parley:nope=""/>', /no attribute/], ['<t:a parley:each="["/>', /JMESPath/]])('that cannot be read is refused: %s', (template, reason) => {
    expect(compileXmlTemplate(template, { t: 'urn:t' })).toMatchObject({ ok: false, error: expect.stringMatching(reason) });
  });

  it('is checked as it is set', () => {
    expect(checkSettings(soap.settings, { address: 'https://desk.example', header: '<t:Session>' })).toMatchObject([{ pointer: '/header' }]);
    expect(checkSettings(soap.settings, { address: 'https://desk.example', header: '<t:Session t:a="1"/>' })).toEqual([]);
  });
});

describe('a call', () => {
  it('of SOAP 1.1 has a quoted action in a header of its own, of 1.2 in its type', () => {
    expect(sent(endpoint()).headers).toMatchObject({ 'content-type': 'text/xml; charset=utf-8', soapaction: '"urn:t/Create"' });
    const { headers, text } = sent(endpoint({ version: '1.2' }));
    expect([headers['content-type'], headers['soapaction']]).toEqual(['application/soap+xml; charset=utf-8; action="urn:t/Create"', undefined]);
    expect(text).toContain(`xmlns:soap="${ENVELOPE['1.2']}"`);
  });

  it('of the style rpc stands within its operation', () => {
    const create = { style: 'rpc', use: 'encoded', rpc: { name: 'openTicket', namespace: 'urn:old' }, body: '<title>{{attributes.title}}</title>' };
    expect(sent(endpoint({}, { operations: { create } })).text).toContain('<rpc:openTicket xmlns:rpc="urn:old" soap:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><title>Printer</title></rpc:openTicket>');
  });

  it('carries files as base64 or as parts of their own, which the reader puts back', () => {
    const file: CarriedAttachment = { id: 'f1', name: 'a.bin', contentType: 'application/x-a', size: 4, content: Buffer.from([0, 13, 10, 255]) };
    const body = '<t:Create><t:file parley:each="files" parley:file="{{item.id}}"/></t:Create>';
    expect(sent(endpoint({}, { operations: { create: { body } } }), { attachments: [file] }).text).toContain(`<t:file>${Buffer.from(file.content).toString('base64')}</t:file>`);
    const mtom = sent(endpoint({}, { operations: { create: { body, mtom: true } } }), { attachments: [file] });
    expect(mtom.headers['content-type']).toMatch(/^multipart\/related; type="application\/xop\+xml"/);
    const mapping = { inbound: { ticketId: { xpath: '//t:file' } } };
    const read = soap.inbound.normalize(request(Buffer.from(mtom.body ?? ''), mtom.headers['content-type']), endpoint({}, mapping));
    expect(read).toMatchObject({ ok: true, value: [{ ticketId: Buffer.from(file.content).toString('base64') }] });
  });

  it('carries WS-Addressing with the delivery as its id, the same on every attempt', () => {
    const to = endpoint({ addressing: {} });
    expect(sent(to).text).toContain('urn:uuid:019390a1-0000-7000-8000-00000000abcd</wsa:MessageID>');
    expect(sent(to, { attempt: 7 }).text).toBe(sent(to).text);
  });

  it('carries a password digest as the profile has it', () => {
    expect(passwordDigest(Buffer.from('abc'), '2003-07-16T01:24:32Z', 'password')).toBe(createHash('sha1').update('abc2003-07-16T01:24:32Zpassword').digest('base64'));
    const { text } = sent(endpoint({ security: { usernameToken: { username: 'u', password: 'secret', type: 'digest' }, timestampSeconds: 60 } }));
    expect(text).toMatch(/<wsu:Timestamp [^>]*>.*<wsse:Username>u<\/wsse:Username><wsse:Password Type="[^"]*#PasswordDigest">/);
    expect(text).not.toContain('secret');
  });
});

describe('a signature', () => {
  const pem = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
  const [key, certificate, stranger] = [pem('./fixture/signer.key'), pem('./fixture/signer.pem'), pem('./fixture/stranger.pem')];
  const signing = endpoint({ security: { timestampSeconds: 300, signature: { key, certificate } } });
  const nowMs = Number.parseInt('019390a10000', 16);
  const verified = (xml: string, trusted = [certificate], at = nowMs) => verifiedBody(xml, trusted, { nowMs: at, maxAgeSeconds: 300 });

  it('covers Body and Timestamp, and is believed only of a certificate that is known', () => {
    const { text } = sent(signing);
    expect(verified(text)).toMatchObject({ ok: true, value: expect.stringContaining('<t:title>Printer</t:title>') });
    expect(verified(text, [stranger])).toMatchObject({ ok: false, error: expect.stringMatching(/trusted/) });
    expect(verified(text, [certificate], nowMs + 400_000)).toMatchObject({ ok: false, error: expect.stringMatching(/old/) });
  });

  it('does not hold once anything in the Body was changed', () => {
    expect(verified(sent(signing).text.replace('Printer', 'Plotter'))).toMatchObject({ ok: false });
  });

  it('does not cover a Body that was put in the place of the one it covers', () => {
    const { text } = sent(signing);
    const body = /<soap:Body[^>]*>[^]*<\/soap:Body>/.exec(text)?.[0] ?? '';
    const forged = '<soap:Body><t:Create><t:title>forged</t:title></t:Create></soap:Body>';
    const read = verified(text.replace(body, `${forged}<x>${body}</x>`));
    expect(JSON.stringify(read)).not.toContain('forged');
    const moved = verified(text.replace('</soap:Header>', `<x>${body}</x></soap:Header>`).replace(body, (found) => found).replace(new RegExp(`${body.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?=</soap:Envelope>)`), forged));
    expect(JSON.stringify(moved)).not.toContain('forged');
  });

  it('of something that was never signed is none', () => {
    expect(verified(envelope('<a xmlns="urn:t"/>'))).toMatchObject({ ok: false });
    expect(() => signEnvelope(envelope('<a xmlns="urn:t"/>'), 'no key')).toThrow();
  });

  it('is made and believed with RSA alone, as it says of itself', () => {
    const [curveKey, curve] = [pem('../../../net/fixture/client.key'), pem('../../../net/fixture/client.pem')];
    expect(soap.outbound.render(delivery(), endpoint({ security: { signature: { key: curveKey, certificate: curve } } }))).toMatchObject({ ok: false, error: { code: 'cannot-sign' } });
    expect(verified(sent(signing).text, [curve])).toMatchObject({ ok: false, error: expect.stringMatching(/trusted/) });
  });
});

describe('an answer with a fault', () => {
  const judged = async (status: number, fault: string, version: '1.1' | '1.2' = '1.1') => {
    const call = () => Promise.resolve({ kind: 'answered' as const, status, headers: { 'content-type': 'text/xml' }, body: Buffer.from(envelope(fault, version)) });
    return soap.outbound.send(delivery(), endpoint(), { call, address: () => Promise.reject(new Error('no other way out')) }, new AbortController().signal);
  };
  const fault11 = (code: string): string => `<s:Fault><faultcode>${code}</faultcode><faultstring>no such group</faultstring></s:Fault>`;
  const fault12 = (code: string, sub = ''): string => `<s:Fault><s:Code><s:Value>s:${code}</s:Value>${sub === '' ? '' : `<s:Subcode><s:Value xmlns:w="urn:w">w:${sub}</s:Value></s:Subcode>`}</s:Code><s:Reason><s:Text xml:lang="en">no such group</s:Text></s:Reason></s:Fault>`;

  it.each([
    ['s:Client', 'rejected'], ['s:Client.Data', 'rejected'], ['s:Server', 'retryable'], ['s:MustUnderstand', 'rejected'], ['wsse:FailedAuthentication', 'credentials'],
  ])('%s of 1.1 is %s, whatever its 500 says', async (code, outcome) => {
    expect(await judged(500, fault11(code))).toMatchObject({ outcome, httpStatus: 500, error: expect.stringContaining('no such group'), answer: { 'fault.text': 'no such group' } });
  });

  it.each([['Sender', '', 'rejected'], ['Receiver', '', 'retryable'], ['Sender', 'InvalidSecurityToken', 'credentials']])('%s %s of 1.2 is %s', async (code, sub, outcome) => {
    expect(await judged(500, fault12(code, sub), '1.2')).toMatchObject({ outcome });
  });

  it('of the form of 1.1 in an envelope of 1.2, as SOAP::Lite writes it, is read all the same', async () => {
    expect(await judged(500, fault11('s:Client.Rejected'), '1.2')).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('no such group') });
    expect(await judged(500, fault11('s:Server'), '1.2')).toMatchObject({ outcome: 'retryable' });
  });

  it('and a status that says more is judged by that', async () => {
    expect(await judged(503, fault11('s:Client'))).toMatchObject({ outcome: 'retryable' });
    expect(await judged(401, fault11('s:Server'))).toMatchObject({ outcome: 'credentials' });
  });

  it('that is no envelope leaves open what happened', async () => {
    const call = () => Promise.resolve({ kind: 'answered' as const, status: 200, headers: { 'content-type': 'text/html' }, body: Buffer.from('<html></html>') });
    expect(await soap.outbound.send(delivery(), endpoint(), { call } as never, new AbortController().signal)).toMatchObject({ outcome: 'unknown' });
  });
});

describe('our own service', () => {
  const comment = (more = ''): string => `<AddComment xmlns="${SERVICE}"><ticketId>INC1</ticketId><text>It &lt;works&gt;</text>${more}</AddComment>`;
  const inbound = (body: string, contentType?: string) => soap.inbound.normalize(request(body, contentType), endpoint());

  it('takes a comment; one that does not say that it is public is internal', () => {
    expect(inbound(envelope(comment()))).toMatchObject({ ok: true, value: [{ ticketId: 'INC1', messageType: 'AddComment', attributes: { comment: 'It <works>', comment_visibility: 'internal' } }] });
    expect(inbound(envelope(comment('<visibility>public</visibility>'), '1.2'), 'application/soap+xml')).toMatchObject({ ok: true, value: [{ attributes: { comment_visibility: 'public' } }] });
  });

  it('takes parameters of RPC clients, which belong to no namespace, and texts that they took for bytes', () => {
    const bytes = (text: string): string => `xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="xsd:base64Binary">${Buffer.from(text).toString('base64')}`;
    const ticket = `<ticketId>7</ticketId><attributes><attribute><name>text</name><value ${bytes('Gr\u00fcn')}</value></attribute></attributes>`;
    expect(inbound(envelope(`<p:CreateTicket xmlns:p="${SERVICE}">${ticket}</p:CreateTicket>`))).toMatchObject({ ok: true, value: [{ ticketId: '7', attributes: { text: 'Gr\u00fcn' } }] });
    expect(inbound(envelope(`<p:AddComment xmlns:p="${SERVICE}"><ticketId>7</ticketId><text ${bytes('\u00e4')}</text></p:AddComment>`))).toMatchObject({ ok: true, value: [{ attributes: { comment: '\u00e4' } }] });
    expect(inbound(envelope(`<p:CreateTicket xmlns:p="${SERVICE}" xmlns:x="urn:x"><x:ticketId>7</x:ticketId></p:CreateTicket>`))).toMatchObject({ ok: false });
  });

  it('knows a repeat by its MessageID', () => {
    const header = '<s:Header><MessageID xmlns="http://www.w3.org/2005/08/addressing">urn:uuid:1</MessageID></s:Header>';
    expect(soap.inbound.repeatKey(request(envelope(comment(), '1.1', header)), endpoint())).toBe('urn:uuid:1');
  });

  it('has a WSDL that names its operations and where it was asked', () => {
    const asked = { ...request(''), query: 'wsdl', path: '/api/v1/inbound/desk/ticket', headers: { host: 'parley.example' } };
    expect(soap.inbound.handshake?.(asked, endpoint())?.body).toContain('<soap:address location="http://parley.example/api/v1/inbound/desk/ticket"/>');
    expect(soap.inbound.handshake?.({ ...asked, query: '' }, endpoint())).toBeNull();
  });

  it('answers in the version in which it was spoken to', () => {
    const told = { kind: 'accepted', messageId: 'm1', replayed: false } as const;
    expect(soap.inbound.answer?.(told, request(envelope(comment(), '1.2')), endpoint())).toMatchObject({ status: 200, contentType: 'application/soap+xml; charset=utf-8', body: expect.stringContaining('<AddCommentResponse') });
    const refused = soap.inbound.answer?.({ kind: 'refused', status: 400, code: 'ticket-id-missing', detail: 'No <ticketId>.' }, request(envelope(comment())), endpoint());
    expect(refused).toMatchObject({ status: 500, body: expect.stringMatching(/<faultcode>soap:Client<\/faultcode><faultstring>No &lt;ticketId&gt;\./) });
  });

  it.each([
    ['a document type', `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>${envelope(comment())}`],
    ['no envelope', comment()],
    ['another operation', envelope('<Nope xmlns="urn:x"/>')],
    ['no ticket', envelope(`<AddComment xmlns="${SERVICE}"><text>x</text></AddComment>`)],
    ['what is nested too deep', envelope(`${'<a>'.repeat(200)}${'</a>'.repeat(200)}`)],
  ])('refuses %s', (_what, body) => {
    expect(inbound(body)).toMatchObject({ ok: false, error: { kind: 'invalid' } });
  });

  it('asks senders for their name and password where it is told to, and takes each nonce once', () => {
    const asking = endpoint({ inboundSecurity: { username: 'u', password: 'secret' } });
    const token = (password: string): string => {
      const [created, nonce] = [new Date().toISOString(), Buffer.from(`nonce ${password}`)];
      return `<s:Header><w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"><w:UsernameToken><w:Username>u</w:Username><w:Password Type="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest">${passwordDigest(nonce, created, password)}</w:Password><w:Nonce>${nonce.toString('base64')}</w:Nonce><u:Created xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd">${created}</u:Created></w:UsernameToken></w:Security></s:Header>`;
    };
    const signed = envelope(comment(), '1.1', token('secret'));
    expect(soap.inbound.verify(request(signed), asking)).toMatchObject({ ok: true });
    expect(soap.inbound.verify(request(signed), asking)).toMatchObject({ ok: false, error: { kind: 'denied' } });
    expect(soap.inbound.verify(request(envelope(comment(), '1.1', token('guess'))), asking)).toMatchObject({ ok: false, error: { kind: 'denied' } });
    expect(soap.inbound.verify(request(envelope(comment())), asking)).toMatchObject({ ok: false, error: { kind: 'denied' } });
  });
});
