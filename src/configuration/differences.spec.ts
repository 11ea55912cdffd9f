import { describe, expect, it } from '@jest/globals';
import { differencesOf } from './differences.js';

describe('differences of two documents', () => {
  it('are none where only the order of keys differs', () => {
    expect(differencesOf({ a: 1, b: [{ c: 2, d: 3 }] }, { b: [{ d: 3, c: 2 }], a: 1 })).toEqual([]);
  });

  it('name each place once, as deep as it goes', () => {
    expect(differencesOf({ a: { b: 1, c: 2 }, d: [1, 2] }, { a: { b: 9, c: 2 }, d: [1, 3] })).toEqual([
      { pointer: '/a/b', before: 1, after: 9 }, { pointer: '/d/1', before: 2, after: 3 },
    ]);
  });

  it('tell what came and what went', () => {
    expect(differencesOf({ gone: null }, { 'a/b~': 'new' })).toEqual([{ pointer: '/gone', before: null }, { pointer: '/a~1b~0', after: 'new' }]);
  });

  it('show a list of another length as a whole', () => {
    expect(differencesOf({ list: [1] }, { list: [1, 2] })).toEqual([{ pointer: '/list', before: [1], after: [1, 2] }]);
  });
});
