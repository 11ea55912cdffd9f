import type { Value } from '../../message/value.js';
import type { Place } from '../../shape/place.js';
import type { Scope } from '../scope.js';
import { type IndexHint, oppositeOf } from './index-hint.js';

/** Whether a condition holds in a scope. */
export type ConditionTest = (scope: Scope) => boolean;

/** What a condition is about, resolved before its operator is compiled. */
export interface Subject {
  /** The folded name as written. */
  readonly foldedName: string;
  readonly read: (scope: Scope) => Value | undefined;
}

/** A kind of condition: its word, what it means and how it is compiled. */
export interface OperatorDefinition {
  readonly operator: string;
  /** For the editor and the documentation. */
  readonly meaning: string;
  readonly takesValues: boolean;
  /** Notes problems (a bad pattern, an unclosed template) at the place of the values; null then. */
  readonly compile: (subject: Subject, values: readonly string[], place: Place) => ConditionTest | null;
  /** What a rule index may make of values that are the same for every message; null or left out for nothing. */
  readonly hint?: (fixedTexts: readonly string[]) => IndexHint | null;
}

/** The opposite of an operator: it holds exactly where the other does not. */
export function negated(operator: string, meaning: string, positive: OperatorDefinition): OperatorDefinition {
  return {
    operator,
    meaning,
    takesValues: positive.takesValues,
    compile: (subject, values, place) => {
      const test = positive.compile(subject, values, place);
      return test === null ? null : (scope) => !test(scope);
    },
    hint: (fixedTexts) => oppositeOf(positive.hint?.(fixedTexts) ?? null),
  };
}
