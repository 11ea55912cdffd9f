import type { MemoryDraft } from '../../conversation/memory-draft.js';
import type { Value } from '../../message/value.js';
import type { Place } from '../../shape/place.js';
import { type JsonSchema, type Keys, objectOf, type ReadOf } from '../../shape/shape.js';
import type { Refusal } from '../formatter/formatter.js';
import type { Scope } from '../scope.js';

/** The three lists of mappings of a rule; they differ in what they write to. */
export type MappingList = 'virtual' | 'outbound' | 'conversation';

/** Where a mapping writes; names are folded once, at compile time. */
export interface Target {
  readonly name: string;
  readonly folded: string;
}

/** What a list of mappings writes to: virtual attributes, an outbound message, or the memory. */
export interface Sink {
  read(target: Target): Value | undefined;
  write(target: Target, value: Value): void;
  /** Only in the list of conversation mappings. */
  readonly memory: MemoryDraft | null;
}

/** A compiled mapping; a refusal fails the whole execution. */
export type ApplyMapping = (scope: Scope, sink: Sink) => Refusal | undefined;

/** What a mapping's compiler knows of the list in which it stands. */
export interface MappingContext {
  readonly list: MappingList;
  /** Where it stands in the rule, as a JSON pointer. */
  readonly pointer: string;
  /** Resolves a target name (with or without the list's prefix); notes a problem and returns null where it may not be written. */
  readonly target: (name: string, place: Place) => Target | null;
}

/** A kind of mapping with its types erased: what the explicit list holds. */
export interface MappingDefinition {
  readonly type: string;
  /** For the editor and the documentation. */
  readonly meaning: string;
  readonly schema: JsonSchema;
  /** Checks the structure of a mapping document, noting every problem. */
  readonly check: (raw: unknown, place: Place) => void;
  /** Compiles a document that passed the check; notes problems and returns null then. */
  readonly compile: (raw: unknown, context: MappingContext, place: Place) => ApplyMapping | null;
}

interface TypedDefinition<K extends Keys> {
  readonly type: string;
  readonly meaning: string;
  readonly keys: K;
  /** What the keys alone cannot say, such as rows that are as long as the list of sources. */
  readonly check?: (args: ReadOf<K>, place: Place) => void;
  readonly compile: (args: ReadOf<K>, context: MappingContext, place: Place) => ApplyMapping | null;
}

/** Defines a kind of mapping: its keys are parser, form and documentation at once. */
export function defineMapping<K extends Keys>(definition: TypedDefinition<K>): MappingDefinition {
  const shape = objectOf(definition.keys, definition.meaning);
  return {
    type: definition.type,
    meaning: definition.meaning,
    schema: shape.schema,
    check: (raw, place) => {
      const before = place.problems.length;
      const args = shape.read(raw, place);
      if (place.problems.length === before) definition.check?.(args, place);
    },
    compile: (raw, context, place) => definition.compile(shape.read(raw, place), context, place),
  };
}
