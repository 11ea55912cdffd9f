import { asText, elementAsText } from '../../message/as-text.js';
import { elementsOf } from '../../message/elements-of.js';
import type { Place } from '../../shape/place.js';
import { compileExpandedPattern, MAX_INPUT_LENGTH, type Pattern, quotePattern } from '../pattern.js';
import { allOrNull, patternAt, templateAt } from '../rule-place.js';
import type { Scope } from '../scope.js';
import type { Template } from '../template.js';
import { hintOf } from './index-hint.js';
import type { OperatorDefinition } from './operator.js';
import { foldForPatterns, requiredLiterals } from './required-literals.js';

/** Stands for a value while a pattern with `${…}` is checked at save. */
const PLACEHOLDER = 'x';

/** One value of the condition. */
interface Sought {
  readonly patternOf: (scope: Scope) => Pattern | null;
  /** Of these every match contains one; null where that is not known. */
  readonly literals: readonly string[] | null;
}

/** Holds if any element contains a match of any of the patterns; of very long texts the beginning is looked at (`maxLength`). */
export const matches: OperatorDefinition = {
  operator: 'MATCHES',
  meaning: 'a pattern (RE2, case-insensitive) is found anywhere in it',
  takesValues: true,
  compile: (subject, values, place) => {
    const sought = allOrNull(values.map((value, at) => compileValue(value, place.at(at))));
    if (sought === null) return null;
    const mayBeSpared = sought.some(({ literals }) => literals !== null);
    return (scope) =>
      elementsOf(subject.read(scope)).some((element) => {
        const text = elementAsText(element).slice(0, MAX_INPUT_LENGTH);
        // Looking for plain text is some fifty times as fast as looking for a pattern.
        const folded = mayBeSpared ? foldForPatterns(text) : '';
        const mayMatch = ({ literals }: Sought): boolean => literals === null || literals.some((literal) => folded.includes(literal));
        return sought.some((one) => mayMatch(one) && one.patternOf(scope)?.test(text) === true);
      });
  },
  hint: (fixedTexts) => {
    const literals = allOrNull(fixedTexts.map(requiredLiterals));
    return literals === null ? null : hintOf('has', literals.flat());
  },
};

function compileValue(source: string, place: Place): Sought | null {
  const template = templateAt(source, place);
  if (template === null) return null;
  const checked = patternAt(expand(template, () => PLACEHOLDER), true, place);
  if (checked === null) return null;
  if (template.fixedText !== null) return { patternOf: () => checked, literals: requiredLiterals(template.fixedText) };
  const patternOf = (scope: Scope): Pattern | null => {
    // A value that makes the pattern too long is found nowhere.
    const source = expand(template, (part) => quotePattern(asText(part.read(scope))));
    const compiled = compileExpandedPattern(source, { ignoreCase: true });
    return compiled.ok ? compiled.value : null;
  };
  return { patternOf, literals: null };
}

function expand(template: Template, insert: (part: Exclude<Template['parts'][number], string>) => string): string {
  return template.parts.map((part) => (typeof part === 'string' ? part : insert(part))).join('');
}
