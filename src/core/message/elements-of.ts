import { isMultiValue } from './as-text.js';
import type { FlatObject, Scalar, Value } from './value.js';

/** The elements of a multi-value; a single value is a list of one, absent a list of none. */
export function elementsOf(value: Value | undefined): readonly (Scalar | FlatObject)[] {
  if (value === undefined) return [];
  return isMultiValue(value) ? value : [value];
}
