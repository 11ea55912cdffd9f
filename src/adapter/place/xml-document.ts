import { createRequire } from 'node:module';
import { DOMParser, type Document, type Element, type Node } from '@xmldom/xmldom';
import { failure, type Failure } from '../../core/message/failure.js';
import { err, ok, type Result } from '../../core/message/result.js';

interface Xpath {
  useNamespaces(namespaces: Readonly<Record<string, string>>): (expression: string, node: Document) => readonly Node[] | string | number | boolean | null;
}

/** Its own types bring those of browsers into the whole project, where they stand in the way of Node's. */
const xpath = createRequire(import.meta.url)('xpath') as Xpath;

/** Elements deeper than this are nobody's ticket, and readers that recurse would fall over them. */
const MOST_DEPTH = 128;
/** Elements and attributes of one document. */
const MOST_NODES = 200_000;

const ELEMENT = 1;
const TEXT = 3;
const CDATA = 4;

/**
 * Reads XML from outside. A document type is refused, so that there are no entities to expand or to fetch; so are what is
 * not well-formed, too deep or has too many nodes.
 */
export function readXml(text: string): Result<Document, Failure> {
  if (/<!DOCTYPE/i.test(text)) return err(failure('invalid', 'xml-doctype', 'XML with a document type is not read.'));
  const problem = oversize(text);
  if (problem !== null) return err(failure('invalid', 'xml-too-large', problem));
  try {
    const parser = new DOMParser({ onError: (level, message) => { if (level !== 'warning') throw new Error(message); } });
    const document = parser.parseFromString(text.replace(/^\uFEFF/, ''), 'text/xml');
    if (document.documentElement === null) throw new Error('no element');
    return ok(document);
  } catch {
    return err(failure('invalid', 'broken-xml', 'The text is not well-formed XML.'));
  }
}

/** Counts before anything is built. Angle brackets inside of comments and CDATA count too: the limits are far beyond what is sent. */
function oversize(text: string): string | null {
  let depth = 0;
  let nodes = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
    const next = text[at + 1];
    if (next === '!') {
      // What stands in comments and CDATA is no element.
      const end = text.startsWith('<!--', at) ? text.indexOf('-->', at) : text.startsWith('<![CDATA[', at) ? text.indexOf(']]>', at) : at;
      if (end < 0) return null; // not well-formed: the parser says so
      at = end;
      continue;
    }
    if (next === '?') continue;
    nodes++;
    if (next === '/') depth--;
    else {
      const end = text.indexOf('>', at);
      if (end < 0) return null;
      if (text[end - 1] !== '/') depth++;
    }
    if (depth > MOST_DEPTH) return `The XML is nested deeper than ${MOST_DEPTH}.`;
    if (nodes > MOST_NODES) return `The XML has more than ${MOST_NODES} tags.`;
  }
  return null;
}

/**
 * XML as JSON: an element with neither attributes nor elements is its text, others are objects; names lose their prefix, attributes are
 * `@name`, text beside elements is `#text`, elements of one name become a list. The root is a member of that name.
 */
export function xmlToJson(document: Document): Readonly<Record<string, unknown>> {
  const root = document.documentElement;
  return root === null ? {} : { [nameOf(root)]: jsonOf(root) };
}

function jsonOf(element: Element): unknown {
  const members = new Map<string, unknown[]>();
  for (const { name, value } of Array.from(element.attributes)) if (!/^xmlns(?::|$)/.test(name)) members.set(`@${name.replace(/^.*:/, '')}`, [value]);
  let text = '';
  for (let child: Node | null = element.firstChild; child !== null; child = child.nextSibling) {
    if (child.nodeType === ELEMENT) {
      const name = nameOf(child as Element);
      const known = members.get(name);
      if (known === undefined) members.set(name, [jsonOf(child as Element)]);
      else known.push(jsonOf(child as Element));
    } else if (child.nodeType === TEXT || child.nodeType === CDATA) text += child.nodeValue ?? '';
  }
  if (members.size === 0) return text;
  if (text.trim() !== '') members.set('#text', [text.trim()]);
  return Object.fromEntries([...members].map(([name, values]) => [name, values.length === 1 ? values[0] : values]));
}

const nameOf = (element: Element): string => element.localName ?? element.nodeName;

/** Reads what an XPath 1.0 expression finds: text, number or boolean, a list of texts where it finds several nodes, undefined where it finds none. */
export type XpathReader = (document: Document) => unknown;

/** An XPath 1.0 expression with its prefixes, or why it is none. */
export function compileXpath(expression: string, namespaces: Readonly<Record<string, string>>): Result<XpathReader, string> {
  const select = xpath.useNamespaces({ ...namespaces });
  const find: XpathReader = (document) => {
    const found = select(expression, document);
    if (typeof found === 'object' && found !== null) {
      const texts = found.map((node) => node.textContent ?? node.nodeValue ?? '');
      return texts.length === 0 ? undefined : texts.length === 1 ? texts[0] : texts;
    }
    return typeof found === 'number' && Number.isNaN(found) ? undefined : (found ?? undefined);
  };
  try {
    find(EMPTY);
  } catch {
    return err('is not an XPath 1.0 expression, or has a prefix without namespace');
  }
  return ok((document) => {
    try {
      return find(document);
    } catch {
      return undefined; // a function with arguments that do not fit this document: nothing is found
    }
  });
}

/** An XPath 1.0 expression that finds elements, or why it is none; what it finds besides elements is left out. */
export function compileElements(expression: string, namespaces: Readonly<Record<string, string>>): Result<(document: Document) => readonly Element[], string> {
  const compiled = compileXpath(expression, namespaces);
  if (!compiled.ok) return compiled;
  const select = xpath.useNamespaces({ ...namespaces });
  return ok((document) => {
    try {
      const found = select(expression, document);
      return typeof found === 'object' && found !== null ? found.filter((node): node is Element => node.nodeType === ELEMENT) : [];
    } catch {
      return []; // as above: nothing is found
    }
  });
}

const EMPTY = new DOMParser().parseFromString('<empty/>', 'text/xml');
