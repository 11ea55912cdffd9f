import { asText, elementAsText, isMultiValue } from './as-text.js';
import { fold } from './fold.js';
import type { FlatObject, Scalar, Value } from './value.js';

/**
 * Whether two values are equal as routing compares them: folded text, multi-values element by element in order.
 * Absent equals only absent; a list equals only a list.
 */
export function sameValue(left: Value | undefined, right: Value | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  if (isMultiValue(left) || isMultiValue(right)) {
    if (!isMultiValue(left) || !isMultiValue(right) || left.length !== right.length) return false;
    return left.every((element, at) => sameElement(element, right[at] ?? null));
  }
  return sameText(asText(left), asText(right));
}

function sameElement(left: Scalar | FlatObject, right: Scalar | FlatObject): boolean {
  if (!isFields(left) || !isFields(right)) return sameText(elementAsText(left), elementAsText(right));
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => Object.hasOwn(right, name) && sameValue(left[name], right[name]));
}

function isFields(element: Scalar | FlatObject): element is FlatObject {
  return typeof element === 'object' && element !== null;
}

function sameText(left: string, right: string): boolean {
  return left === right || fold(left) === fold(right);
}
