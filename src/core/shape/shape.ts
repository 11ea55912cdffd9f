import { describeFound, type Place } from './place.js';

/** JSON Schema as far as it is used to make forms and API documentation. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly items?: JsonSchema;
  readonly properties?: { readonly [key: string]: JsonSchema };
  readonly required?: readonly string[];
  readonly anyOf?: readonly JsonSchema[];
  readonly default?: unknown;
  readonly format?: string;
}

/**
 * What a part of a document must look like: checker and documentation at once. `read` notes every problem at its
 * place and then returns a stand-in, so that all problems are found in one pass; its result counts only without any.
 */
export interface Shape<T> {
  readonly schema: JsonSchema;
  readonly mayBeMissing?: boolean;
  readonly read: (raw: unknown, place: Place) => T;
}

/** Text, empty included. */
export function text(description: string, format?: string): Shape<string> {
  return {
    schema: format === undefined ? { type: 'string', description } : { type: 'string', description, format },
    read: (raw, place) => (typeof raw === 'string' ? raw : refused(raw, place, 'text', '')),
  };
}

/** Text with something in it. */
export function filledText(description: string, format?: string): Shape<string> {
  return {
    schema: text(description, format).schema,
    read: (raw, place) =>
      typeof raw === 'string' && raw.trim() !== '' ? raw : refused(raw, place, 'text that is not blank', '?'),
  };
}

/** A whole number, at least `minimum`. */
export function wholeNumber(description: string, minimum?: number): Shape<number> {
  const expected = minimum === undefined ? 'a whole number' : `a whole number, ${minimum} or more`;
  return {
    schema: minimum === undefined ? { type: 'integer', description } : { type: 'integer', description, minimum },
    read: (raw, place) =>
      Number.isSafeInteger(raw) && (minimum === undefined || (raw as number) >= minimum)
        ? (raw as number)
        : refused(raw, place, expected, minimum ?? 0),
  };
}

/** A number, at least `minimum`. */
export function numberOf(description: string, minimum: number): Shape<number> {
  return {
    schema: { type: 'number', description, minimum },
    read: (raw, place) =>
      typeof raw === 'number' && Number.isFinite(raw) && raw >= minimum
        ? raw
        : refused(raw, place, `a number, ${minimum} or more`, minimum),
  };
}

/** True or false. */
export function flag(description: string): Shape<boolean> {
  return {
    schema: { type: 'boolean', description },
    read: (raw, place) => (typeof raw === 'boolean' ? raw : refused(raw, place, 'true or false', false)),
  };
}

/** One of a closed list of words, in this case only. */
export function oneOf<const W extends string>(words: readonly [W, ...W[]], description: string): Shape<W> {
  return {
    schema: { type: 'string', enum: words, description },
    read: (raw, place) =>
      words.find((word) => word === raw) ?? refused(raw, place, `one of ${words.join(', ')}`, words[0]),
  };
}

/** Text, a number, true or false. */
export function scalar(description: string): Shape<string | number | boolean> {
  return {
    schema: { type: ['string', 'number', 'boolean'], description },
    read: (raw, place) =>
      typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'boolean'
        ? raw
        : refused(raw, place, 'text, a number, true or false', ''),
  };
}

/** A list of one shape. */
export function listOf<T>(element: Shape<T>, description: string): Shape<readonly T[]> {
  return {
    schema: { type: 'array', items: element.schema, description },
    read: (raw, place) =>
      Array.isArray(raw)
        ? raw.map((item: unknown, at) => element.read(item, place.at(at)))
        : refused(raw, place, 'a list', []),
  };
}

/** A key that may be missing or null, and what is read then. */
export function optional<T, D>(shape: Shape<T>, otherwise: D): Shape<T | D> {
  return {
    schema: otherwise === undefined ? shape.schema : { ...shape.schema, default: otherwise },
    mayBeMissing: true,
    read: (raw, place) => (raw === undefined || raw === null ? otherwise : shape.read(raw, place)),
  };
}

/** The keys of an object by name. */
export type Keys = { readonly [key: string]: Shape<unknown> };

/** What reading those keys gives. */
export type ReadOf<K extends Keys> = { readonly [key in keyof K]: K[key] extends Shape<infer T> ? T : never };

/** An object with these keys; others are ignored here and kept by whoever keeps the raw document. */
export function objectOf<K extends Keys>(keys: K, description = ''): Shape<ReadOf<K>> {
  const names = Object.keys(keys);
  const required = names.filter((name) => keys[name]?.mayBeMissing !== true);
  return {
    schema: {
      type: 'object',
      description,
      required,
      properties: Object.fromEntries(names.map((name) => [name, keys[name]?.schema ?? {}])),
    },
    read: (raw, place) => {
      if (!isObject(raw)) place.refuse('an object', describeFound(raw));
      const source = isObject(raw) ? raw : null;
      const read: Record<string, unknown> = {};
      for (const name of names) {
        // Nothing more is said of the keys of what is no object.
        if (source === null) continue;
        read[name] = keys[name]?.read(Object.hasOwn(source, name) ? source[name] : undefined, place.at(name));
      }
      return read as ReadOf<K>;
    },
  };
}

/** Whether a raw value is an object with keys. */
export function isObject(raw: unknown): raw is Readonly<Record<string, unknown>> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

function refused<T>(raw: unknown, place: Place, expected: string, standIn: T): T {
  place.refuse(expected, describeFound(raw));
  return standIn;
}
