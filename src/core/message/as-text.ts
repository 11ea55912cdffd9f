import type { FlatObject, Scalar, Value } from './value.js';

/** Joins the elements of a multi-value that is read as text. */
const ELEMENT_SEPARATOR = ', ';

/** One element as text: numbers in shortest form, null as nothing; an element with fields as its JSON, since it has no shorter form. */
export function elementAsText(element: Scalar | FlatObject): string {
  if (typeof element === 'string') return element;
  if (element === null) return '';
  return typeof element === 'object' ? JSON.stringify(element) : String(element);
}

/** A value as text, as templates and conditions read it; absent is the empty string. */
export function asText(value: Value | FlatObject | undefined): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  return isMultiValue(value) ? value.map(elementAsText).join(ELEMENT_SEPARATOR) : elementAsText(value);
}

/** Whether a value is a list; `Array.isArray` alone does not narrow readonly lists. */
export function isMultiValue(value: Value | FlatObject | undefined): value is readonly (Scalar | FlatObject)[] {
  return Array.isArray(value);
}
