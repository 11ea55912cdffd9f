import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { soap } from '../../../src/adapter/kinds/soap/index.js';
import { EgressPolicy, GuardedHttp } from '../../../src/net/index.js';
import { openBroker, type Desk } from '../../medium/broker-setup.js';
import { eventually } from '../../support/eventually.js';
import { SoapClient, SoapServer, whatPerlLacks, whatPhpLacks } from './soap-peers.js';

const WAIT_MS = 20_000;
const TICKETS = 20;
/** What no template may let through as markup, and no client may spoil. */
const HOSTILE = 'Gr\u00fcn </subject><b>&amp; ]]> "\'';
const FILE = Buffer.from([0, 255, 10, 13, 60]);
const NAMESPACES = { t: 'urn:itsm.test:tickets' };

/** PHP: document/literal wrapped, as its WSDL says. */
const ofPhp = {
  operations: {
    create: { action: 'CreateTicket', body: '<t:CreateTicket><t:ticket><t:external_id>{{correlationKey}}</t:external_id><t:subject>{{attributes.text}}</t:subject><t:attachments parley:if="files"><t:Attachment parley:each="files"><t:name>{{item.name}}</t:name><t:data parley:file="{{item.id}}"/></t:Attachment></t:attachments></t:ticket></t:CreateTicket>' },
    update: { action: 'UpdateTicket', body: '<t:UpdateTicket><t:id>{{ticketId}}</t:id><t:ticket><t:external_id>{{correlationKey}}</t:external_id><t:subject>{{attributes.text}}</t:subject></t:ticket></t:UpdateTicket>' },
  },
  response: { ticketId: { xpath: '//t:CreateTicketResult' } },
  lookup: { action: 'FindTicket', body: '<t:FindTicket><t:external_id>{{correlationKey}}</t:external_id></t:FindTicket>', ticketId: { xpath: '//t:FindTicketResult' }, absentWhen: [{ xpath: '//t:FindTicketResponse[not(t:FindTicketResult)]' }] },
};

const rpc = (name: string): object => ({ action: `urn:itsm.test:tickets#${name}`, style: 'rpc', use: 'encoded', rpc: { name, namespace: 'urn:itsm.test:tickets' } });
const typed = (name: string, value: string): string => `<${name} xsi:type="xsd:string">${value}</${name}>`;
/** SOAP::Lite: RPC, whose parameters belong to no namespace and carry their types; what it answers stands in its namespace. */
const ofLite = {
  operations: {
    create: { ...rpc('CreateTicket'), body: `<ticket>${typed('external_id', '{{correlationKey}}')}${typed('subject', '{{attributes.text}}')}<attachments parley:if="files"><Attachment parley:each="files">${typed('name', '{{item.name}}')}<data xsi:type="xsd:base64Binary" parley:file="{{item.id}}"/></Attachment></attachments></ticket>` },
    update: { ...rpc('UpdateTicket'), body: `${typed('id', '{{ticketId}}')}<ticket>${typed('subject', '{{attributes.text}}')}</ticket>` },
  },
  response: { ticketId: { xpath: '//t:number' } },
  lookup: { ...rpc('FindTicket'), body: typed('external_id', '{{correlationKey}}'), ticketId: { xpath: '//t:number' }, absentWhen: [{ xpath: '//t:FindTicketResponse[not(*)]' }] },
};

const PEERS = [
  { peer: 'PHP', lacks: whatPhpLacks(), entityType: ofPhp, start: (version: '11' | '12') => SoapServer.php(version), own: { security: { usernameToken: { username: 'u', password: 'secret' }, timestampSeconds: 60 } } },
  { peer: 'SOAP::Lite', lacks: whatPerlLacks(), entityType: ofLite, start: () => SoapServer.lite(), own: { slots: 1 } },
] as const;

const report = (line: string): void => { process.stdout.write(`soap, live: ${line}\n`); };

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); await broker.api.app.listen(0, '127.0.0.1'); }, 120_000);
afterAll(() => broker.close());

for (const { peer, lacks, entityType, start, own } of PEERS) {
  if (lacks !== null) process.stderr.write(`soap, live: ${peer} skipped: ${lacks}\n`);

  for (const version of ['11', '12'] as const) {
    (lacks === null ? describe : describe.skip)(`a ticket at a server of ${peer}, version ${version}, by configuration alone`, () => {
      let server: SoapServer;
      let desk: Desk;
      const settings = () => ({ address: server.url, version: version === '11' ? '1.1' : '1.2', namespaces: NAMESPACES, retry: { firstMs: 50, mostMs: 500 }, ...own });
      beforeAll(async () => {
        server = await start(version);
        desk = await broker.desk();
        await desk.must('PUT', '/api/v1/endpoints/there', { name: 'there', adapter: 'soap', entityTypes: [{ name: 'incident', ...entityType }], settings: settings() });
        await desk.rule('to there', { targetSystemId: 'there', mappings: [{ type: 'Single', template: '${text}', targetAttribute: 'text' }], attachmentMapping: { mapAttachmentsFromSourceMessage: true } });
      }, 60_000);
      afterAll(() => server.stop());
      const sent = async () => (await desk.deliveries('there')).filter(({ state }) => state === 'SENT');

      it('is found by the key of its delivery, and what is not there is known to be absent', async () => {
        // A way out of its own, closed before the broker begins: SOAP::Lite hears nobody else while it has a connection.
        const http = new GuardedHttp(new EgressPolicy({ allowPrivate: true, forbidden: [] }));
        const client = http.client('there', { slots: 1 });
        const endpoint = { organization: 'o', id: 'there', name: 'there', settings: settings(), entityTypes: [{ name: 'incident', references: [], settings: entityType }] };
        const signal = new AbortController().signal;
        const lookUp = (key: string) => soap.outbound.lookup?.(key, 'incident', endpoint, client, signal);
        expect(await lookUp('nobody')).toEqual({ found: null });
        expect(await soap.outbound.send({ id: 'key-1', entityType: 'incident', messageType: '', operation: 'CREATE', ticketId: null, attributes: { text: 'first' }, attachments: [], attempt: 1 }, endpoint, client, signal)).toMatchObject({ outcome: 'success', ticketId: 'T-1' });
        expect(await lookUp('key-1')).toEqual({ found: 'T-1' });
        expect(await lookUp('nobody')).toEqual({ found: null });
        await http.close();
      });

      it('is made with its texts and files as they were, and changed', async () => {
        const startMs = Date.now();
        for (let n = 0; n < TICKETS; n++) {
          await desk.say(`INC${n}`, { text: n === 0 ? HOSTILE : `ticket ${n}` }, { attachments: n === 0 ? [{ name: 'a.bin', contentType: 'application/octet-stream', contentBase64: FILE.toString('base64') }] : [] });
        }
        await eventually(async () => expect(await sent()).toHaveLength(TICKETS), WAIT_MS);
        report(`${TICKETS} tickets to ${peer}, version ${version}, in ${Date.now() - startMs} ms`);
        await desk.say('INC1', { text: 'closed' });
        await eventually(async () => expect(await sent()).toHaveLength(TICKETS + 1), WAIT_MS);
        const all = server.tickets();
        expect(all).toHaveLength(TICKETS + 1);
        expect(all.find(({ files }) => files.length > 0)).toMatchObject({ subject: HOSTILE, files: [['a.bin', FILE.toString('base64')]] });
        expect(all.map(({ subject }) => subject)).toContain('closed');
      }, WAIT_MS * 2);

      it('may be refused, and may be tried again', async () => {
        await desk.say('INC-busy', { text: 'busy once' });
        await desk.say('INC-refused', { text: 'refuse me' });
        await eventually(async () => {
          const all = await desk.deliveries('there');
          expect(all.some(({ state, attempts }) => state === 'SENT' && attempts === 2)).toBe(true);
          expect(all.find(({ state }) => state === 'DEAD')?.error).toContain('subject refused');
        }, WAIT_MS);
      }, WAIT_MS * 2);
    });
  }
}

const CLIENTS = [
  { client: 'PHP', lacks: whatPhpLacks(), start: SoapClient.php, suffix: '?wsdl', more: {}, inboundSecurity: { username: 'desk', password: 'secret-of-the-desk' } },
  { client: 'SOAP::Lite, its parameters in no namespace', lacks: whatPerlLacks(), start: SoapClient.lite, suffix: '', more: { isQualified: false }, inboundSecurity: undefined },
  { client: 'SOAP::Lite, its parameters in our namespace', lacks: whatPerlLacks(), start: SoapClient.lite, suffix: '', more: { isQualified: true }, inboundSecurity: undefined },
] as const;

for (const { client, lacks, start, suffix, more, inboundSecurity } of CLIENTS) {
  (lacks === null ? describe : describe.skip)(`our service called by ${client}`, () => {
    let desk: Desk;
    let caller: SoapClient;
    beforeAll(async () => {
      desk = await broker.desk();
      await desk.must('PUT', '/api/v1/endpoints/desk', { name: 'desk', adapter: 'soap', settings: { address: 'http://127.0.0.1:9/none', ...(inboundSecurity === undefined ? {} : { inboundSecurity }) }, entityTypes: [{ name: 'ticket' }] });
      await desk.rule('desk to target', { sourceSystemId: 'desk', sourceEntityType: 'ticket', mappings: [{ type: 'Single', template: '${text}${comment}', targetAttribute: 'text' }], attachmentMapping: { mapAttachmentsFromSourceMessage: true } });
      const { username, secret } = (await desk.must('POST', '/api/v1/endpoints/desk/credentials', { kind: 'basic' })).body as { username: string; secret: string };
      const url = (await broker.api.app.getUrl()).replace('[::1]', '127.0.0.1');
      caller = start(`${url}/api/v1/o/${desk.user.slug}/inbound/desk/ticket${suffix}`, username, secret);
    }, 60_000);
    afterAll(() => caller.stop());

    it.each(['Soap11', 'Soap12'] as const)('brings tickets, comments and files over %s, and is told what is wrong', async (port) => {
      const ticket = { ticketId: port, attributes: { attribute: [{ name: 'text', value: [`${port} ${HOSTILE}`] }] }, attachments: { attachment: [{ name: `${port}.bin`, contentType: 'text/plain', content: FILE.toString('base64') }] } };
      expect(await caller.call(port, 'CreateTicket', ticket, more)).toMatchObject({ messageId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
      expect(await caller.call(port, 'AddComment', { ticketId: port, text: `comment over ${port}` }, more)).toMatchObject({ messageId: expect.any(String) });
      expect(await caller.call(port, 'AddComment', { ticketId: ' ', text: 'x' }, more)).toMatchObject({ fault: 'AddComment has no ticketId.', code: expect.stringMatching(port === 'Soap11' ? /Client/ : /Sender/) });
      await eventually(() => expect(desk.seen()).toEqual(expect.arrayContaining([expect.stringContaining(`${port} ${HOSTILE}`), expect.stringContaining(`comment over ${port}`)])), WAIT_MS);
      expect(await desk.rows("SELECT encode(content, 'base64') AS content FROM attachment WHERE organization_id = $1 AND name = $2", `${port}.bin`)).toEqual([{ content: FILE.toString('base64') }]);
    }, WAIT_MS * 2);
  });
}
