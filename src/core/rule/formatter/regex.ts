import { optional, text, wholeNumber } from '../../shape/shape.js';
import { MAX_PATTERN_LENGTH } from '../pattern.js';
import { patternAt } from '../rule-place.js';
import { defineFormatter, Refusal } from './formatter.js';
import { tooLong } from './too-long.js';

/** Takes a part of the text; what is not found (or blank) becomes absent. */
export const regex = defineFormatter({
  type: 'Regex',
  meaning: 'Takes the first matching group of a pattern, or the whole match if it has no groups',
  keys: {
    pattern: text(`RE2, at most ${MAX_PATTERN_LENGTH} characters`, 'pattern'),
    group: optional(wholeNumber('The group to take; 0 is the whole match', 0), null),
  },
  seesBlank: true,
  compile: ({ pattern: source, group }, place) => {
    const pattern = patternAt(source, false, place.at('pattern'));
    if (pattern === null) return null;
    if (group !== null && group > pattern.groupCount) {
      place.at('group').refuse(`a group of the pattern, which has ${pattern.groupCount}`, String(group));
      return null;
    }
    return (input) => {
      if (input.trim() === '') return undefined;
      if (input.length > pattern.maxLength) return tooLong(input, pattern);
      const searched = pattern.search(input);
      if (!searched.ok) return new Refusal('takes this pattern too much work');
      const found = searched.value;
      if (found === null) return undefined;
      if (group !== null) return found[group] ?? undefined;
      return (pattern.groupCount === 0 ? found[0] : found.slice(1).find((part) => part !== null)) ?? undefined;
    };
  },
});
