import { describe, expect, it } from '@jest/globals';
import { nestAttributes } from './nest-attributes.js';

describe('nesting attributes', () => {
  it('makes objects of dotted names and leaves lists alone', () => {
    expect(nestAttributes({ title: 'x', 'fields.summary': 'y', 'fields.caller.email': 'a@b', 'fields.tags': ['p', { q: 1 }] })).toEqual({
      title: 'x', fields: { summary: 'y', caller: { email: 'a@b' }, tags: ['p', { q: 1 }] },
    });
  });

  it('loses nothing where a name is a value and has longer names below it, in any order', () => {
    const expected = { a: 1, 'a.b': 2, 'a.b.c': 3, x: { y: null, 'y.z': 4 } };
    expect(nestAttributes({ a: 1, 'a.b': 2, 'a.b.c': 3, 'x.y': null, 'x.y.z': 4 })).toEqual(expected);
    expect(nestAttributes({ 'x.y.z': 4, 'a.b.c': 3, 'a.b': 2, 'x.y': null, a: 1 })).toEqual(expected);
  });

  it('keeps names with empty steps as they are', () => {
    expect(nestAttributes({ 'a..b': 1, '.c': 2, 'd.': 3 })).toEqual({ 'a..b': 1, '.c': 2, 'd.': 3 });
  });

  it('does not reach the machinery of objects', () => {
    const nested = nestAttributes({ '__proto__.polluted': 1, 'constructor.prototype.polluted': 2, 'a.__proto__.polluted': 3, 'toString.x': 4 });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.hasOwn(nested, 'constructor')).toBe(true);
    expect(JSON.parse(JSON.stringify(nested))).toMatchObject({ toString: { x: 4 } });
  });
});
