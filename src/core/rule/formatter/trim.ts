import { defineFormatter } from './formatter.js';

export const trim = defineFormatter({
  type: 'Trim',
  meaning: 'Removes white space at both ends',
  keys: {},
  compile: () => (text) => text.trim(),
});
