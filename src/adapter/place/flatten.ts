import type { Attributes, FlatObject, Scalar, Value } from '../../core/message/value.js';

/** Deepest nesting that becomes dotted names; what lies deeper is kept as JSON text. */
const MAX_DEPTH = 32;

/** A key that would reach an object's prototype once someone nests the names again. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * JSON to attributes: nested objects become dotted names, lists stay one multi-value (their objects flat), lists in lists become JSON text.
 * Anything but an object at the top becomes the attribute `body`. Names of JavaScript's own object machinery are left out.
 */
export function flatten(document: unknown): Attributes {
  const attributes: Record<string, Value> = {};
  if (isObject(document)) addMembers(document, '', 1, (name, value) => { attributes[name] = value; });
  else if (document !== undefined && document !== null) attributes['body'] = valueOf(document);
  return attributes;
}

type Add = (name: string, value: Value) => void;

function addMembers(object: Readonly<Record<string, unknown>>, prefix: string, depth: number, add: Add): void {
  for (const key in object) {
    if (!Object.hasOwn(object, key) || FORBIDDEN.has(key)) continue;
    const member = object[key];
    const name = prefix + key;
    if (!isObject(member)) add(name, valueOf(member));
    else if (depth >= MAX_DEPTH) add(name, JSON.stringify(member));
    else addMembers(member, `${name}.`, depth + 1, add);
  }
}

function valueOf(member: unknown): Value {
  return Array.isArray(member) ? member.map(elementOf) : scalarOf(member);
}

function elementOf(element: unknown): Scalar | FlatObject {
  if (!isObject(element)) return scalarOf(element);
  const flat: Record<string, Scalar> = {};
  addMembers(element, '', 1, (name, value) => { flat[name] = Array.isArray(value) ? JSON.stringify(value) : (value as Scalar); });
  return flat;
}

function scalarOf(value: unknown): Scalar {
  switch (typeof value) {
    case 'string': case 'number': case 'boolean': return value;
    case 'object': return value === null ? null : JSON.stringify(value);
    default: return null;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
