import { MemoryDraft, RunningMemory } from '../conversation/memory-draft.js';
import { elementsOf } from '../message/elements-of.js';
import { fold } from '../message/fold.js';
import type { Value } from '../message/value.js';
import { Place, type Problem } from '../shape/place.js';
import { isObject } from '../shape/shape.js';
import type { RoutingCase } from './case-file.js';
import { compileCondition, type ConditionList, conditionShape } from './condition/condition.js';
import type { Need } from './decision.js';
import { compileExpression, COUNTER_PREFIX } from './expression.js';
import { Refusal } from './formatter/formatter.js';
import type { MappingList, Sink, Target } from './mapping/mapping.js';
import { compileMappingAt, LIST_KEYS, mappingShape } from './mapping/mapping-list.js';
import { type Scope, scopeOf } from './scope.js';
import { MemorySink, OutboundSink, VirtualSink } from './sinks.js';
import { parseTemplate } from './template.js';

/** An attribute that was read or written; null is absent. */
export interface NamedValue {
  readonly name: string;
  readonly value: Value | null;
}

/** What one condition says of the message. */
export interface ConditionTrial {
  readonly pointer: string;
  readonly holds: boolean;
  readonly actual: string | null;
}

/** What one mapping makes of the message; nothing is written where it makes absent. */
export interface MappingTrial {
  readonly pointer: string;
  readonly reads: readonly NamedValue[];
  readonly writes: readonly NamedValue[];
  /** Why it would fail the whole execution. */
  readonly error: string | null;
}

/** A draft tried on a message, part by part. */
export interface RuleTrial {
  readonly conditions: readonly ConditionTrial[];
  readonly mappings: readonly MappingTrial[];
  /** Of conditions and mappings; places start at the rule. */
  readonly problems: readonly Problem[];
  readonly needs: readonly Need[];
}

type TriedCase = Pick<RoutingCase, 'message' | 'conversation' | 'now' | 'known'>;

/**
 * Tries each condition and each mapping of a draft by itself, whether the rule would take the message or not. Unlike
 * `evaluate` it goes on past whatever is wrong with one part: an editor shows the others meanwhile. Never throws.
 */
export function tryRule(draft: Readonly<Record<string, unknown>>, tried: TriedCase): RuleTrial {
  const place = Place.root();
  const memory = new RunningMemory(tried.conversation);
  const scope = scopeOf({ ...tried, memory });
  const conditions = (['entity', 'conversation'] as const).flatMap((list) => tryConditions(draft, list, scope, place));
  const virtual = new VirtualSink();
  const withVirtual = withItem(draft, { ...scope, virtual: virtual.values });
  const memoryDraft = new MemoryDraft(memory);
  const mappings = [
    ...tryMappings(draft, 'virtual', { ...scope, virtual: virtual.values }, virtual, place),
    ...tryMappings(draft, 'outbound', withVirtual, new OutboundSink(), place),
    ...tryMappings(draft, 'conversation', { ...scope, virtual: virtual.values, memory: memoryDraft }, new MemorySink(memoryDraft), place),
  ];
  return { conditions, mappings, problems: place.problems, needs: scope.needs };
}

const CONDITION_KEYS: { readonly [list in ConditionList]: string } = { entity: 'entityConditions', conversation: 'conversationConditions' };

function tryConditions(draft: Readonly<Record<string, unknown>>, list: ConditionList, scope: Scope, root: Place): ConditionTrial[] {
  const key = CONDITION_KEYS[list];
  return listAt(draft, key).flatMap((document, at) => {
    const place = root.at(key).at(at);
    const before = root.problems.length;
    const condition = conditionShape.read(document, place);
    const compiled = root.problems.length > before ? null : compileCondition(condition, list, place);
    return compiled === null ? [] : [{ pointer: `/${key}/${at}`, holds: compiled.holds(scope), actual: compiled.actual(scope) }];
  });
}

// eslint-disable-next-line @typescript-eslint/max-params -- what is tried, where it reads and where it writes
function tryMappings(draft: Readonly<Record<string, unknown>>, list: MappingList, scope: Scope, sink: Sink, root: Place): MappingTrial[] {
  const key = LIST_KEYS[list];
  return listAt(draft, key).flatMap((document, at) => {
    const place = root.at(key).at(at);
    const before = root.problems.length;
    mappingShape.read(document, place);
    const apply = root.problems.length > before || !isObject(document) ? null : compileMappingAt(document, list, place);
    if (apply === null || !isObject(document)) return [];
    const reads = namesReadBy(document).map((name): NamedValue => ({ name, value: compileExpression(name).read(scope) ?? null }));
    const noted = new NotingSink(sink);
    const refusal = apply(scope, noted);
    const counted = typeof document['counterName'] === 'string' ? [counterAfter(document['counterName'], sink)] : [];
    return [{ pointer: `/${key}/${at}`, reads, writes: [...noted.writes.values(), ...counted], error: refusal instanceof Refusal ? refusal.reason : null }];
  });
}

function counterAfter(written: string, { memory }: Sink): NamedValue {
  const name = written.trim();
  const folded = fold(name);
  return { name, value: memory?.counter(folded.startsWith(COUNTER_PREFIX) ? folded.slice(COUNTER_PREFIX.length) : folded) ?? null };
}

/** The attributes that a mapping names as its source, in order, each once. */
function namesReadBy(mapping: Readonly<Record<string, unknown>>): readonly string[] {
  const { template, sourceAttribute, sources } = mapping;
  const parsed = typeof template === 'string' ? parseTemplate(template) : null;
  const inTemplate = parsed?.ok === true ? parsed.value.parts.flatMap((part) => (typeof part === 'string' ? [] : [part.name])) : [];
  const named = [...inTemplate, sourceAttribute, ...(Array.isArray(sources) ? sources : [])].filter((name): name is string => typeof name === 'string' && name.trim() !== '');
  return [...new Set(named.map((name) => name.trim()))];
}

/** Of a rule that iterates by value, the first value stands for all. */
function withItem(draft: Readonly<Record<string, unknown>>, scope: Scope): Scope {
  const { iterate, iterateAttribute } = draft;
  if (iterate !== 'BY_VALUE' || typeof iterateAttribute !== 'string') return scope;
  return { ...scope, item: elementsOf(compileExpression(iterateAttribute.trim()).read(scope))[0] };
}

const listAt = (draft: Readonly<Record<string, unknown>>, key: string): readonly unknown[] => (Array.isArray(draft[key]) ? draft[key] : []);

/** Writes through, and notes what was written last under each name. */
class NotingSink implements Sink {
  readonly writes = new Map<string, NamedValue>();

  constructor(private readonly sink: Sink) {}

  get memory(): Sink['memory'] {
    return this.sink.memory;
  }

  read(target: Target): Value | undefined {
    return this.sink.read(target);
  }

  write(target: Target, value: Value): void {
    this.sink.write(target, value);
    this.writes.set(target.name, { name: target.name, value });
  }
}
