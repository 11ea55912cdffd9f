import { flag, optional, type Shape, text } from '../../shape/shape.js';
import { patternAt } from '../rule-place.js';
import { defineFormatter, Refusal } from './formatter.js';
import { tooLong } from './too-long.js';

const anyText = text('What is looked for');

/** A blank is a text to look for like any other; only nothing is not. */
const soughtText: Shape<string> = {
  schema: anyText.schema,
  read: (raw, place) => {
    if (raw === '') place.refuse('text that is not empty', '""');
    return anyText.read(raw, place);
  },
};

export const replaceAll = defineFormatter({
  type: 'ReplaceAll',
  meaning: 'Replaces every occurrence of a text, or every match of a pattern',
  keys: {
    template: soughtText,
    replacement: optional(text('What stands there instead; with a pattern, $1 is its first group'), ''),
    isRegex: optional(flag('Whether the template is a pattern (RE2)'), false),
  },
  compile: ({ template, replacement, isRegex }, place) => {
    if (!isRegex) return (input) => input.replaceAll(template, () => replacement);
    const pattern = patternAt(template, false, place.at('template'));
    if (pattern === null) return null;
    return (input) =>
      input.length > pattern.maxLength
        ? tooLong(input, pattern)
        : (pattern.replaceAll(input, replacement) ?? new Refusal('takes this pattern too much work'));
  },
});
