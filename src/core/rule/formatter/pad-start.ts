import { optional, text, wholeNumber } from '../../shape/shape.js';
import { defineFormatter } from './formatter.js';

/** More would only serve to fill memory. */
const MAX_LENGTH = 10_000;

export const padStart = defineFormatter({
  type: 'PadStart',
  meaning: 'Fills text from the left to a length in Unicode code points',
  keys: {
    length: wholeNumber('Code points of the result', 0),
    with: optional(text('What it is filled with'), ' '),
  },
  compile: ({ length, with: filler }, place) => {
    if (length > MAX_LENGTH) {
      place.at('length').refuse(`a whole number, at most ${MAX_LENGTH}`, String(length));
      return null;
    }
    const fillers = [...filler];
    return (input) => {
      const missing = length - [...input].length;
      if (missing <= 0 || fillers.length === 0) return input;
      return Array.from({ length: missing }, (_, at) => fillers[at % fillers.length]).join('') + input;
    };
  },
});
