import { expect, it } from '@jest/globals';
import { jsonDifferences } from './json-differences.js';

it('two values differ at the deepest places that both have', () => {
  const differences = (one: unknown, other: unknown): string[] => jsonDifferences(one, other, 20);
  expect(differences({ a: [1, { b: 2 }], c: null }, { c: null, a: [1, { b: 2 }] })).toEqual([]);
  expect(differences({ a: [1, { b: 2 }], 'x/y': 1 }, { a: [1, { b: 3 }, 4], 'x~y': 1 })).toEqual(['/a/1/b', '/a/2', '/x~1y', '/x~0y']);
  expect(differences({ a: [] }, { a: {} })).toEqual(['/a']);
  expect(differences('one', 'other')).toEqual(['']);
  expect(jsonDifferences({ a: 1, b: 1, c: 1 }, {}, 2)).toEqual(['/a', '/b']);
});
