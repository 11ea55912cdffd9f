import type { Element } from '@xmldom/xmldom';
import { childOf, childrenOf, elementsOf } from '../envelope-reader.js';
import { XSD, type SoapVersion } from '../names.js';

const WSDL = 'http://schemas.xmlsoap.org/wsdl/';
/** Bindings by the version of SOAP that they speak; others (HTTP, MIME) are not of interest. */
const BINDINGS: Readonly<Record<SoapVersion, string>> = { '1.1': 'http://schemas.xmlsoap.org/wsdl/soap/', '1.2': 'http://schemas.xmlsoap.org/wsdl/soap12/' };
const VERSIONS = Object.keys(BINDINGS) as SoapVersion[];

/** Of ports, and of operations of one port: nobody chooses among more. */
const MOST_PORTS = 20;
const MOST_OPERATIONS = 200;

/** A name with its namespace; that is empty where there is none. */
export interface QName {
  readonly namespace: string;
  readonly name: string;
}

/** A part of a message: an element, or a type under the part's own name. */
export interface MessagePart {
  readonly name: string;
  readonly element: QName | null;
  readonly type: QName | null;
}

/** An operation as a binding has it. */
export interface BoundOperation {
  readonly name: string;
  readonly version: SoapVersion;
  readonly address: string | null;
  readonly action: string;
  readonly style: 'document' | 'rpc';
  readonly use: 'literal' | 'encoded';
  /** Of style rpc: the namespace of the element that wraps the parameters. */
  readonly namespace: string;
  readonly input: readonly MessagePart[];
  readonly output: readonly MessagePart[];
}

/** What a prefixed name at an element means. */
export function qnameAt(element: Element, text: string | null): QName | null {
  if (text === null || text === '') return null;
  const [prefix, name] = text.includes(':') ? (text.split(':', 2) as [string, string]) : ['', text];
  return { namespace: element.lookupNamespaceURI(prefix === '' ? null : prefix) ?? '', name };
}

const same = (one: QName | null, other: QName | null): boolean => one !== null && other !== null && one.name === other.name && one.namespace === other.namespace;

/** Schemas of documents: those that stand in definitions, and documents that are one. */
export const schemasOf = (roots: readonly Element[]): Element[] =>
  roots.flatMap((root) => (root.localName === 'schema' && root.namespaceURI === XSD ? [root] : childrenOf(root, 'types', WSDL).flatMap((types) => childrenOf(types, 'schema', XSD))));

/** Where documents say that more of them is: WSDL imports, and imports and includes of schemas. */
export function importsOf(root: Element): string[] {
  const places = childrenOf(root, 'import', WSDL).map((one) => one.getAttribute('location'));
  const ofSchemas = schemasOf([root]).flatMap((schema) => elementsOf(schema).filter(({ localName, namespaceURI }) => namespaceURI === XSD && ['import', 'include', 'redefine'].includes(localName ?? '')).map((one) => one.getAttribute('schemaLocation')));
  return [...new Set([...places, ...ofSchemas].filter((place): place is string => place !== null && place !== ''))];
}

/** Every operation of every port that speaks SOAP, in the order in which they are written. */
export function operationsOf(roots: readonly Element[]): BoundOperation[] {
  const definitions = roots.filter((root) => root.localName === 'definitions' && root.namespaceURI === WSDL);
  const find = (kind: string, wanted: QName | null): Element | null =>
    definitions.flatMap((root) => childrenOf(root, kind, WSDL).filter((one) => same({ namespace: root.getAttribute('targetNamespace') ?? '', name: one.getAttribute('name') ?? '' }, wanted)))[0] ?? null;
  const ports = definitions.flatMap((root) => childrenOf(root, 'service', WSDL)).flatMap((service) => childrenOf(service, 'port', WSDL)).slice(0, MOST_PORTS);
  return ports.flatMap((port) => {
    const binding = find('binding', qnameAt(port, port.getAttribute('binding')));
    const version = VERSIONS.find((one) => binding !== null && childOf(binding, 'binding', BINDINGS[one]) !== null);
    const portType = binding === null ? null : find('portType', qnameAt(binding, binding.getAttribute('type')));
    if (binding === null || version === undefined || portType === null) return [];
    const address = childOf(port, 'address', BINDINGS[version])?.getAttribute('location') ?? null;
    const general = childOf(binding, 'binding', BINDINGS[version])!.getAttribute('style');
    return childrenOf(binding, 'operation', WSDL).slice(0, MOST_OPERATIONS).flatMap((bound): BoundOperation[] => {
      const name = bound.getAttribute('name') ?? '';
      const abstract = childrenOf(portType, 'operation', WSDL).find((one) => one.getAttribute('name') === name);
      if (abstract === undefined) return [];
      const soap = childOf(bound, 'operation', BINDINGS[version]);
      const [input, output] = ['input', 'output'].map((way) => childOf(abstract, way, WSDL));
      const body = (way: string): Element | null => { const side = childOf(bound, way, WSDL); return side === null ? null : childOf(side, 'body', BINDINGS[version]); };
      const parts = (side: Element | null | undefined, way: string): MessagePart[] => {
        const message = side === null || side === undefined ? null : find('message', qnameAt(side, side.getAttribute('message')));
        const named = body(way)?.getAttribute('parts')?.split(/\s+/).filter((one) => one !== '');
        const all = message === null ? [] : childrenOf(message, 'part', WSDL).map((part): MessagePart => ({ name: part.getAttribute('name') ?? '', element: qnameAt(part, part.getAttribute('element')), type: qnameAt(part, part.getAttribute('type')) }));
        return named === undefined || named.length === 0 ? all : all.filter((part) => named.includes(part.name));
      };
      return [{
        name, version, address, action: soap?.getAttribute('soapAction') ?? '', style: (soap?.getAttribute('style') || general) === 'rpc' ? 'rpc' : 'document', use: body('input')?.getAttribute('use') === 'encoded' ? 'encoded' : 'literal',
        namespace: body('input')?.getAttribute('namespace') ?? '', input: parts(input, 'input'), output: parts(output, 'output'),
      }];
    });
  });
}
