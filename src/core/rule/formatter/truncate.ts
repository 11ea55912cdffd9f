import { wholeNumber } from '../../shape/shape.js';
import { defineFormatter } from './formatter.js';

export const truncate = defineFormatter({
  type: 'Truncate',
  meaning: 'Cuts text to a length in Unicode code points',
  keys: { maxLength: wholeNumber('Code points that are kept', 0) },
  compile:
    ({ maxLength }) =>
    (text) =>
      // Code points are never more than UTF-16 units, so most texts need no counting.
      text.length <= maxLength ? text : firstCodePoints(text, maxLength),
});

function firstCodePoints(text: string, count: number): string {
  let end = 0;
  for (let taken = 0; taken < count && end < text.length; taken += 1) {
    end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  }
  return text.slice(0, end);
}
