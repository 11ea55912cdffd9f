import { describe, expect, it } from '@jest/globals';
import type { ConnectedEndpoint } from '../../contract.js';
import { soap } from './index.js';
import { ENVELOPE, SERVICE } from './names.js';

const endpoint = (validateService = true): ConnectedEndpoint => ({ organization: 'o', id: 'desk', name: 'Desk', settings: { address: 'https://desk.example/soap', validateService }, entityTypes: [{ name: 'ticket', references: [], settings: {} }] });
const problem = (body: string, to = endpoint()): string | null => {
  const examined = soap.inbound.examine!({ entityType: 'ticket', body: Buffer.from(`<s:Envelope xmlns:s="${ENVELOPE['1.1']}"><s:Body>${body}</s:Body></s:Envelope>`), contentType: 'text/xml', headers: {}, query: '' }, to);
  return examined.ok ? null : examined.error.message.replace('The envelope does not fit the WSDL at ', '');
};
const create = (inside: string): string => `<CreateTicket xmlns="${SERVICE}"><ticketId>1</ticketId>${inside}</CreateTicket>`;
const WHOLE = '<eventId>e</eventId><sender><id>7</id><name>Vera</name></sender><messageType>m</messageType><occurredAt>2026-01-31T10:05:00+02:00</occurredAt>'
  + '<attributes><attribute><name>a</name></attribute><attribute><name>b</name><value>1</value><value>2</value></attribute></attributes>'
  + '<references><reference><endpoint>x</endpoint><entityType>y</entityType><ticketId>z</ticketId></reference></references>'
  + '<attachments><attachment><name>a.txt</name><contentType>text/plain</contentType><content> aGk= </content></attachment></attachments>';

describe('an envelope for our own service, held against its WSDL', () => {
  it.each([
    create(''), create(WHOLE), `<AddComment xmlns="${SERVICE}"><ticketId>1</ticketId><text>x</text><visibility>public</visibility></AddComment>`,
    `<AddAttachment xmlns="${SERVICE}"><ticketId>1</ticketId><attachment><name>a</name><content/></attachment><attachment><name>b</name><content/></attachment></AddAttachment>`,
    `<Ack xmlns="${SERVICE}"><ticketId>1</ticketId><status>ok</status></Ack>`,
  ])('is taken where it fits: %s', (body) => {
    expect(problem(body)).toBeNull();
  });

  it.each([
    ['what is missing', create('<sender><name>Vera</name></sender>'), '/CreateTicket/sender: expected <id>, found <name>.'],
    ['what comes too late', create('<messageType>m</messageType><eventId>e</eventId>'), '/CreateTicket: <eventId> is not expected there; known are, in this order, ticketId, eventId, sender, messageType, occurredAt, attributes, references, attachments.'],
    ['what nobody knows', create('<attributes><attribute><name>a</name><vaule>1</vaule></attribute></attributes>'), '/CreateTicket/attributes/attribute[1]: <vaule> is not expected there; known are, in this order, name, value.'],
    ['what comes twice', create('<eventId>e</eventId><eventId>f</eventId>'), '/CreateTicket: <eventId> is not expected there; known are, in this order, ticketId, eventId, sender, messageType, occurredAt, attributes, references, attachments.'],
    ['another namespace', create('<x:eventId xmlns:x="urn:x">e</x:eventId>'), '/CreateTicket: <eventId> of the namespace urn:x is not expected there; known are, in this order, ticketId, eventId, sender, messageType, occurredAt, attributes, references, attachments.'],
    ['no namespace', `<p:Ack xmlns:p="${SERVICE}"><ticketId>1</ticketId></p:Ack>`, '/Ack: expected <ticketId>, found <ticketId> of no namespace.'],
    ['a time that is none', create('<occurredAt>yesterday</occurredAt>'), '/CreateTicket/occurredAt: expected dateTime.'],
    ['bytes that are none', create('<attachments><attachment><name>a</name><content>aGk</content></attachment></attachments>'), '/CreateTicket/attachments/attachment[1]/content: expected base64Binary.'],
    ['a word that is not among them', `<AddComment xmlns="${SERVICE}"><ticketId>1</ticketId><text>x</text><visibility>secret</visibility></AddComment>`, '/AddComment/visibility: expected one of public, internal.'],
    ['elements for text', create('<messageType><b/></messageType>'), '/CreateTicket/messageType: expected text, found <b>.'],
    ['text for elements', create('<sender>Vera</sender>'), '/CreateTicket/sender: expected elements, found text.'],
    ['an attribute', create('<sender kind="a"><id>7</id></sender>'), '/CreateTicket/sender: the attribute kind is not expected there.'],
    ['nothing where something is needed', `<AddAttachment xmlns="${SERVICE}"><ticketId>1</ticketId></AddAttachment>`, '/AddAttachment: expected <attachment>, found the end.'],
  ])('is refused for %s, and the place is named', (_what, body, told) => {
    expect(problem(body)).toBe(told);
  });

  it('is taken as it comes where nobody asked for that', () => {
    expect(problem(create('<messageType>m</messageType><eventId>e</eventId>'), endpoint(false))).toBeNull();
  });

  it('is described by the same types in the WSDL', () => {
    const wsdl = soap.inbound.handshake!({ entityType: 'ticket', body: Buffer.alloc(0), contentType: '', headers: {}, query: 'wsdl', path: '/x' }, endpoint())!.body;
    expect(wsdl).toContain('<xsd:complexType name="Attribute"><xsd:sequence><xsd:element name="name" type="xsd:string"/><xsd:element name="value" type="xsd:string" minOccurs="0" maxOccurs="unbounded"/></xsd:sequence></xsd:complexType>');
    expect(wsdl).toContain('<xsd:element name="visibility" minOccurs="0"><xsd:simpleType><xsd:restriction base="xsd:string"><xsd:enumeration value="public"/><xsd:enumeration value="internal"/></xsd:restriction></xsd:simpleType></xsd:element>');
    expect(wsdl).toContain('<xsd:element name="attachment" type="t:Attachment" maxOccurs="unbounded"/>');
  });
});
