import { elementAsText } from '../../message/as-text.js';
import { elementsOf } from '../../message/elements-of.js';
import { fold } from '../../message/fold.js';
import type { FlatObject, Scalar, Value } from '../../message/value.js';
import { allOrNull, templateAt } from '../rule-place.js';
import type { Scope } from '../scope.js';
import { renderText, type Template } from '../template.js';
import type { OperatorDefinition } from './operator.js';

/** Whether one element's text and one value's text fit, both folded. */
export type TextComparison = (element: string, value: string) => boolean;

const EMPTY_TEXT: readonly (Scalar | FlatObject)[] = [''];
const NO_ELEMENTS: readonly (Scalar | FlatObject)[] = [];

/** An operator that holds if any element of the attribute fits any of the values. */
export function comparing(
  operator: string,
  meaning: string,
  fits: TextComparison,
  absent: 'is empty text' | 'fits nothing',
): OperatorDefinition {
  const whenAbsent = absent === 'is empty text' ? EMPTY_TEXT : NO_ELEMENTS;
  return {
    operator,
    meaning,
    takesValues: true,
    compile: (subject, values, place) => {
      const templates = allOrNull(values.map((value, at) => templateAt(value, place.at(at))));
      if (templates === null) return null;
      const texts = foldedTexts(templates);
      return (scope) => {
        const value = subject.read(scope);
        // By far the most conditions look at one text.
        if (typeof value === 'string') return fitsAny(fold(value), texts(scope), fits);
        const elements = comparedElements(value, whenAbsent);
        if (elements.length === 0) return false;
        const wanted = texts(scope);
        return elements.some((element) => fitsAny(fold(elementAsText(element)), wanted, fits));
      };
    },
  };
}

/** What a value is compared by: its elements; an empty list is the empty text, as it would be printed. */
function comparedElements(
  value: Value | undefined,
  whenAbsent: readonly (Scalar | FlatObject)[],
): readonly (Scalar | FlatObject)[] {
  if (value === undefined) return whenAbsent;
  const elements = elementsOf(value);
  return elements.length === 0 ? EMPTY_TEXT : elements;
}

function fitsAny(element: string, wanted: readonly string[], fits: TextComparison): boolean {
  for (const value of wanted) if (fits(element, value)) return true;
  return false;
}

function foldedTexts(templates: readonly Template[]): (scope: Scope) => readonly string[] {
  if (templates.every((template) => template.fixedText !== null)) {
    const fixed = templates.map((template) => fold(template.fixedText ?? ''));
    return () => fixed;
  }
  return (scope) => templates.map((template) => fold(renderText(template, scope)));
}
