import type { Result } from '../message/result.js';
import type { Place } from '../shape/place.js';
import { compilePattern, type Pattern } from './pattern.js';
import { parseTemplate, type Template } from './template.js';
import type { Expression } from './expression.js';

/** Reads a template at a place of a rule; notes a problem and returns null where it is none. */
export function templateAt(source: string, place: Place, resolve?: (name: string) => Expression): Template | null {
  return taken(parseTemplate(source, resolve), 'a template', place);
}

/** Compiles a pattern at a place of a rule; notes a problem and returns null where it is none. */
export function patternAt(source: string, ignoreCase: boolean, place: Place): Pattern | null {
  return taken(compilePattern(source, { ignoreCase }), 'a pattern that RE2 can read (no look-around, no back-references)', place);
}

function taken<T>(result: Result<T, string>, expected: string, place: Place): T | null {
  if (result.ok) return result.value;
  place.refuse(expected, result.error);
  return null;
}

/** The parts if every one of them could be made, else null. */
export function allOrNull<T>(parts: readonly (T | null)[]): readonly T[] | null {
  const made = parts.filter((part) => part !== null);
  return made.length === parts.length ? made : null;
}
