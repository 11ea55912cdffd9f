import type { Place } from '../../shape/place.js';
import { type JsonSchema, type Keys, objectOf, type ReadOf } from '../../shape/shape.js';
import type { Scope } from '../scope.js';

/** Why a formatter could not do its work; it never passes a wrong value on. */
export class Refusal {
  constructor(readonly reason: string) {}
}

/** What a formatter makes of a text: text, a multi-value, absent (undefined), or a refusal. */
export type Formatted = string | readonly string[] | undefined | Refusal;

/** A compiled formatter; it is never called with blank text unless its definition says so. */
export type Format = (text: string, scope: Scope) => Formatted;

/** A kind of formatter with its types erased: what the explicit list holds. */
export interface FormatterDefinition {
  readonly type: string;
  /** For the editor and the documentation. */
  readonly meaning: string;
  readonly schema: JsonSchema;
  /** Blank text passes most formatters unchanged; one that says so sees it. */
  readonly seesBlank: boolean;
  /** Checks the structure of a formatter document, noting every problem. */
  readonly check: (raw: unknown, place: Place) => void;
  /** Compiles a document that passed the check; notes problems (a bad pattern, an unknown zone) and returns null then. */
  readonly compile: (raw: unknown, place: Place) => Format | null;
}

interface TypedDefinition<K extends Keys> {
  readonly type: string;
  readonly meaning: string;
  readonly keys: K;
  readonly seesBlank?: boolean;
  readonly compile: (args: ReadOf<K>, place: Place) => Format | null;
}

/** Defines a kind of formatter: its keys are parser, form and documentation at once. */
export function defineFormatter<K extends Keys>(definition: TypedDefinition<K>): FormatterDefinition {
  const shape = objectOf(definition.keys, definition.meaning);
  return {
    type: definition.type,
    meaning: definition.meaning,
    schema: shape.schema,
    seesBlank: definition.seesBlank === true,
    check: (raw, place) => void shape.read(raw, place),
    compile: (raw, place) => definition.compile(shape.read(raw, place), place),
  };
}
