import type { Element } from '@xmldom/xmldom';
import { childrenOf } from './envelope-reader.js';
import { SERVICE, XSI } from './names.js';

/** Elements of a message of our own service. Parameters of RPC clients belong to no namespace. */
export const parametersOf = (parent: Element, name: string): Element[] => childrenOf(parent, name).filter(({ namespaceURI }) => namespaceURI === SERVICE || (namespaceURI ?? '') === '');

export const parameterOf = (parent: Element, name: string): Element | null => parametersOf(parent, name)[0] ?? null;

/** The text of an element; null where there is none, or it is blank. */
export function wordOf(parent: Element | null, name: string): string | null {
  const found = parent === null ? null : parameterOf(parent, name);
  const word = found === null ? '' : contentOf(found).trim();
  return word === '' ? null : word;
}

/** What an element carries as text. SOAP::Lite takes every text that is not ASCII for bytes, and says so. */
export function contentOf(element: Element): string {
  const text = element.textContent ?? '';
  return /(?:^|:)base64(?:Binary)?$/.test(element.getAttributeNS(XSI, 'type') ?? '') ? Buffer.from(text, 'base64').toString() : text;
}
