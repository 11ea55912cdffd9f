import type { Element } from '@xmldom/xmldom';
import type { ProposedOperation, ProposedOperations } from '../../../proposed-operations.js';
import { operationsOf, schemasOf, type BoundOperation, type MessagePart } from './definitions.js';
import { SchemaReader, type SchemaNode } from './schema-reader.js';

const MOST_OPERATIONS = 200;
/** What operations are probably for, by the first word of their names. */
const PURPOSES: readonly (readonly [NonNullable<ProposedOperation['suggestedFor']>, RegExp])[] = [
  ['lookup', /^(?:find|search|get|query|list|look|fetch|read)/i], ['update', /^(?:update|change|modify|set|edit|patch)/i], ['create', /^(?:create|open|insert|add|new|submit|report|post)/i],
];
/** Parts of a ticket: what is done to them is none of these. */
const PARTS = /comment|note|attach|file|log|ack/i;
/** Names under which answers carry the id of a ticket, most telling first. */
const IDS: readonly RegExp[] = [/(?:ticket|incident|case|issue|request)_?(?:id|number|no|key)$/i, /^(?:sys_?)?id$/i, /(?:id|number|key)$/i, /(?:result|return)$/i];

/** Prefixes of namespaces, given as they are met. */
class Prefixes {
  readonly known = new Map<string, string>();

  of(namespace: string): string {
    if (namespace === '') return '';
    if (!this.known.has(namespace)) this.known.set(namespace, this.known.size === 0 ? 't' : `t${this.known.size + 1}`);
    return `${this.known.get(namespace)}:`;
  }
}

/** Skeletons of the calls that definitions describe, as templates of this kind. Each operation once, in the first version that has it. Pure. */
export function proposeOperations(roots: readonly Element[]): Omit<ProposedOperations, 'unread'> {
  const reader = new SchemaReader(schemasOf(roots));
  const prefixes = new Prefixes();
  const seen = new Set<string>();
  const first = operationsOf(roots).filter(({ name }) => !seen.has(name) && seen.add(name)).slice(0, MOST_OPERATIONS);
  const operations = first.map((operation) => proposed(operation, reader, prefixes));
  return { operations, namespaces: Object.fromEntries([...prefixes.known].map(([uri, prefix]) => [prefix, uri])) };
}

function proposed(operation: BoundOperation, reader: SchemaReader, prefixes: Prefixes): ProposedOperation {
  const { name, version, address, action, style, use, namespace } = operation;
  const nodesOf = (parts: readonly MessagePart[]): SchemaNode[] =>
    parts.map((part) => (part.element !== null ? reader.element(part.element) : part.type === null ? null : reader.parameter(part.name, part.type))).filter((node) => node !== null);
  const input = nodesOf(operation.input);
  // The element that wraps the parameters is no field of its own.
  const isWrapped = style === 'document' && input.length === 1 && input[0]!.children.length > 0;
  const fields = isWrapped ? input[0]!.children.flatMap((one) => fieldsOf(one, '')) : input.flatMap((one) => fieldsOf(one, ''));
  const writing: Writing = { prefixes, isTyped: use === 'encoded' };
  const body = isWrapped ? wrapped(input[0]!, writing) : input.map((one) => written(one, '', writing)).join('');
  const inside = style === 'rpc' ? `//${prefixes.of(namespace)}${name}Response` : '/';
  return {
    name, version, address, suggestedFor: PARTS.test(name) ? null : (PURPOSES.find(([, pattern]) => pattern.test(name))?.[0] ?? null), fields,
    request: { ...(action === '' ? {} : { action }), ...(style === 'rpc' ? { style, use, rpc: { name, ...(namespace === '' ? {} : { namespace }) } } : {}), body },
    ticketIds: idsOf(nodesOf(operation.output), inside, prefixes),
  };
}

interface Writing {
  readonly prefixes: Prefixes;
  /** Encoded parameters carry their types. */
  readonly isTyped: boolean;
}

const wrapped = (node: SchemaNode, writing: Writing): string => {
  const tag = `${writing.prefixes.of(node.namespace)}${node.name}`;
  return `<${tag}${attributesOf(node, '')}>${node.children.map((one) => written(one, '', writing)).join('')}</${tag}>`;
};

/** An element whose values are attributes of the message under its own path; one that may be missing is left out where it comes out blank. */
function written(node: SchemaNode, above: string, writing: Writing): string {
  const tag = `${writing.prefixes.of(node.namespace)}${node.name}`;
  const path = pathOf(above, node.name);
  const omit = node.isRequired ? '' : ' parley:omit=""';
  const type = writing.isTyped && node.simple !== null ? ` xsi:type="xsd:${node.simple.type}"` : '';
  const inside = node.children.length > 0 ? node.children.map((one) => written(one, path, writing)).join('') : node.simple === null ? '' : `{{attributes.${path}}}`;
  return `<${tag}${attributesOf(node, path)}${type}${omit}>${inside}</${tag}>`;
}

const attributesOf = ({ attributes }: SchemaNode, path: string): string => attributes.map(({ name }) => ` ${name}="{{attributes.${pathOf(path, name)}}}"`).join('');
/** An attribute's name below another; what templates cannot name stands as a line. */
const pathOf = (above: string, name: string): string => `${above === '' ? '' : `${above}.`}${name.replaceAll(/[^A-Za-z0-9_]/g, '_')}`;

function fieldsOf(node: SchemaNode, above: string): ProposedOperation['fields'][number][] {
  const path = pathOf(above, node.name);
  const own = node.simple === null ? [] : [{ name: path, type: node.simple.type, isRequired: node.isRequired, isList: node.isList, choices: node.simple.choices }];
  return [...own, ...node.children.flatMap((one) => fieldsOf(one, path))];
}

/** XPaths of what may be the id of a ticket in an answer, the most probable first. */
function idsOf(output: readonly SchemaNode[], inside: string, prefixes: Prefixes): string[] {
  const leaves = (node: SchemaNode, above: string): { readonly name: string; readonly xpath: string }[] => {
    const xpath = `${above}/${prefixes.of(node.namespace)}${node.name}`;
    return [...(node.simple === null || node.children.length > 0 ? [] : [{ name: node.name, xpath }]), ...node.children.flatMap((one) => leaves(one, xpath))];
  };
  const all = output.flatMap((node) => leaves(node, inside));
  const rank = ({ name }: { readonly name: string }): number => { const found = IDS.findIndex((pattern) => pattern.test(name)); return found < 0 ? IDS.length : found; };
  const likely = all.length === 1 ? all : all.filter((one) => rank(one) < IDS.length).sort((one, other) => rank(one) - rank(other));
  return likely.slice(0, 5).map(({ xpath }) => xpath);
}
