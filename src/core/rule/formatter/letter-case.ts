import { defineFormatter } from './formatter.js';

export const lowercase = defineFormatter({
  type: 'Lowercase',
  meaning: 'Makes every letter lower case',
  keys: {},
  compile: () => (text) => text.toLowerCase(),
});

export const uppercase = defineFormatter({
  type: 'Uppercase',
  meaning: 'Makes every letter upper case',
  keys: {},
  compile: () => (text) => text.toUpperCase(),
});

export const capitalize = defineFormatter({
  type: 'Capitalize',
  meaning: 'Makes the first letter of each word upper case and the rest lower case; words end at spaces and dashes',
  keys: {},
  compile: () => (text) => text.replace(/[^ -]+/g, capitalizeWord),
});

function capitalizeWord(word: string): string {
  const first = String.fromCodePoint(word.codePointAt(0) ?? 0);
  return first.toUpperCase() + word.slice(first.length).toLowerCase();
}
