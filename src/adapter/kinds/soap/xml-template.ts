import type { Element, Node } from '@xmldom/xmldom';
import { err, ok, type Result } from '../../../core/message/result.js';
import { elementsOf, fillText, templateProblems, withItem, type TemplateScope } from '../../template/body-template.js';
import { holds, isQuery } from '../../place/query.js';
import { readXml } from '../../place/xml-document.js';

/** Namespace of the attributes that say how an element is written; the prefix `parley` is always declared. */
const TEMPLATE = 'urn:parley:template';
const DIRECTIVES = new Set(['each', 'if', 'omit', 'nil', 'file', 'string']);

const ELEMENT = 1;
const TEXT = 3;
const CDATA = 4;

interface TextPart {
  readonly kind: 'text' | 'cdata';
  readonly template: string;
}

interface ElementPart {
  readonly kind: 'element';
  readonly name: string;
  /** Declarations of namespaces among them, as they stand in the template. */
  readonly attributes: readonly (readonly [name: string, template: string])[];
  readonly directives: Readonly<Record<string, string>>;
  readonly parts: readonly Part[];
}

type Part = TextPart | ElementPart;

/** How the content of a file is written where a template asks for it: as base64, or as a reference to a part of its own. */
export type WriteFile = (fileId: string) => string;

/** XML in which texts and attribute values have placeholders. Values are escaped where they are written; none of them becomes an element. */
export interface XmlTemplate {
  write(scope: TemplateScope, file: WriteFile): string;
}

/** Takes a template apart, once; or a sentence on what is wrong with it. `namespaces`: what its prefixes mean besides those it declares itself. */
export function compileXmlTemplate(text: string, namespaces: Readonly<Record<string, string>>): Result<XmlTemplate, string> {
  const declared = Object.entries({ ...namespaces, parley: TEMPLATE }).map(([prefix, uri]) => ` xmlns:${prefix}="${escapeAttribute(uri)}"`).join('');
  const read = readXml(`<parley:template${declared}>${text}</parley:template>`);
  if (!read.ok) return err(read.error.message);
  const root = read.value.documentElement!;
  const problem = problemIn(root);
  if (problem !== null) return err(problem);
  const parts = partsOf(root);
  return ok({ write: (scope, file) => parts.map((part) => writePart(part, scope, file)).join('') });
}

function problemIn(element: Element): string | null {
  for (let child: Node | null = element.firstChild; child !== null; child = child.nextSibling) {
    if (child.nodeType === TEXT || child.nodeType === CDATA) {
      const [problem] = templateProblems(child.nodeValue ?? '');
      if (problem !== undefined) return problem;
    }
    if (child.nodeType !== ELEMENT) continue;
    const one = child as Element;
    if (one.nodeName.includes(':') && (one.namespaceURI ?? '') === '') return `The prefix of ${one.nodeName} has no namespace.`;
    for (const { name, value, namespaceURI, localName } of Array.from(one.attributes)) {
      if (namespaceURI === TEMPLATE) {
        if (!DIRECTIVES.has(localName ?? '')) return `There is no attribute ${name}.`;
        if ((localName === 'each' || localName === 'if') && !isQuery(value)) return `${name} is no JMESPath expression: ${value}`;
      } else if (name.includes(':') && !/^xml(?:ns)?:/.test(name) && (namespaceURI ?? '') === '') return `The prefix of the attribute ${name} has no namespace.`;
    }
    const below = problemIn(one);
    if (below !== null) return below;
  }
  return null;
}

function partsOf(element: Element): Part[] {
  const children = Array.from(element.childNodes);
  const isStructure = children.some((child) => child.nodeType === ELEMENT);
  const parts: Part[] = [];
  for (const child of children) {
    const value = child.nodeValue ?? '';
    if (child.nodeType === ELEMENT) parts.push(elementOf(child as Element));
    else if (child.nodeType === CDATA) parts.push({ kind: 'cdata', template: value });
    // Blanks between elements are how somebody laid the template out.
    else if (child.nodeType === TEXT && !(isStructure && value.trim() === '')) parts.push({ kind: 'text', template: value });
  }
  return parts;
}

function elementOf(element: Element): ElementPart {
  const all = Array.from(element.attributes);
  return {
    kind: 'element', name: element.nodeName,
    attributes: all.filter(({ namespaceURI, value }) => namespaceURI !== TEMPLATE && value !== TEMPLATE).map(({ name, value }) => [name, value] as const),
    directives: Object.fromEntries(all.filter(({ namespaceURI }) => namespaceURI === TEMPLATE).map(({ localName, value }) => [localName ?? '', value])),
    parts: partsOf(element),
  };
}

function writePart(part: Part, scope: TemplateScope, file: WriteFile): string {
  switch (part.kind) {
    case 'text': return escapeText(fillText(part.template, scope));
    case 'cdata': {
      const text = clean(fillText(part.template, scope));
      return text === '' ? '' : `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
    }
    case 'element': {
      const { each, if: condition } = part.directives;
      if (each !== undefined) return elementsOf(each, scope).map((item, index) => whole(part, withItem(scope, item, index), file)).join('');
      return condition === undefined || holds(scope.document(), condition) ? whole(part, scope, file) : '';
    }
  }
}

function whole(part: ElementPart, scope: TemplateScope, file: WriteFile): string {
  const { each, if: condition, omit, nil, file: fileId, string } = part.directives;
  if (each !== undefined && condition !== undefined && !holds(scope.document(), condition)) return '';
  const written = fileId === undefined ? part.parts.map((one) => writePart(one, scope, file)).join('') : file(fillText(fileId, scope));
  // Markup that the target wants as a text.
  const content = string === 'true' ? escapeText(written) : written;
  const isBlank = content.trim() === '';
  if (isBlank && omit !== undefined) return '';
  const attributes = part.attributes.map(([name, template]) => ` ${name}="${escapeAttribute(fillText(template, scope))}"`).join('');
  if (isBlank && nil !== undefined) return `<${part.name}${attributes} xsi:nil="true"/>`;
  return content === '' ? `<${part.name}${attributes}/>` : `<${part.name}${attributes}>${content}</${part.name}>`;
}

/** Without the characters that no XML 1.0 document may hold. */
const clean = (text: string): string => text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#xD;', '\n': '&#xA;', '\t': '&#x9;' };

/** A text as it stands between tags. */
export const escapeText = (text: string): string => clean(text).replace(/[&<>\r]/g, (found) => ENTITIES[found] ?? found);

/** A text as it stands in a quoted attribute. */
export const escapeAttribute = (text: string): string => clean(text).replace(/[&<>"\r\n\t]/g, (found) => ENTITIES[found] ?? found);
