import type { Element } from '@xmldom/xmldom';
import { childOf, elementsOf } from '../envelope-reader.js';
import { XSD } from '../names.js';
import { qnameAt, type QName } from './definitions.js';

/** Elements of one message; schemas that refer to themselves would have no end. */
const MOST_NODES = 500;
const MOST_DEPTH = 12;

/** An element that a message may have, with what is in it. */
export interface SchemaNode {
  readonly name: string;
  /** Empty where the element belongs to none. */
  readonly namespace: string;
  readonly isRequired: boolean;
  readonly isList: boolean;
  /** Local name of a simple type, with the values that it may have; null of an element that has others. */
  readonly simple: { readonly type: string; readonly choices: readonly string[] } | null;
  readonly attributes: readonly { readonly name: string; readonly type: string }[];
  readonly children: readonly SchemaNode[];
}

type Kind = 'element' | 'complexType' | 'simpleType' | 'group';
interface Content { readonly children: readonly SchemaNode[]; readonly attributes: SchemaNode['attributes']; readonly simple: SchemaNode['simple'] }
const NOTHING: Content = { children: [], attributes: [], simple: null };
const joined = (all: readonly Content[]): Content => ({ children: all.flatMap((one) => one.children), attributes: all.flatMap((one) => one.attributes), simple: all.find((one) => one.simple !== null)?.simple ?? null });

/** Reads what elements and types of schemas consist of. What is not known (another document, `any`) is left out. */
export class SchemaReader {
  private nodes = 0;
  private readonly tops = new Map<string, Element>();

  constructor(schemas: readonly Element[]) {
    for (const schema of schemas) {
      const namespace = schema.getAttribute('targetNamespace') ?? '';
      for (const top of elementsOf(schema)) {
        const key = keyOf(top.localName ?? '', { namespace, name: top.getAttribute('name') ?? '' });
        if (top.namespaceURI === XSD && !this.tops.has(key)) this.tops.set(key, top);
      }
    }
  }

  /** The element of that name at the top of a schema; null where there is none. */
  element(name: QName): SchemaNode | null {
    this.nodes = 0;
    const found = this.find('element', name);
    return found === null ? null : this.nodeOf(found, { isTop: true, path: [] });
  }

  /** An element of no namespace that has a type: a parameter of RPC. */
  parameter(name: string, type: QName): SchemaNode {
    this.nodes = 0;
    return { name, namespace: '', isRequired: true, isList: false, ...this.typed(type, []) };
  }

  private find(kind: Kind, name: QName): Element | null {
    return this.tops.get(keyOf(kind, name)) ?? null;
  }

  private nodeOf(element: Element, { isTop, path }: { readonly isTop: boolean; readonly path: readonly Element[] }): SchemaNode | null {
    if (++this.nodes > MOST_NODES || path.length > MOST_DEPTH) return null;
    const many = element.getAttribute('maxOccurs') ?? '1';
    const occurs = { isRequired: element.getAttribute('minOccurs') !== '0' && (element.parentNode as Element | null)?.localName !== 'choice', isList: many !== '0' && many !== '1' };
    const referred = qnameAt(element, element.getAttribute('ref'));
    if (referred !== null) {
      const target = this.find('element', referred);
      const node = target === null ? null : this.nodeOf(target, { isTop: true, path });
      return node === null ? null : { ...node, ...occurs };
    }
    const type = qnameAt(element, element.getAttribute('type'));
    const own = childOf(element, 'complexType', XSD) ?? childOf(element, 'simpleType', XSD);
    const content = type !== null ? this.typed(type, path) : own === null ? NOTHING : this.contentOf(own, [...path, own]);
    return { name: element.getAttribute('name') ?? '', namespace: isTop || isQualified(element) ? namespaceOf(element) : '', ...occurs, ...content };
  }

  private typed(type: QName, path: readonly Element[]): Content {
    if (type.namespace === XSD || type.namespace.endsWith('/encoding/')) return type.name === 'Array' ? NOTHING : { ...NOTHING, simple: { type: type.name, choices: [] } };
    const found = this.find('complexType', type) ?? this.find('simpleType', type);
    // A type within itself ends there.
    return found === null || path.includes(found) ? NOTHING : this.contentOf(found, [...path, found]);
  }

  private contentOf(type: Element, path: readonly Element[]): Content {
    if (type.localName === 'simpleType') return { ...NOTHING, simple: this.simpleOf(type, path) };
    return joined(elementsOf(type).map((part) => this.partOf(part, path)));
  }

  private simpleOf(type: Element, path: readonly Element[]): NonNullable<SchemaNode['simple']> {
    const restriction = childOf(type, 'restriction', XSD);
    const base = restriction === null ? null : qnameAt(restriction, restriction.getAttribute('base'));
    const choices = restriction === null ? [] : elementsOf(restriction).filter(({ localName }) => localName === 'enumeration').map((one) => one.getAttribute('value') ?? '');
    const below = base === null ? null : this.typed(base, path).simple;
    return { type: below?.type ?? 'string', choices: choices.length > 0 ? choices : (below?.choices ?? []) };
  }

  private partOf(part: Element, path: readonly Element[]): Content {
    switch (part.namespaceURI === XSD ? part.localName : '') {
      case 'sequence': case 'all': case 'choice':
        return joined(elementsOf(part).map((one) => this.partOf(one, path)));
      case 'element': {
        const node = this.nodeOf(part, { isTop: false, path });
        return node === null ? NOTHING : { ...NOTHING, children: [node] };
      }
      case 'attribute': {
        const isNeeded = part.getAttribute('use') === 'required';
        return isNeeded ? { ...NOTHING, attributes: [{ name: part.getAttribute('name') ?? '', type: qnameAt(part, part.getAttribute('type'))?.name ?? 'string' }] } : NOTHING;
      }
      case 'group': {
        const name = qnameAt(part, part.getAttribute('ref'));
        const found = name === null ? null : this.find('group', name);
        return found === null || path.includes(found) ? NOTHING : joined(elementsOf(found).map((one) => this.partOf(one, [...path, found])));
      }
      case 'complexContent': case 'simpleContent':
        return joined(elementsOf(part).map((one) => this.derived(one, path)));
      default:
        return NOTHING;
    }
  }

  /** An extension has what its base has, and more; a restriction writes out what is left. */
  private derived(part: Element, path: readonly Element[]): Content {
    const base = qnameAt(part, part.getAttribute('base'));
    const below = base !== null && (part.localName === 'extension' || part.parentNode?.nodeName.endsWith('simpleContent') === true) ? this.typed(base, path) : NOTHING;
    return joined([below, ...elementsOf(part).map((one) => this.partOf(one, path))]);
  }
}

const keyOf = (kind: string, { namespace, name }: QName): string => `${kind} ${namespace} ${name}`;

function schemaOf(element: Element): Element {
  let at = element;
  while (at.localName !== 'schema' && at.parentNode?.nodeType === 1) at = at.parentNode as Element;
  return at;
}

const namespaceOf = (element: Element): string => schemaOf(element).getAttribute('targetNamespace') ?? '';
const isQualified = (element: Element): boolean => (element.getAttribute('form') ?? schemaOf(element).getAttribute('elementFormDefault')) === 'qualified';
