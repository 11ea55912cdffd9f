import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { ADDRESSING, ENVELOPE, SERVICE, WSSE, WSU } from '../../src/adapter/kinds/soap/names.js';
import { signEnvelope } from '../../src/adapter/kinds/soap/signature.js';
import { eventually } from '../support/eventually.js';
import { openBroker, type Desk } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); });
afterAll(() => broker.close());

const envelope = (body: string, { version = '1.1', id }: { version?: '1.1' | '1.2'; id?: string } = {}): string =>
  `<s:Envelope xmlns:s="${ENVELOPE[version]}">${id === undefined ? '' : `<s:Header><MessageID xmlns="${ADDRESSING['2005/08']}">${id}</MessageID></s:Header>`}<s:Body>${body}</s:Body></s:Envelope>`;
const ticket = (operation: string, text: string, more = ''): string =>
  `<${operation} xmlns="${SERVICE}"><ticketId>INC1</ticketId>${more}<attributes><attribute><name>text</name><value>${text}</value></attribute></attributes></${operation}>`;

const caller = async (settings: object = {}, entityType: object = {}): Promise<Desk> => {
  const desk = await broker.desk();
  await desk.must('PUT', '/api/v1/endpoints/source', { name: 'source', adapter: 'soap', settings: { address: `${desk.target.url}/source`, ...settings }, entityTypes: [{ name: 'incident', ...entityType }] });
  await desk.rule('all');
  return desk;
};
const post = (desk: Desk, body: string, contentType = 'text/xml; charset=utf-8') => desk.user.send('POST', '/api/v1/inbound/source/incident', body, { 'content-type': contentType });

describe('our own service', () => {
  it('takes a ticket and its update, and answers each in the version it was called in', async () => {
    const desk = await caller();
    const created = await post(desk, envelope(ticket('CreateTicket', 'first &amp; &lt;only&gt;')));
    expect(created).toMatchObject({ status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' } });
    expect(created.body).toMatch(/<CreateTicketResponse xmlns="urn:parley:ticket:1"><messageId>[0-9a-f-]{36}<\/messageId><repeated>false</);
    const updated = await post(desk, envelope(ticket('UpdateTicket', 'second'), { version: '1.2' }), 'application/soap+xml; charset=utf-8');
    expect(updated).toMatchObject({ status: 200, headers: { 'content-type': 'application/soap+xml; charset=utf-8' } });
    await desk.untilSeen(['POST /target/incidents first & <only>', 'PUT /target/incidents/T-1 second']);
  });

  it('knows a repeat by its MessageID, also one under a new security header', async () => {
    const desk = await caller();
    const once = envelope(ticket('CreateTicket', 'once'), { id: 'urn:uuid:1' });
    await post(desk, once);
    expect((await post(desk, once)).body).toContain('<repeated>true</repeated>');
    const secured = once.replace('<s:Header>', '<s:Header><w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"/>');
    expect((await post(desk, secured)).status).toBe(200);
    await eventually(async () => expect(await desk.rows('SELECT state FROM message WHERE organization_id = $1 AND kind <> 1 ORDER BY id')).toEqual([{ state: 'ROUTED' }, { state: 'DUPLICATE' }]));
    await desk.untilSeen(['POST /target/incidents once']);
  });

  it('refuses by a fault what it cannot read, and stores no message of it', async () => {
    const desk = await caller();
    expect(await post(desk, envelope('<Nope xmlns="urn:x"/>'))).toMatchObject({ status: 500, body: expect.stringMatching(/<faultcode>soap:Client<\/faultcode><faultstring>The Body carries none of /) });
    expect(await post(desk, envelope('<Nope xmlns="urn:x"/>', { version: '1.2' }), 'application/soap+xml')).toMatchObject({ status: 400, body: expect.stringContaining('<soap:Value>soap:Sender</soap:Value>') });
    expect(await post(desk, `<!DOCTYPE x [<!ENTITY a "b">]>${envelope(ticket('CreateTicket', '&a;'))}`)).toMatchObject({ status: 500, body: expect.stringContaining('document type') });
    expect(await desk.rows('SELECT id FROM message WHERE organization_id = $1')).toEqual([]);
    await eventually(async () => expect(await desk.rows('SELECT status FROM rejected_request WHERE organization_id = $1')).toHaveLength(3));
  });

  it('asks for a UsernameToken where it is told to', async () => {
    const desk = await caller({ inboundSecurity: { username: 'u', password: 'secret-of-the-sender' } });
    expect(await post(desk, envelope(ticket('CreateTicket', 'x')))).toMatchObject({ status: 401, body: expect.stringContaining('FailedAuthentication') });
  });

  it('refuses a header block that it must understand and does not, and stores no message of it', async () => {
    const desk = await caller();
    const asked = envelope(ticket('CreateTicket', 'x'), { id: 'urn:uuid:7' }).replace('</s:Header>', '<t:Transaction xmlns:t="urn:t" s:mustUnderstand="1"/></s:Header>');
    expect(await post(desk, asked)).toMatchObject({ status: 500, body: expect.stringContaining('<faultcode>soap:MustUnderstand</faultcode>') });
    expect(await desk.rows('SELECT id FROM message WHERE organization_id = $1')).toEqual([]);
  });

  it('holds an envelope against its WSDL where it is told to, and names the place', async () => {
    const desk = await caller({ validateService: true });
    expect(await post(desk, envelope(ticket('CreateTicket', 'x', '<nope/>')))).toMatchObject({ status: 500, body: expect.stringMatching(/<faultcode>soap:Client<\/faultcode><faultstring>The envelope does not fit the WSDL at \/CreateTicket: &lt;nope&gt; is not expected there/) });
    expect(await desk.rows('SELECT id FROM message WHERE organization_id = $1')).toEqual([]);
    expect((await post(desk, envelope(ticket('CreateTicket', 'x')))).status).toBe(200);
  });

  it('believes a signed envelope alone where it is told to, once, however often it is sent on', async () => {
    const pem = (name: string): string => readFileSync(new URL(`../../src/adapter/kinds/soap/fixture/${name}`, import.meta.url), 'utf8');
    const desk = await caller({ signedRequests: { certificates: [pem('signer.pem')] } });
    const now = new Date().toISOString();
    const security = `<w:Security xmlns:w="${WSSE}" xmlns:wsu="${WSU}" s:mustUnderstand="1"><wsu:Timestamp wsu:Id="parley-timestamp"><wsu:Created>${now}</wsu:Created></wsu:Timestamp></w:Security>`;
    const plain = envelope(ticket('CreateTicket', 'signed')).replace('<s:Body>', `<s:Header>${security}</s:Header><s:Body>`);
    expect(await post(desk, plain)).toMatchObject({ status: 401, body: expect.stringContaining('wsse:FailedCheck') });
    const signed = signEnvelope(plain, pem('signer.key'));
    expect((await post(desk, signed)).status).toBe(200);
    expect((await post(desk, signed.replace('<s:Header>', `<s:Header><MessageID xmlns="${ADDRESSING['2005/08']}">urn:uuid:8</MessageID>`))).status).toBe(200);
    await eventually(async () => expect(await desk.rows('SELECT state FROM message WHERE organization_id = $1 AND kind <> 1 ORDER BY id')).toEqual([{ state: 'ROUTED' }, { state: 'DUPLICATE' }]));
    await desk.untilSeen(['POST /target/incidents signed']);
  });

  it('publishes its WSDL to whoever may send', async () => {
    const desk = await caller();
    const answer = await desk.user.get('/api/v1/inbound/source/incident?wsdl', { host: 'parley.example' });
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' }, body: expect.stringContaining('location="http://parley.example/api/v1/inbound/source/incident"') });
    expect((await desk.user.get('/api/v1/inbound/source/incident')).status).toBe(405);
    expect((await desk.user.get('/api/v1/inbound/source/incident?wsdl', { authorization: 'Bearer nobody' })).status).toBe(401);
  });
});

describe('any envelope', () => {
  it('is read by XPath, in the charset that it has, and answered as its sender wants it', async () => {
    const inbound = {
      ticketId: { xpath: '//v:ticket/@id' }, attributes: { text: { xpath: '//v:ticket/v:title' } },
      answer: { body: '<v:done><v:ref>{{messageId}}</v:ref></v:done>', namespaces: { v: 'urn:vendor' } },
    };
    const desk = await caller({ namespaces: { v: 'urn:vendor' } }, { inbound });
    const body = Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${envelope('<notify xmlns="urn:vendor"><ticket id="V-7"><title>Gr\u00fcn</title></ticket></notify>')}`, 'latin1');
    const answer = await desk.api.app.getHttpAdapter().getInstance().inject({ method: 'POST', url: '/api/v1/inbound/source/incident', headers: { authorization: `Bearer ${desk.user.key}`, 'content-type': 'text/xml' }, payload: body });
    expect([answer.statusCode, answer.body]).toEqual([200, expect.stringMatching(/ xmlns:v="urn:vendor"[^]*<v:done><v:ref>[0-9a-f-]{36}<\/v:ref>/)]);
    await desk.untilSeen(['POST /target/incidents Gr\u00fcn']);
  });
});
