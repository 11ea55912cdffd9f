import type { Attributes, FlatObject, Scalar, Value } from '../message/value.js';

/** JSON as it is sent: nested objects of attributes. */
export type NestedAttributes = { [key: string]: Value | FlatObject | NestedAttributes | readonly NestedElement[] };
type NestedElement = Scalar | { [key: string]: unknown };

/** Deeper names stay as they are written: what is sent must be printable without recursion of any depth. */
const MAX_STEPS = 64;

/**
 * Makes nested JSON of dotted names: `fields.summary` becomes `{ "fields": { "summary": … } }`. Steps are always keys
 * of objects, digits too. Elements of multi-values are nested likewise. Where a name is a value and has longer names
 * below it, those keep the rest of their name as one key beside it; names with an empty or forbidden step stay whole.
 * Nothing is lost and the order of the attributes does not matter; `nestingConflicts` names what could not be nested.
 */
export function nestAttributes(attributes: Attributes): NestedAttributes {
  return nest(attributes, (value) => (isList(value) ? value.map(nestElement) : value)).nested as NestedAttributes;
}

/** The names that cannot be nested because an attribute stands above them, or because of a bad step. */
export function nestingConflicts(attributes: Attributes): readonly string[] {
  return nest(attributes, (value) => value).conflicts;
}

type Tree = { [key: string]: unknown };

function nest<V>(
  flat: { readonly [name: string]: V },
  convert: (value: V) => unknown,
): { readonly nested: Tree; readonly conflicts: readonly string[] } {
  const nested: Tree = {};
  const conflicts: string[] = [];
  for (const name of Object.keys(flat)) {
    const value = convert(flat[name] as V);
    if (!name.includes('.')) define(nested, name, value);
    else if (!place(nested, name, value, flat)) conflicts.push(name);
  }
  return { nested, conflicts };
}

/** Puts a value at the end of its name's steps; false where it had to stay under a longer key. */
function place(root: Tree, name: string, value: unknown, flat: object): boolean {
  const steps = name.split('.');
  if (steps.length > MAX_STEPS || steps.some((step) => step === '' || step === '__proto__')) {
    define(root, name, value);
    return false;
  }
  let tree = root;
  let above = '';
  for (const [at, step] of steps.slice(0, -1).entries()) {
    above = at === 0 ? step : `${above}.${step}`;
    if (Object.hasOwn(flat, above)) {
      define(tree, steps.slice(at).join('.'), value);
      return false;
    }
    if (!Object.hasOwn(tree, step)) define(tree, step, {});
    tree = tree[step] as Tree;
  }
  define(tree, steps[steps.length - 1] ?? '', value);
  return true;
}

function nestElement(element: Scalar | FlatObject): NestedElement {
  return typeof element === 'object' && element !== null ? nest(element, (value) => value).nested : element;
}

/** Defines rather than assigns, so that no name reaches a prototype. */
function define(tree: Tree, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(tree, key, { value, enumerable: true, writable: true, configurable: true });
  else tree[key] = value;
}

function isList(value: Value): value is readonly (Scalar | FlatObject)[] {
  return Array.isArray(value);
}
