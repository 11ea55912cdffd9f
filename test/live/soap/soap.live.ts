import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ConnectedEndpoint } from '../../../src/adapter/contract.js';
import { decryptEnvelope, encryptEnvelope } from '../../../src/adapter/kinds/soap/encryption.js';
import { soap } from '../../../src/adapter/kinds/soap/index.js';
import { verifiedBody } from '../../../src/adapter/kinds/soap/signature.js';
import { EgressPolicy, GuardedHttp } from '../../../src/net/index.js';
import { openBroker, type Desk } from '../../medium/broker-setup.js';
import { eventually } from '../../support/eventually.js';
import { liveFolder } from '../live-folder.js';
import { SoapClient, SoapServer, whatIsMissing } from './soap-peers.js';

const missing = whatIsMissing();
const live = missing === null ? describe : describe.skip;
if (missing !== null) process.stderr.write(`soap, live: skipped: ${missing}\n`);

const IDS = ['spyne11', 'spyne12'] as const;
const TICKETS = 50;
const WAIT_MS = 60_000;
/** What no template may let through as markup. */
const HOSTILE = 'Gr\u00fcn </subject><b>&amp; ]]> "\'';
const report = (line: string): void => { process.stdout.write(`soap, live: ${line}\n`); };
const fixture = (name: string): string => new URL(`../../../src/adapter/kinds/soap/fixture/${name}`, import.meta.url).pathname;
const read = (name: string): string => readFileSync(fixture(name), 'utf8');

const ticketType = (body: string): string => `<t:ticket><t:external_id>{{correlationKey}}</t:external_id><t:subject>{{attributes.text}}</t:subject>${body}</t:ticket>`;
/** A spyne service by configuration alone. */
const ENTITY_TYPE = {
  operations: {
    create: { action: 'CreateTicket', body: `<t:CreateTicket>${ticketType('<t:priority parley:omit="">{{attributes.priority}}</t:priority><t:attachments parley:if="files"><t:Attachment parley:each="files"><t:name>{{item.name}}</t:name><t:data parley:file="{{item.id}}"/></t:Attachment></t:attachments>')}</t:CreateTicket>` },
    update: { action: 'UpdateTicket', body: `<t:UpdateTicket><t:id>{{ticketId}}</t:id>${ticketType('')}</t:UpdateTicket>` },
  },
  response: { ticketId: { xpath: '//t:CreateTicketResult' } },
  lookup: { body: '<t:FindTicket><t:external_id>{{correlationKey}}</t:external_id></t:FindTicket>', ticketId: { xpath: '//t:FindTicketResult' }, absentWhen: [{ xpath: '//t:FindTicketResponse[not(t:FindTicketResult)]' }] },
};

live('spyne, zeep and xmlsec1', () => {
  let servers: Readonly<Record<'spyne11' | 'spyne12', SoapServer>>;
  let broker: Awaited<ReturnType<typeof openBroker>>;
  let desk: Desk;
  let url: string;

  beforeAll(async () => {
    servers = { spyne11: await SoapServer.spyne('11'), spyne12: await SoapServer.spyne('12') };
    broker = await openBroker();
    desk = await broker.desk();
    await broker.api.app.listen(0, '127.0.0.1');
    url = (await broker.api.app.getUrl()).replace('[::1]', '127.0.0.1');
    for (const id of IDS) {
      await desk.must('PUT', `/api/v1/endpoints/${id}`, { name: id, adapter: 'soap', entityTypes: [{ name: 'incident', ...ENTITY_TYPE }], settings: settingsOf(id) });
      await desk.rule(`to ${id}`, { targetSystemId: id, mappings: [{ type: 'Single', template: '${text}', targetAttribute: 'text' }], attachmentMapping: { mapAttachmentsFromSourceMessage: true } });
    }
  }, 120_000);
  afterAll(async () => {
    await broker?.close();
    for (const server of Object.values(servers ?? {})) server.stop();
  });

  const http = new GuardedHttp(new EgressPolicy({ allowPrivate: true, forbidden: [] }));
  afterAll(() => http.close());
  const settingsOf = (id: 'spyne11' | 'spyne12') => ({
    address: servers[id].url, version: id === 'spyne11' ? '1.1' : '1.2', namespaces: { t: 'urn:itsm.test:tickets' }, retry: { firstMs: 50, mostMs: 500 },
    security: { usernameToken: { username: 'u', password: 'secret' }, timestampSeconds: 60, mustUnderstand: false },
  });

  /** Asks spyne itself, past Parley. */
  const ask = async (id: 'spyne11' | 'spyne12', body: string): Promise<string> => {
    const namespace = id === 'spyne11' ? 'http://schemas.xmlsoap.org/soap/envelope/' : 'http://www.w3.org/2003/05/soap-envelope';
    const answer = await fetch(servers[id].url, {
      method: 'POST', headers: { 'content-type': id === 'spyne11' ? 'text/xml' : 'application/soap+xml' },
      body: `<s:Envelope xmlns:s="${namespace}" xmlns:t="urn:itsm.test:tickets"><s:Body>${body}</s:Body></s:Envelope>`,
    });
    return answer.text();
  };

  const sentTo = async (id: 'spyne11' | 'spyne12') => (await desk.deliveries(id)).filter(({ state }) => state === 'SENT');

  it('spyne takes tickets, files and updates in both versions, by configuration alone', async () => {
    const startMs = Date.now();
    for (let n = 0; n < TICKETS; n++) {
      const attachments = n === 0 ? [{ name: 'a.bin', contentType: 'application/octet-stream', contentBase64: Buffer.from([0, 255, 10, 13]).toString('base64') }] : [];
      await desk.say(`INC${n}`, { text: n === 0 ? HOSTILE : `ticket ${n}` }, { attachments });
    }
    for (const id of IDS) await eventually(async () => expect(await sentTo(id)).toHaveLength(TICKETS), WAIT_MS);
    report(`${TICKETS} tickets to each of two spyne servers in ${Date.now() - startMs} ms`);
    for (const id of IDS) expect(await ask(id, '<t:CountTickets/>')).toContain(`CountTicketsResult>${TICKETS}<`);
    await desk.say('INC1', { text: 'closed' });
    for (const id of IDS) await eventually(async () => expect(await sentTo(id)).toHaveLength(TICKETS + 1), WAIT_MS);
  }, 120_000);

  it('spyne is found by the key of a delivery, and what is not there is known to be absent', async () => {
    for (const id of IDS) {
      const [delivery] = await sentTo(id);
      const endpoint = { organization: 'o', id, name: id, settings: settingsOf(id), entityTypes: [{ name: 'incident', references: [], settings: ENTITY_TYPE }] };
      const lookUp = (key: string) => soap.outbound.lookup?.(key, 'incident', endpoint, http.client(id, { slots: 1 }), new AbortController().signal);
      expect(await lookUp(delivery!.id)).toEqual({ found: expect.stringMatching(/^T-\d+$/) });
      expect(await lookUp('nobody')).toEqual({ found: null });
    }
  });

  it('spyne describes itself: its calls are proposed as it takes them', async () => {
    const endpoint = { organization: 'o', id: 'new', name: 'new', settings: { address: servers.spyne11.url }, entityTypes: [] };
    const found = await soap.propose!(endpoint, { at: null }, { http: http.client('new', { slots: 1 }), signal: new AbortController().signal, nowMs: Date.now() });
    if (!found.ok) throw new Error(found.error.message);
    const create = found.value.operations.find(({ name }) => name === 'CreateTicket')!;
    const { body } = create.request as { readonly body: string };
    expect(found.value.unread).toEqual([]);
    const settings = { operations: { create: { ...create.request, body: body.replace('{{attributes.ticket.subject}}', '{{attributes.text}}') } }, response: { ticketId: { xpath: create.ticketIds[0] } } };
    const made = { ...endpoint, settings: { ...endpoint.settings, namespaces: found.value.namespaces, security: settingsOf('spyne11').security }, entityTypes: [{ name: 'incident', references: [], settings }] };
    const delivery = { id: 'proposed', entityType: 'incident', messageType: '', operation: 'CREATE' as const, ticketId: null, attributes: { text: 'as proposed' }, attachments: [], attempt: 1 };
    expect(await soap.outbound.send(delivery, made, http.client('new', { slots: 1 }), new AbortController().signal)).toMatchObject({ outcome: 'success', ticketId: expect.stringMatching(/^T-\d+$/) });
  });

  it('spyne says Client and Server, and is understood', async () => {
    await desk.say('INC-busy', { text: 'busy once' });
    await desk.say('INC-refused', { text: 'refuse me' });
    for (const id of IDS) {
      await eventually(async () => {
        const all = await desk.deliveries(id);
        expect(all.some(({ state, attempts }) => state === 'SENT' && attempts === 2)).toBe(true);
        expect(all.some(({ state, error }) => state === 'DEAD' && error?.includes('subject refused') === true)).toBe(true);
      }, WAIT_MS);
    }
  }, 120_000);

  it('spyne has the hostile text and the bytes of the file as they were', async () => {
    for (const id of IDS) {
      // One after the other: the server hears one at a time, and lets the others' connections wait for seconds.
      let found = '';
      for (let n = 1; n <= TICKETS && !found.includes('a.bin'); n++) found = await ask(id, `<t:GetTicket><t:id>T-${n}</t:id></t:GetTicket>`);
      expect(found).toContain('Gr\u00fcn &lt;/subject&gt;&lt;b&gt;&amp;amp; ]]&gt; "\'');
      expect(found).toContain(Buffer.from([0, 255, 10, 13]).toString('base64'));
    }
  });

  it('zeep reads our WSDL and calls our service in both versions, with a UsernameToken', async () => {
    await desk.must('PUT', '/api/v1/endpoints/desk', { name: 'desk', adapter: 'soap', settings: { address: 'http://127.0.0.1:9/none', inboundSecurity: { username: 'desk', password: 'secret-of-the-desk' } }, entityTypes: [{ name: 'ticket' }] });
    await desk.rule('desk to target', { sourceSystemId: 'desk', sourceEntityType: 'ticket', mappings: [{ type: 'Single', template: '${text}${comment}', targetAttribute: 'text' }] });
    const { username, secret } = (await desk.must('POST', '/api/v1/endpoints/desk/credentials', { kind: 'basic' })).body as { username: string; secret: string };
    const zeep = SoapClient.zeep(`${url}/api/v1/o/${desk.user.slug}/inbound/desk/ticket?wsdl`, username, secret);
    try {
      let calls = 0;
      const startMs = Date.now();
      for (const port of ['Soap11', 'Soap12'] as const) {
        const ticket = { ticketId: port, attributes: { attribute: [{ name: 'text', value: [`${port} ${HOSTILE}`] }] }, attachments: { attachment: [{ name: 'a.txt', contentType: 'text/plain', content: Buffer.from('Hello').toString('base64') }] } };
        expect(await zeep.call(port, 'CreateTicket', ticket)).toMatchObject({ messageId: expect.any(String), repeated: false });
        expect(await zeep.call(port, 'AddComment', { ticketId: port, text: `comment over ${port}` })).toMatchObject({ repeated: false });
        expect(await zeep.call(port, 'AddComment', { ticketId: ' ', text: 'x' })).toMatchObject({ fault: 'AddComment has no ticketId.', code: expect.stringMatching(port === 'Soap11' ? /Client/ : /Sender/) });
        calls += 3;
      }
      report(`zeep: ${calls} calls in ${Date.now() - startMs} ms, the WSDL included`);
    } finally {
      zeep.stop();
    }
    await eventually(() => {
      const seen = desk.seen();
      for (const port of ['Soap11', 'Soap12']) {
        expect(seen.some((line) => line.includes(`${port} ${HOSTILE}`))).toBe(true);
        expect(seen.some((line) => line.endsWith(`comment over ${port}`))).toBe(true);
      }
      return Promise.resolve();
    });
  }, 120_000);

  describe('xmlsec1', () => {
    const folder = liveFolder('xmlsec1');
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    const endpoint: ConnectedEndpoint = {
      organization: 'o', id: 'desk', name: 'Desk',
      settings: { address: 'https://desk.example/', namespaces: { t: 'urn:t' }, security: { timestampSeconds: 300, signature: { key: read('signer.key'), certificate: read('signer.pem') } } },
      entityTypes: [{ name: 'ticket', references: [], settings: { operations: { create: { body: '<t:Create><t:title>{{attributes.title}}</t:title></t:Create>' } } } }],
    };
    const ids = ['--id-attr:Id', 'http://schemas.xmlsoap.org/soap/envelope/:Body', '--id-attr:Id', 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd:Timestamp'];
    const xmlsec = (...given: string[]): { status: number | null; said: string } => {
      const { status, stdout, stderr } = spawnSync('xmlsec1', given, { encoding: 'utf8' });
      return { status, said: stdout + stderr };
    };
    const signedRequest = (title: string): string => {
      const made = soap.outbound.render({ id: '019390a1-0000-7000-8000-00000000abcd', entityType: 'ticket', messageType: '', operation: 'CREATE', ticketId: null, attributes: { title }, attachments: [], attempt: 1 }, endpoint);
      if (!made.ok) throw new Error(made.error.message);
      return Buffer.from(made.value.body ?? '').toString();
    };
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };

    it('believes our signatures, and no longer once a letter was changed', () => {
      const xml = signedRequest(HOSTILE);
      expect(xmlsec('--verify', '--pubkey-cert-pem', fixture('signer.pem'), ...ids, file('good.xml', xml))).toMatchObject({ status: 0, said: expect.stringContaining('SignedInfo References (ok/all): 2/2') });
      expect(xmlsec('--verify', '--pubkey-cert-pem', fixture('signer.pem'), ...ids, file('bad.xml', xml.replace('Gr\u00fcn', 'Gr\u00fan'))).status).not.toBe(0);
    });

    it('signs what we believe', () => {
      const xml = signedRequest('signed again');
      const blank = xml.replaceAll(/<ds:DigestValue>[^<]*</g, '<ds:DigestValue><').replace(/<ds:SignatureValue>[^<]*</, '<ds:SignatureValue><');
      const signed = join(folder, 'signed.xml');
      expect(xmlsec('--sign', '--privkey-pem', fixture('signer.key'), ...ids, '--output', signed, file('blank.xml', blank))).toMatchObject({ status: 0 });
      const nowMs = Number.parseInt('019390a10000', 16);
      expect(verifiedBody(readFileSync(signed, 'utf8'), [read('signer.pem')], { nowMs, maxAgeSeconds: 300 })).toMatchObject({ ok: true, value: expect.stringContaining('signed again') });
    });

    it('signs what we believe of senders, and do not believe once it was changed', () => {
      const xml = signedRequest('from a sender');
      const receiver: ConnectedEndpoint = { ...endpoint, settings: { address: 'https://desk.example/', signedRequests: { certificates: [read('signer.pem')], maxAgeSeconds: 86_400 } }, entityTypes: [{ name: 'ticket', references: [], settings: { inbound: { ticketId: { xpath: '//*[local-name()="title"]' } } } }] };
      const now = xml.replaceAll(/<wsu:(Created|Expires)>[^<]*</g, (_whole, name: string) => `<wsu:${name}>${new Date(Date.now() + (name === 'Expires' ? 60_000 : 0)).toISOString()}<`);
      const blank = now.replaceAll(/<ds:DigestValue>[^<]*</g, '<ds:DigestValue><').replace(/<ds:SignatureValue>[^<]*</, '<ds:SignatureValue><');
      const signed = join(folder, 'sender.xml');
      expect(xmlsec('--sign', '--privkey-pem', fixture('signer.key'), ...ids, '--output', signed, file('blank-sender.xml', blank))).toMatchObject({ status: 0 });
      const verify = (text: string) => soap.inbound.verify({ entityType: 'ticket', body: Buffer.from(text), contentType: 'text/xml', headers: {}, query: '' }, receiver);
      expect(verify(readFileSync(signed, 'utf8'))).toMatchObject({ ok: true });
      expect(verify(readFileSync(signed, 'utf8').replace('from a sender', 'from another'))).toMatchObject({ ok: false, error: { code: 'failed-check' } });
    });

    it.each(['aes256-gcm', 'aes128-gcm', 'aes256-cbc', 'aes128-cbc'] as const)('opens what we encrypt by %s, and encrypts what we open', (algorithm) => {
      const plain = signedRequest('for your eyes');
      const sealed = encryptEnvelope(plain, { certificate: read('signer.pem'), algorithm }, randomBytes);
      expect(sealed).not.toContain('for your eyes');
      // It looks for the key where it is used, and knows none of the references of WS-Security.
      const key = /<xenc:EncryptedKey[^]*<\/xenc:EncryptedKey>/.exec(sealed)![0];
      const inside = key.replace(/<ds:KeyInfo[^]*<\/ds:KeyInfo>/, '').replace(/<xenc:ReferenceList>[^]*<\/xenc:ReferenceList>/, '');
      const asked = sealed.replace(key, '').replace(/(<xenc:EncryptedData[^]*?)(<xenc:CipherData>)/, (_whole, before: string, data: string) => `${before}<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${inside}</ds:KeyInfo>${data}`);
      const clear = join(folder, 'clear.xml');
      expect(xmlsec('--decrypt', '--privkey-pem', fixture('signer.key'), '--output', clear, file('sealed.xml', asked))).toMatchObject({ status: 0 });
      expect(readFileSync(clear, 'utf8')).toContain('<t:title>for your eyes</t:title>');
      const [, uri = ''] = /<xenc:EncryptedData[^]*?Algorithm="([^"]+)"/.exec(sealed)!;
      const template = `<EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#" Type="http://www.w3.org/2001/04/xmlenc#Content"><EncryptionMethod Algorithm="${uri}"/><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><EncryptedKey xmlns="http://www.w3.org/2001/04/xmlenc#"><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"/><CipherData><CipherValue/></CipherData></EncryptedKey></KeyInfo><CipherData><CipherValue/></CipherData></EncryptedData>`;
      const theirs = join(folder, 'theirs.xml');
      const bits = uri.includes('256') ? 'aes-256' : 'aes-128';
      expect(xmlsec('--encrypt', '--pubkey-cert-pem', fixture('signer.pem'), '--session-key', bits, '--xml-data', file('plain.xml', plain), '--node-xpath', '//*[local-name()="Body"]', '--output', theirs, file('template.xml', template))).toMatchObject({ status: 0 });
      expect(readFileSync(theirs, 'utf8')).not.toContain('for your eyes');
      expect(decryptEnvelope(readFileSync(theirs, 'utf8'), read('signer.key'))).toMatchObject({ ok: true, value: expect.stringContaining('<t:title>for your eyes</t:title>') });
    });
  });
});
