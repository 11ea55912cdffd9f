import { asText } from '../../core/message/as-text.js';
import { readCanonicalBody } from '../../core/message/canonical-body.js';
import { fold, sameName } from '../../core/message/fold.js';
import type { Attributes } from '../../core/message/value.js';
import { isObject } from '../../core/shape/shape.js';
import type { RecentBody } from '../../store/rule/recent-bodies.js';
import type { RawRule } from '../rule-content.js';
import type { AttributeNameDto } from './rule-editing.dto.js';

const MOST_NAMES = 1_000;
const LONGEST_SAMPLE = 80;
const CONVERSATION = 'sf:conversation:';
const COUNTER = 'sf:conversation:counter:';

/** Names of one kind, each once however it is spelled; the first spelling and the first sample that is not blank stay. */
class Names {
  private readonly found = new Map<string, { readonly name: string; readonly sample: string }>();

  add(name: string, sample = ''): void {
    const key = fold(name);
    const known = this.found.get(key);
    if (name === '' || (known === undefined && this.found.size >= MOST_NAMES)) return;
    if (known === undefined || (known.sample === '' && sample !== '')) this.found.set(key, { name: known?.name ?? name, sample });
  }

  list(): AttributeNameDto[] {
    return [...this.found.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }
}

/** What recent messages of an entity type carried, by name, with what it held. */
export function namesInBodies(bodies: readonly RecentBody[], entityType: string): AttributeNameDto[] {
  const names = new Names();
  for (const recent of bodies.filter((one) => sameName(one.entityType, entityType))) {
    for (const [name, value] of Object.entries(attributesOf(recent))) names.add(name, shortened(asText(value)));
  }
  return names.list();
}

function attributesOf({ kind, body }: RecentBody): Attributes {
  if (kind !== 1) {
    const read = readCanonicalBody(body);
    return read.ok ? read.value.attributes : {};
  }
  const { attributes } = JSON.parse(body.toString()) as { readonly attributes?: Attributes };
  return attributes ?? {};
}

/** What rules fill in at a target, by name. */
export function namesFilledAt(rules: readonly RawRule[], target: string, entityType: string): AttributeNameDto[] {
  const names = new Names();
  for (const rule of rules) {
    if (!sameName(text(rule['targetSystemId']), target) || !sameName(text(rule['targetEntityType']), entityType)) continue;
    for (const mapping of listOf(rule['mappings'])) for (const name of targetsOf(mapping)) names.add(name.trim());
  }
  return names.list();
}

/** What rules keep in conversations: attributes and counters, without their prefixes. */
export function namesKept(rules: readonly RawRule[]): { readonly conversation: string[]; readonly counters: string[] } {
  const conversation = new Names();
  const counters = new Names();
  const add = (written: string): void => {
    const name = written.trim();
    if (fold(name).startsWith(COUNTER)) counters.add(name.slice(COUNTER.length));
    else if (fold(name).startsWith(CONVERSATION)) conversation.add(name.slice(CONVERSATION.length));
    else if (!fold(name).startsWith('sf:')) conversation.add(name);
  };
  for (const rule of rules) {
    for (const mapping of listOf(rule['conversationAttributeMappings'])) {
      for (const name of targetsOf(mapping)) add(name);
      if (typeof mapping['counterName'] === 'string') counters.add(withoutPrefix(mapping['counterName'].trim(), COUNTER));
    }
    for (const condition of listOf(rule['conversationConditions'])) add(text(condition['attribute']));
    for (const [, name] of JSON.stringify(rule).matchAll(/\$\{\s*(sf:conversation:[^}"\\]{1,200})\}/gi)) if (!sameName(name!, 'sf:conversation:id')) add(name!);
  }
  return { conversation: conversation.list().map(({ name }) => name), counters: counters.list().map(({ name }) => name) };
}

const targetsOf = (mapping: RawRule): string[] => [mapping['targetAttribute'], ...(Array.isArray(mapping['targets']) ? mapping['targets'] as unknown[] : [])].filter((name) => typeof name === 'string');
const listOf = (value: unknown): readonly RawRule[] => (Array.isArray(value) ? value.filter(isObject) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const withoutPrefix = (name: string, prefix: string): string => (fold(name).startsWith(prefix) ? name.slice(prefix.length) : name);
const shortened = (value: string): string => (value.length > LONGEST_SAMPLE ? `${value.slice(0, LONGEST_SAMPLE)}…` : value);
