import { defineFormatter } from './formatter.js';
import { text } from '../../shape/shape.js';

export const split = defineFormatter({
  type: 'Split',
  meaning: 'Makes a multi-value of a text',
  keys: { separator: text('What stands between the values; empty splits into characters') },
  compile:
    ({ separator }) =>
    (input) =>
      // An empty separator splits between code points, not inside them.
      separator === '' ? [...input] : input.split(separator),
});
