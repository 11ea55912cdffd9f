import { actionOf } from './addressed.js';
import { SERVICE } from './names.js';
import { OPERATIONS } from './service.js';
import { escapeAttribute } from './xml-template.js';

const text = (name: string, more = ''): string => `<xsd:element name="${name}" type="xsd:string"${more}/>`;
const OPTIONAL = ' minOccurs="0"';
const MANY = ' minOccurs="0" maxOccurs="unbounded"';
const type = (name: string, content: string): string => `<xsd:complexType name="${name}"><xsd:sequence>${content}</xsd:sequence></xsd:complexType>`;
const request = (name: string, content: string): string => `<xsd:element name="${name}"><xsd:complexType><xsd:sequence>${text('ticketId')}${text('eventId', OPTIONAL)}<xsd:element name="sender" type="t:Person" minOccurs="0"/>${content}</xsd:sequence></xsd:complexType></xsd:element>`;
const list = (name: string, element: string, of: string): string => type(name, `<xsd:element name="${element}" type="t:${of}"${MANY}/>`);

const TICKET = `${text('messageType', OPTIONAL)}<xsd:element name="occurredAt" type="xsd:dateTime" minOccurs="0"/><xsd:element name="attributes" type="t:Attributes" minOccurs="0"/>`
  + '<xsd:element name="references" type="t:References" minOccurs="0"/><xsd:element name="attachments" type="t:Attachments" minOccurs="0"/>';

const SCHEMA = [
  type('Person', text('id') + text('name', OPTIONAL)),
  type('Attribute', text('name') + text('value', MANY)), list('Attributes', 'attribute', 'Attribute'),
  type('Reference', text('endpoint') + text('entityType') + text('ticketId')), list('References', 'reference', 'Reference'),
  type('Attachment', `${text('name')}${text('contentType', OPTIONAL)}<xsd:element name="content" type="xsd:base64Binary"/>`), list('Attachments', 'attachment', 'Attachment'),
  request('CreateTicket', TICKET), request('UpdateTicket', TICKET),
  request('AddComment', `${text('text')}<xsd:element name="visibility" minOccurs="0"><xsd:simpleType><xsd:restriction base="xsd:string"><xsd:enumeration value="public"/><xsd:enumeration value="internal"/></xsd:restriction></xsd:simpleType></xsd:element>`),
  request('AddAttachment', '<xsd:element name="attachment" type="t:Attachment" maxOccurs="unbounded"/>'),
  request('Ack', `${text('status', OPTIONAL)}${text('text', OPTIONAL)}<xsd:element name="reference" type="t:Reference" minOccurs="0" maxOccurs="unbounded"/>`),
  ...OPERATIONS.map((name) => `<xsd:element name="${name}Response"><xsd:complexType><xsd:sequence>${text('messageId')}<xsd:element name="repeated" type="xsd:boolean"/></xsd:sequence></xsd:complexType></xsd:element>`),
].join('');

const binding = (name: string, prefix: string): string => `<wsdl:binding name="${name}" type="t:Ticket"><${prefix}:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>`
  + OPERATIONS.map((one) => `<wsdl:operation name="${one}"><${prefix}:operation soapAction="${actionOf(one)}" style="document"/><wsdl:input><${prefix}:body use="literal"/></wsdl:input><wsdl:output><${prefix}:body use="literal"/></wsdl:output></wsdl:operation>`).join('') + '</wsdl:binding>';

/** The WSDL 1.1 of our own service at an address, for both versions of SOAP; document/literal wrapped. */
export const serviceWsdl = (address: string): string => '<?xml version="1.0" encoding="utf-8"?>'
  + `<wsdl:definitions name="Parley" targetNamespace="${SERVICE}" xmlns:t="${SERVICE}" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:wsam="http://www.w3.org/2007/05/addressing/metadata">`
  + `<wsdl:types><xsd:schema targetNamespace="${SERVICE}" elementFormDefault="qualified">${SCHEMA}</xsd:schema></wsdl:types>`
  + OPERATIONS.map((one) => `<wsdl:message name="${one}In"><wsdl:part name="parameters" element="t:${one}"/></wsdl:message><wsdl:message name="${one}Out"><wsdl:part name="parameters" element="t:${one}Response"/></wsdl:message>`).join('')
  + `<wsdl:portType name="Ticket">${OPERATIONS.map((one) => `<wsdl:operation name="${one}"><wsdl:input message="t:${one}In" wsam:Action="${actionOf(one)}"/><wsdl:output message="t:${one}Out" wsam:Action="${actionOf(one, 'Response')}"/></wsdl:operation>`).join('')}</wsdl:portType>`
  + binding('TicketSoap11', 'soap') + binding('TicketSoap12', 'soap12')
  + `<wsdl:service name="Parley"><wsdl:port name="Soap11" binding="t:TicketSoap11"><soap:address location="${escapeAttribute(address)}"/></wsdl:port><wsdl:port name="Soap12" binding="t:TicketSoap12"><soap12:address location="${escapeAttribute(address)}"/></wsdl:port></wsdl:service></wsdl:definitions>`;
