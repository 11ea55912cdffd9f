import type { Element, Node } from '@xmldom/xmldom';
import { DOMParser } from '@xmldom/xmldom';
import { failure, type Failure } from '../../../core/message/failure.js';
import { err, ok, type Result } from '../../../core/message/result.js';
import { MessageView, type Received } from '../../place/message-view.js';
import { ENVELOPE, XOP, type SoapVersion } from './names.js';
import { readRelated, type RelatedPart } from './multipart-related.js';

/** Child elements by their local name, in a namespace where one is told. */
export function childrenOf(parent: Node, localName: string, namespace?: string): Element[] {
  return elementsOf(parent).filter((one) => one.localName === localName && (namespace === undefined || one.namespaceURI === namespace));
}

export const childOf = (parent: Node, localName: string, namespace?: string): Element | null => childrenOf(parent, localName, namespace)[0] ?? null;
export const elementsOf = (parent: Node): Element[] => Array.from(parent.childNodes).filter((one): one is Element => one.nodeType === 1);
/** The text of a child element; null where there is none, or it is blank. */
export function textOf(parent: Node | null, localName: string, namespace?: string): string | null {
  const found = parent === null ? null : (childOf(parent, localName, namespace)?.textContent ?? '').trim();
  return found === null || found === '' ? null : found;
}

/** An envelope as it was read, files that came beside it put into their places as base64. */
export interface ReadEnvelope {
  readonly version: SoapVersion;
  readonly view: MessageView;
  readonly root: Element;
  readonly header: Element | null;
  readonly body: Element;
  /** What the Body carries; null where it is empty. */
  readonly content: Element | null;
  /** Whether it came as the root of several parts. */
  readonly isRelated: boolean;
}

/** Reads an envelope of either version, alone or as the root of a multipart/related body. */
export function readEnvelope(received: Received): Result<ReadEnvelope, Failure> {
  const isRelated = /^multipart\/related\b/i.test(received.contentType);
  const related = isRelated ? readRelated(received.contentType, received.body) : null;
  if (related !== null && !related.ok) return related;
  const root = related?.value.root;
  const view = new MessageView(root === undefined ? received : { ...received, body: root.content, contentType: root.contentType });
  const taken = view.readXml();
  if (!taken.ok) return taken;
  const element = taken.value.documentElement!;
  const version = (Object.keys(ENVELOPE) as SoapVersion[]).find((one) => ENVELOPE[one] === element.namespaceURI);
  if (element.localName !== 'Envelope' || version === undefined) return err(failure('invalid', 'not-an-envelope', 'The body is not a SOAP envelope of version 1.1 or 1.2.'));
  const bodies = childrenOf(element, 'Body', ENVELOPE[version]);
  if (bodies.length !== 1) return err(failure('invalid', 'not-an-envelope', 'The envelope does not have one Body.'));
  const problem = related === null ? null : placeFiles(bodies[0]!, related.value.parts);
  if (problem !== null) return err(failure('invalid', 'broken-attachment', problem));
  return ok({ version, view, root: element, header: childOf(element, 'Header', ENVELOPE[version]), body: bodies[0]!, content: elementsOf(bodies[0]!)[0] ?? null, isRelated });
}

/** Puts files in the places that refer to them (XOP, or SOAP with attachments). Each only once: a small body must not become a large one. */
function placeFiles(element: Element, parts: ReadonlyMap<string, RelatedPart>): string | null {
  const used = new Set<string>();
  const text = (at: Element, { content }: RelatedPart): Node => at.ownerDocument!.createTextNode(Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('base64'));
  const visit = (at: Element): string | null => {
    for (const child of elementsOf(at)) {
      const isInclude = child.localName === 'Include' && child.namespaceURI === XOP;
      const id = isInclude ? decoded((child.getAttribute('href') ?? '').replace(/^cid:/, '')) : attachmentIn(child);
      const part = id === null ? undefined : parts.get(id);
      if (isInclude && part === undefined) return 'The envelope refers to a part that did not come.';
      if (id === null || part === undefined) {
        const problem = visit(child);
        if (problem !== null) return problem;
        continue;
      }
      if (used.has(id)) return 'The envelope refers to one part twice.';
      used.add(id);
      if (isInclude) at.replaceChild(text(at, part), child);
      else {
        child.textContent = '';
        child.appendChild(text(child, part));
      }
    }
    return null;
  };
  return visit(element);
}

/** The id of the part that an element without elements names by its attribute or its text; null where it names none. */
function attachmentIn(element: Element): string | null {
  if (elementsOf(element).length > 0) return null;
  const [, id] = /^\s*cid:(\S{1,998})\s*$/.exec(element.getAttribute('href') || (element.textContent ?? '').slice(0, 1_100)) ?? [];
  return id === undefined ? null : decoded(id);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** An element as a document of its own. */
export function alone(element: Element): MessageView['xml'] {
  const document = new DOMParser().parseFromString('<x/>', 'text/xml');
  document.replaceChild(document.importNode(element, true), document.documentElement!);
  return document;
}
