import { filledText, optional, text } from '../../shape/shape.js';
import { translationKey } from '../scope.js';
import { defineFormatter, Refusal } from './formatter.js';

/**
 * Reads a translation that was fetched beforehand. What is not known is asked for in the decision's `needs`, and
 * such a decision is not committed; the text that stands in for it never reaches anyone. What cannot be had fails.
 */
export const translate = defineFormatter({
  type: 'Translate',
  meaning: 'Translates text by the translation service',
  keys: {
    source: optional(text('Language code of the text; left out, the service finds it out'), ''),
    target: filledText('Language code to translate to'),
  },
  compile:
    ({ source, target }) =>
    (input, scope) => {
      const need = { source, target, text: input };
      const key = translationKey(need);
      const known = Object.hasOwn(scope.known, key) ? scope.known[key] : undefined;
      if (typeof known === 'object') return new Refusal(`cannot be translated: ${known.problem}`);
      if (known !== undefined) return known;
      if (!scope.needs.some((known) => translationKey(known) === key)) scope.needs.push(need);
      return input;
    },
});
