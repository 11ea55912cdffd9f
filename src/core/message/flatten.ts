import { describeFound, type Place } from '../shape/place.js';
import { ExactNumber } from './exact-json.js';
import type { Attributes, FlatObject, Scalar, Value } from './value.js';

/** Names have at most this many steps; deeper objects are refused. */
const MAX_DEPTH = 32;
/** In Unicode mode whole pairs are one character, so that only halves are found. */
const LONE_SURROGATE = /\p{Surrogate}/u;

export interface FlattenOptions {
  /** Whether texts must be looked at for NUL and lone surrogates, which no database column holds. */
  readonly checksTexts: boolean;
}

/** Attributes with dotted names, and whether a number was met that only the exact parser reads rightly. */
export interface Flattened {
  readonly attributes: Attributes;
  readonly hasInexactNumber: boolean;
}

/**
 * Makes attributes of nested JSON: objects become dotted names, lists stay multi-values whose elements are scalars or
 * flat objects (a list inside a list becomes its JSON text). Every problem is noted at its place.
 */
export function flattenAttributes(raw: Readonly<Record<string, unknown>>, place: Place, options: FlattenOptions): Flattened {
  const flattener = new Flattener(place, options.checksTexts);
  const attributes: { [name: string]: Value } = {};
  flattener.object(raw, '', attributes, (value) => flattener.attribute(value));
  return { attributes, hasInexactNumber: flattener.hasInexactNumber };
}

/** Why a text cannot be stored, or null. */
export function textProblem(text: string): string | null {
  if (text.includes('\u0000')) return 'a text with a NUL character';
  return LONE_SURROGATE.test(text) ? 'a text with half a surrogate pair' : null;
}

class Flattener {
  hasInexactNumber = false;
  /** Where we are; places are made only for problems. */
  private readonly steps: (string | number)[] = [];

  constructor(
    private readonly place: Place,
    private readonly checksTexts: boolean,
  ) {}

  /** Writes an object's members under dotted names; nested objects are written in turn. */
  object<V>(
    raw: Readonly<Record<string, unknown>>,
    prefix: string,
    into: { [name: string]: V },
    read: (value: unknown) => V | undefined,
  ): void {
    for (const key of Object.keys(raw)) {
      this.steps.push(key);
      const name = prefix === '' ? key : `${prefix}.${key}`;
      if (this.isAllowed(key)) this.member(raw[key], name, into, read);
      this.steps.pop();
    }
  }

  /** A member's value: a scalar, or a list with its elements. */
  attribute(value: unknown): Value | undefined {
    if (!Array.isArray(value)) return this.scalar(value);
    const elements: (Scalar | FlatObject)[] = [];
    for (let at = 0; at < value.length; at += 1) {
      this.steps.push(at);
      const element = this.element(value[at]);
      if (element !== undefined) elements.push(element);
      this.steps.pop();
    }
    return elements;
  }

  private isAllowed(key: string): boolean {
    if (key === '__proto__') this.refuse('a key other than __proto__', '__proto__');
    return key !== '__proto__' && (!this.checksTexts || this.isStorable(key));
  }

  private member<V>(
    value: unknown,
    name: string,
    into: { [name: string]: V },
    read: (value: unknown) => V | undefined,
  ): void {
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber)) {
      if (this.steps.length >= MAX_DEPTH) return this.refuse(`at most ${MAX_DEPTH} levels of objects`, 'a deeper one');
      return this.object(value as Readonly<Record<string, unknown>>, name, into, read);
    }
    const flat = read(value);
    if (flat === undefined) return;
    if (Object.hasOwn(into, name)) return this.refuse('one value per attribute', `a second one for ${describeFound(name)}`);
    into[name] = flat;
  }

  private element(raw: unknown): Scalar | FlatObject | undefined {
    if (Array.isArray(raw)) return this.listAsText(raw);
    if (typeof raw !== 'object' || raw === null || raw instanceof ExactNumber) return this.scalar(raw);
    const fields: { [name: string]: Scalar } = {};
    this.object(raw as Readonly<Record<string, unknown>>, '', fields, (value) =>
      Array.isArray(value) ? this.listAsText(value) : this.scalar(value),
    );
    return fields;
  }

  private listAsText(list: readonly unknown[]): string | undefined {
    if (!isShallow(list, MAX_DEPTH)) {
      this.refuse(`at most ${MAX_DEPTH} levels of lists`, 'a deeper one');
      return undefined;
    }
    const text = JSON.stringify(list);
    if (this.checksTexts && /\\u(?:0000|d[89a-f][0-9a-f]{2})/.test(text)) {
      this.refuse('texts without NUL characters and half surrogate pairs', 'one that has them');
      return undefined;
    }
    return text;
  }

  private scalar(value: unknown): Scalar | undefined {
    if (typeof value === 'string') return !this.checksTexts || this.isStorable(value) ? value : undefined;
    if (typeof value === 'number') {
      if (Number.isInteger(value) ? !Number.isSafeInteger(value) : !Number.isFinite(value)) this.hasInexactNumber = true;
      return value;
    }
    if (value instanceof ExactNumber) return value.text;
    if (value === null || typeof value === 'boolean') return value;
    this.refuse('a JSON value', describeFound(value));
    return undefined;
  }

  private isStorable(text: string): boolean {
    const problem = textProblem(text);
    if (problem !== null) this.refuse('text that can be stored', problem);
    return problem === null;
  }

  private refuse(expected: string, found: string): void {
    this.steps.reduce<Place>((place, step) => place.at(step), this.place).refuse(expected, found);
  }
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1));
}
