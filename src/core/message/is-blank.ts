import { isMultiValue } from './as-text.js';
import type { FlatObject, Value } from './value.js';

/** Absent, null, empty, only white space, or a list (or an element's fields) of only blanks. */
export function isBlank(value: Value | FlatObject | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string') return value.length === 0 || value.trim().length === 0;
  if (typeof value !== 'object') return false;
  return isMultiValue(value) ? value.every(isBlank) : Object.values(value).every(isBlank);
}
