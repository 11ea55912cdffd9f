import { actionOf } from './addressed.js';
import { SERVICE } from './names.js';
import { OPERATIONS } from './service.js';
import { partsOfType, SERVICE_REQUESTS, SERVICE_TYPES, type Part } from './service-schema.js';
import { escapeAttribute } from './xml-template.js';

const occurs = ({ least, most }: Part): string => `${least === 0 ? ' minOccurs="0"' : ''}${most === 'unbounded' ? ' maxOccurs="unbounded"' : ''}`;
const element = (part: Part): string => {
  const { name, type, values } = part;
  if (values === undefined) return `<xsd:element name="${name}" type="${partsOfType(type) === null ? 'xsd' : 't'}:${type}"${occurs(part)}/>`;
  return `<xsd:element name="${name}"${occurs(part)}><xsd:simpleType><xsd:restriction base="xsd:${type}">${values.map((value) => `<xsd:enumeration value="${value}"/>`).join('')}</xsd:restriction></xsd:simpleType></xsd:element>`;
};
const sequence = (parts: readonly Part[]): string => `<xsd:sequence>${parts.map(element).join('')}</xsd:sequence>`;

const SCHEMA = [
  ...Object.entries(SERVICE_TYPES).map(([name, parts]) => `<xsd:complexType name="${name}">${sequence(parts)}</xsd:complexType>`),
  ...OPERATIONS.map((name) => `<xsd:element name="${name}"><xsd:complexType>${sequence(SERVICE_REQUESTS[name])}</xsd:complexType></xsd:element>`),
  ...OPERATIONS.map((name) => `<xsd:element name="${name}Response"><xsd:complexType><xsd:sequence><xsd:element name="messageId" type="xsd:string"/><xsd:element name="repeated" type="xsd:boolean"/></xsd:sequence></xsd:complexType></xsd:element>`),
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
