import { fold } from '../../message/fold.js';
import { describeFound, type Place } from '../../shape/place.js';
import { isObject, type Shape } from '../../shape/shape.js';
import { CONVERSATION_PREFIX, VIRTUAL_PREFIX } from '../expression.js';
import { Refusal } from '../formatter/formatter.js';
import { allOrNull } from '../rule-place.js';
import type { Scope } from '../scope.js';
import type { ApplyMapping, MappingContext, MappingList, Sink, Target } from './mapping.js';
import { findMapping, MAPPINGS } from './mappings.js';

/** A list of compiled mappings, applied top down; the first refusal ends it and says which mapping it was. */
export type ApplyMappings = (scope: Scope, sink: Sink) => Refusal | undefined;

interface Entry {
  readonly label: string;
  readonly apply: ApplyMapping;
}

/** The keys of the lists in a rule document. */
export const LIST_KEYS: { readonly [list in MappingList]: string } = {
  virtual: 'virtualAttributeMappings',
  outbound: 'mappings',
  conversation: 'conversationAttributeMappings',
};

const WORDS = MAPPINGS.map((entry) => entry.type).join(', ');

/** One mapping document; its own definition checks the rest of its keys. */
export const mappingShape: Shape<unknown> = {
  schema: {
    anyOf: MAPPINGS.map((entry) => ({
      ...entry.schema,
      properties: { type: { type: 'string', enum: [entry.type] }, ...entry.schema.properties },
    })),
  },
  read: (raw, place) => {
    const type = isObject(raw) ? raw['type'] : undefined;
    const definition = typeof type === 'string' ? findMapping(type) : undefined;
    if (definition !== undefined) definition.check(raw, place);
    else if (isObject(raw)) place.at('type').refuse(`a mapping: ${WORDS}`, describeFound(type));
    else place.refuse('a mapping', describeFound(raw));
    return raw;
  },
};

/** Compiles a list of mapping documents that passed the check; null where one has a problem. */
export function compileMappings(documents: readonly unknown[], list: MappingList, place: Place): ApplyMappings | null {
  const target = targetResolver(list);
  const entries = allOrNull(documents.map((document, at) => compileEntry(document, at, { list, pointer: `/${LIST_KEYS[list]}/${at}`, target }, place.at(at))));
  if (entries === null) return null;
  return (scope, sink) => {
    for (const { label, apply } of entries) {
      const refusal = apply(scope, sink);
      if (refusal !== undefined) return new Refusal(`${label}: ${refusal.reason}`);
    }
    return undefined;
  };
}

/** One mapping of a list by itself, for whoever tries them one by one; null after noting its problems. */
export function compileMappingAt(document: unknown, list: MappingList, place: Place): ApplyMapping | null {
  return compileEntry(document, 0, { list, pointer: '', target: targetResolver(list) }, place)?.apply ?? null;
}

function compileEntry(document: unknown, at: number, context: MappingContext, place: Place): Entry | null {
  if (!isObject(document) || typeof document['type'] !== 'string') return null;
  const apply = findMapping(document['type'])?.compile(document, context, place) ?? null;
  return apply === null ? null : { apply, label: `${LIST_KEYS[context.list]}[${at}] (${labelOf(document)})` };
}

function labelOf(document: Readonly<Record<string, unknown>>): string {
  const target = document['targetAttribute'] ?? document['counterName'] ?? document['targets'];
  return target === undefined ? String(document['type']) : `${String(document['type'])} to ${String(target)}`;
}

/** Names of one list that fold alike are one target; it is written as it is first spelled. */
function targetResolver(list: MappingList): MappingContext['target'] {
  const known = new Map<string, Target>();
  return (written, place) => {
    const name = withoutPrefix(written.trim(), list);
    const folded = fold(name);
    if (name === '' || folded.startsWith('sf:') || (list === 'conversation' && isReserved(folded))) {
      place.refuse(EXPECTED_TARGET[list], JSON.stringify(written));
      return null;
    }
    if (name.split('.').includes('__proto__')) {
      place.refuse('a name without __proto__', JSON.stringify(written));
      return null;
    }
    const target = known.get(folded) ?? { name, folded };
    known.set(folded, target);
    return target;
  };
}

const EXPECTED_TARGET: { readonly [list in MappingList]: string } = {
  virtual: 'the name of a virtual attribute (sf:virtual:…)',
  outbound: 'the name of an attribute of the outbound message',
  conversation: 'the name of a conversation attribute (sf:conversation:…; counters have mappings of their own)',
};

function withoutPrefix(name: string, list: MappingList): string {
  const prefix = list === 'virtual' ? VIRTUAL_PREFIX : list === 'conversation' ? CONVERSATION_PREFIX : '';
  return prefix !== '' && fold(name).startsWith(prefix) ? name.slice(prefix.length) : name;
}

/** `sf:conversation:id` is the conversation's own, `sf:conversation:counter:…` are counters. */
function isReserved(foldedName: string): boolean {
  return foldedName === 'id' || foldedName.startsWith('counter:');
}
