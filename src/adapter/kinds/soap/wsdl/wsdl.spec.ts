import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { CallLimits, ConnectedEndpoint, OutboundHttp, RenderedRequest } from '../../../contract.js';
import { checkEntityTypes } from '../../../endpoint/entity-types.js';
import type { ProposedOperations } from '../../../proposed-operations.js';
import { checkSettings } from '../../../setting/check-settings.js';
import { soap } from '../index.js';
import { serviceWsdl } from '../service-wsdl.js';

const ADDRESS = 'https://desk.example/soap';
const endpoint: ConnectedEndpoint = { organization: 'o', id: 'desk', name: 'Desk', settings: { address: ADDRESS, auth: { type: 'basic', username: 'u', password: 'secret-of-the-desk' } }, entityTypes: [] };

/** A web of documents; everything else is 404. Keeps what was asked for. */
function web(documents: Readonly<Record<string, string>>) {
  const asked: { readonly request: RenderedRequest; readonly limits: CallLimits }[] = [];
  const http = {
    call: (request: RenderedRequest, limits: CallLimits) => {
      asked.push({ request, limits });
      const body = documents[request.url];
      return Promise.resolve({ kind: 'answered' as const, status: body === undefined ? 404 : 200, headers: { 'content-type': 'text/xml' }, body: Buffer.from(body ?? '') });
    },
  } as unknown as OutboundHttp;
  return { asked, propose: (at: string | null = null) => soap.propose!(endpoint, { at }, { http, signal: new AbortController().signal, nowMs: 0 }) };
}
async function proposed(documents: Readonly<Record<string, string>>, at: string | null = null): Promise<ProposedOperations> {
  const found = await web(documents).propose(at);
  if (!found.ok) throw new Error(found.error.message);
  return found.value;
}
const operation = ({ operations }: ProposedOperations, name: string) => operations.find((one) => one.name === name)!;

/** A service with one operation `Do`; what its schema has, and how it is bound. */
const definitions = (schema: string, { style = 'document', use = 'literal', parts = '<wsdl:part name="parameters" element="t:Do"/>', more = '' } = {}): string =>
  `<wsdl:definitions targetNamespace="urn:t" xmlns:t="urn:t" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xsd="http://www.w3.org/2001/XMLSchema">${more}`
  + `<wsdl:types><xsd:schema targetNamespace="urn:t" elementFormDefault="qualified">${schema}</xsd:schema></wsdl:types>`
  + `<wsdl:message name="In">${parts}</wsdl:message><wsdl:message name="Out"><wsdl:part name="number" type="xsd:string"/></wsdl:message>`
  + '<wsdl:portType name="P"><wsdl:operation name="Do"><wsdl:input message="t:In"/><wsdl:output message="t:Out"/></wsdl:operation></wsdl:portType>'
  + `<wsdl:binding name="B" type="t:P"><soap:binding style="${style}" transport="http://schemas.xmlsoap.org/soap/http"/><wsdl:operation name="Do"><soap:operation soapAction="urn:t#Do"/><wsdl:input><soap:body use="${use}" namespace="urn:t"/></wsdl:input><wsdl:output><soap:body use="${use}" namespace="urn:t"/></wsdl:output></wsdl:operation></wsdl:binding>`
  + '<wsdl:service name="S"><wsdl:port name="S" binding="t:B"><soap:address location="https://desk.example/soap"/></wsdl:port></wsdl:service></wsdl:definitions>';
const bodyOf = async (schema: string, how: Parameters<typeof definitions>[1] = {}): Promise<string> => String(operation(await proposed({ [`${ADDRESS}?wsdl`]: definitions(schema, how) }), 'Do').request['body']);
const element = (content: string): string => `<xsd:element name="Do"><xsd:complexType><xsd:sequence>${content}</xsd:sequence></xsd:complexType></xsd:element>`;

describe('what is proposed of a WSDL', () => {
  it('is a template of each call that the settings take as it is, with its fields and where the ticket may be named', async () => {
    const address = `${ADDRESS}?wsdl`;
    const wsdl = readFileSync(new URL('../../../../../test/live/soap/tickets.wsdl', import.meta.url), 'utf8').replace('$BINDING$', 'http://schemas.xmlsoap.org/wsdl/soap12/').replace('$ADDRESS$', ADDRESS);
    const found = await proposed({ [address]: wsdl });
    expect(found).toMatchObject({ namespaces: { t: 'urn:itsm.test:tickets' }, unread: [] });
    expect(found.operations.map(({ name, suggestedFor, version }) => [name, suggestedFor, version])).toEqual([['CreateTicket', 'create', '1.2'], ['UpdateTicket', 'update', '1.2'], ['FindTicket', 'lookup', '1.2']]);
    const create = operation(found, 'CreateTicket');
    expect(create).toMatchObject({ address: ADDRESS, ticketIds: ['//t:CreateTicketResponse/t:CreateTicketResult'], request: { action: 'CreateTicket' } });
    expect(create.request['body']).toBe('<t:CreateTicket><t:ticket><t:external_id>{{attributes.ticket.external_id}}</t:external_id><t:subject>{{attributes.ticket.subject}}</t:subject><t:priority parley:omit="">{{attributes.ticket.priority}}</t:priority>'
      + '<t:attachments parley:omit=""><t:Attachment parley:omit=""><t:name>{{attributes.ticket.attachments.Attachment.name}}</t:name><t:data>{{attributes.ticket.attachments.Attachment.data}}</t:data></t:Attachment></t:attachments></t:ticket></t:CreateTicket>');
    expect(create.fields).toContainEqual({ name: 'ticket.priority', type: 'int', isRequired: false, isList: false, choices: [] });
    const entityType = { name: 'ticket', operations: { create: create.request, update: operation(found, 'UpdateTicket').request }, response: { ticketId: { xpath: create.ticketIds[0] } } };
    expect(checkEntityTypes(soap.entityTypeSettings, [entityType])).toEqual([]);
    expect(checkSettings(soap.settings, { ...endpoint.settings, namespaces: found.namespaces })).toEqual([]);
    const made = soap.outbound.render({ id: 'k', entityType: 'ticket', messageType: '', operation: 'CREATE', ticketId: null, attributes: { 'ticket.subject': 'a < b' }, attachments: [], attempt: 1 },
      { ...endpoint, settings: { ...endpoint.settings, namespaces: found.namespaces }, entityTypes: [{ name: 'ticket', references: [], settings: entityType }] });
    expect(made.ok && Buffer.from(made.value.body ?? '').toString()).toContain('<t:subject>a &lt; b</t:subject>');
  });

  it('has each operation once, although our own service has it in two versions', async () => {
    const found = await proposed({ [`${ADDRESS}?wsdl`]: serviceWsdl(ADDRESS) });
    expect(found.operations.map(({ name }) => name)).toEqual(['CreateTicket', 'UpdateTicket', 'AddComment', 'AddAttachment', 'Ack']);
    expect(operation(found, 'AddComment').fields).toContainEqual({ name: 'visibility', type: 'string', isRequired: false, isList: false, choices: ['public', 'internal'] });
  });

  it('of the style rpc names its operation and carries its types', async () => {
    const found = await proposed({ [`${ADDRESS}?wsdl`]: definitions('', { style: 'rpc', use: 'encoded', parts: '<wsdl:part name="title" type="xsd:string"/><wsdl:part name="level" type="xsd:int"/>' }) });
    expect(operation(found, 'Do')).toMatchObject({
      request: { action: 'urn:t#Do', style: 'rpc', use: 'encoded', rpc: { name: 'Do', namespace: 'urn:t' }, body: '<title xsi:type="xsd:string">{{attributes.title}}</title><level xsi:type="xsd:int">{{attributes.level}}</level>' },
      ticketIds: ['//t:DoResponse/number'],
    });
  });

  it('knows derived types, references, groups, choices, attributes and elements of no namespace', async () => {
    const schema = '<xsd:complexType name="Base"><xsd:sequence><xsd:element name="a" type="xsd:string"/></xsd:sequence></xsd:complexType><xsd:element name="shared" type="xsd:date"/><xsd:group name="G"><xsd:sequence><xsd:element name="g" type="xsd:int"/></xsd:sequence></xsd:group>'
      + '<xsd:complexType name="More"><xsd:complexContent><xsd:extension base="t:Base"><xsd:sequence><xsd:element name="b" form="unqualified" type="xsd:string"/><xsd:group ref="t:G"/></xsd:sequence><xsd:attribute name="kind" use="required" type="xsd:string"/></xsd:extension></xsd:complexContent></xsd:complexType>';
    expect(await bodyOf(schema + element('<xsd:element name="more" type="t:More"/><xsd:element ref="t:shared" minOccurs="0"/><xsd:choice><xsd:element name="x" type="xsd:string"/><xsd:element name="y" type="xsd:string"/></xsd:choice>'))).toBe(
      '<t:Do><t:more kind="{{attributes.more.kind}}"><t:a>{{attributes.more.a}}</t:a><b>{{attributes.more.b}}</b><t:g>{{attributes.more.g}}</t:g></t:more><t:shared parley:omit="">{{attributes.shared}}</t:shared>'
      + '<t:x parley:omit="">{{attributes.x}}</t:x><t:y parley:omit="">{{attributes.y}}</t:y></t:Do>');
  });

  it('has names that templates can say, whatever elements are called', async () => {
    expect(await bodyOf(element('<xsd:element name="ext-id.no" type="xsd:string"/>'))).toBe('<t:Do><t:ext-id.no>{{attributes.ext_id_no}}</t:ext-id.no></t:Do>');
  });

  it('ends where a type is within itself, and where a schema would never end', async () => {
    expect(await bodyOf(`<xsd:complexType name="Node"><xsd:sequence><xsd:element name="name" type="xsd:string"/><xsd:element name="child" type="t:Node"/></xsd:sequence></xsd:complexType>${element('<xsd:element name="node" type="t:Node"/>')}`)).toContain('<t:node><t:name>{{attributes.node.name}}</t:name><t:child></t:child></t:node>');
    const wide = Array.from({ length: 8 }, (_, at) => `<xsd:complexType name="T${at}"><xsd:sequence>${Array.from({ length: 10 }, (_x, n) => `<xsd:element name="e${n}" type="t:T${at + 1}"/>`).join('')}</xsd:sequence></xsd:complexType>`).join('');
    expect((await bodyOf(`${wide}<xsd:simpleType name="T8"><xsd:restriction base="xsd:string"/></xsd:simpleType>${element('<xsd:element name="x" type="t:T0"/>')}`)).length).toBeLessThan(100_000);
  });
});

describe('the way to a WSDL', () => {
  const importing = (...places: readonly string[]): string => definitions(element('<xsd:element name="a" type="xsd:string"/>'), { more: places.map((place) => `<wsdl:import namespace="urn:x" location="${place}"/>`).join('') });

  it('gives credentials to the service alone, and reads little of each document', async () => {
    const { asked, propose } = web({ [`${ADDRESS}?wsdl`]: importing('types.xsd', 'https://elsewhere.example/more.wsdl') });
    expect(await propose()).toMatchObject({ ok: true, value: { unread: ['https://desk.example/types.xsd: It was answered 404.', 'https://elsewhere.example/more.wsdl: It was answered 404.'] } });
    expect(asked.map(({ request }) => [request.url, request.headers['authorization'] !== undefined])).toEqual([[`${ADDRESS}?wsdl`, true], ['https://desk.example/types.xsd', true], ['https://elsewhere.example/more.wsdl', false]]);
    expect(asked.every(({ limits }) => limits.maxAnswerBytes <= 1_048_576)).toBe(true);
  });

  it('reads schemas that stand in documents of their own, also ones that import each other', async () => {
    const schema = '<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t" elementFormDefault="qualified"><xsd:import namespace="urn:t" schemaLocation="types.xsd"/><xsd:import namespace="urn:t" schemaLocation="soap?wsdl"/>';
    const found = await proposed({ [`${ADDRESS}?wsdl`]: definitions('', { more: '<wsdl:import namespace="urn:x" location="types.xsd"/>' }), 'https://desk.example/types.xsd': `${schema}${element('<xsd:element name="a" type="xsd:string"/>')}</xsd:schema>` });
    expect(operation(found, 'Do').request['body']).toBe('<t:Do><t:a>{{attributes.a}}</t:a></t:Do>');
  });

  it('leads to http and https alone, and ends', async () => {
    const { asked, propose } = web({ [`${ADDRESS}?wsdl`]: importing('file:///etc/passwd', ...Array.from({ length: 30 }, (_, at) => `d${at}.xsd`)) });
    const found = await propose();
    expect(found).toMatchObject({ ok: true, value: { unread: expect.arrayContaining(['file:///etc/passwd: It is at no http or https address.', expect.stringContaining('more than 20 documents')]) } });
    expect(asked.length).toBeLessThanOrEqual(20);
    expect(asked.map(({ request }) => request.url)).not.toContain('file:///etc/passwd');
  });

  it.each([
    ['a document type', '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>', 'document type'], ['broken', '<wsdl', 'well-formed'], ['nested', '<a>'.repeat(200), 'deeper'], ['something else', '<html/>', 'no operation'],
  ])('of a document that is %s ends with a word', async (_, document, word) => {
    expect(await web({ [`${ADDRESS}?wsdl`]: document }).propose()).toMatchObject({ ok: false, error: { message: expect.stringContaining(word) } });
  });

  it('may be another than usual, at the same system', async () => {
    const { asked, propose } = web({ 'https://desk.example/Tickets.wsdl': importing() });
    expect((await propose('/Tickets.wsdl')).ok).toBe(true);
    expect(asked).toHaveLength(1);
    for (const at of ['http://[', 'https://elsewhere.example/Tickets.wsdl', 'file:///etc/passwd']) expect(await propose(at)).toMatchObject({ ok: false, error: { code: 'wsdl-address' } });
    expect(asked).toHaveLength(1);
  });
});
