import type { Element } from '@xmldom/xmldom';
import { elementsOf } from './envelope-reader.js';
import { SERVICE, XSI } from './names.js';
import { OPERATIONS } from './service.js';
import { partsOfType, SERVICE_REQUESTS, type Part, type SimpleType } from './service-schema.js';

const DATE_TIME = /^-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?$/;

/** Where and how what the Body carries does not fit our WSDL: the place and what is expected there; null where it fits. */
export function serviceProblem(content: Element): string | null {
  const operation = OPERATIONS.find((one) => one === content.localName);
  // The reader says it of another operation.
  if (operation === undefined || content.namespaceURI !== SERVICE) return null;
  const problem = sequenceProblem(content, SERVICE_REQUESTS[operation], `/${operation}`);
  return problem === null ? null : `The envelope does not fit the WSDL at ${problem}`;
}

function sequenceProblem(parent: Element, parts: readonly Part[], at: string): string | null {
  const ownProblem = attributeProblem(parent, at) ?? textBesideElements(parent, at);
  if (ownProblem !== null) return ownProblem;
  const children = elementsOf(parent);
  let next = 0;
  for (const part of parts) {
    let times = 0;
    for (; (part.most === 'unbounded' || times < part.most) && isNamed(children[next], part.name); next++) {
      times++;
      const problem = partProblem(children[next]!, part, `${at}/${part.name}${part.most === 1 ? '' : `[${times}]`}`);
      if (problem !== null) return problem;
    }
    if (times < part.least) return `${at}: expected <${part.name}>, found ${shown(children[next])}.`;
  }
  return next < children.length ? `${at}: ${shown(children[next])} is not expected there; known are, in this order, ${parts.map(({ name }) => name).join(', ')}.` : null;
}

const isNamed = (element: Element | undefined, name: string): boolean => element?.localName === name && element.namespaceURI === SERVICE;

function shown(element: Element | undefined): string {
  if (element === undefined) return 'the end';
  const namespace = element.namespaceURI ?? '';
  return `<${element.localName ?? ''}>${namespace === SERVICE ? '' : namespace === '' ? ' of no namespace' : ` of the namespace ${namespace}`}`;
}

function partProblem(element: Element, { type, values }: Part, at: string): string | null {
  const parts = partsOfType(type);
  if (parts !== null) return sequenceProblem(element, parts, at);
  const [inside] = elementsOf(element);
  const problem = attributeProblem(element, at);
  if (problem !== null || inside !== undefined) return problem ?? `${at}: expected text, found ${shown(inside)}.`;
  const text = element.textContent ?? '';
  if (values !== undefined && !values.includes(text)) return `${at}: expected one of ${values.join(', ')}.`;
  return isOfType(text, type as SimpleType) ? null : `${at}: expected ${type}.`;
}

function isOfType(text: string, type: SimpleType): boolean {
  switch (type) {
    case 'string': return true;
    case 'dateTime': return DATE_TIME.test(text.trim()) && !Number.isNaN(Date.parse(text.trim()));
    case 'base64Binary': return /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text) && text.replace(/\s/g, '').length % 4 === 0;
  }
}

/** Nothing has attributes but what a schema says of instances; none may be nil. */
function attributeProblem(element: Element, at: string): string | null {
  const found = Array.from(element.attributes).find(({ name, namespaceURI, localName, value }) => !/^xmlns(?::|$)/.test(name) && (namespaceURI !== XSI || (localName === 'nil' && /^(?:1|true)$/.test(value.trim()))));
  return found === undefined ? null : `${at}: the attribute ${found.name} is not expected there.`;
}

const textBesideElements = (parent: Element, at: string): string | null =>
  (Array.from(parent.childNodes).some(({ nodeType, nodeValue }) => (nodeType === 3 || nodeType === 4) && (nodeValue ?? '').trim() !== '') ? `${at}: expected elements, found text.` : null);
