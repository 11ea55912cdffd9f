import { describe, expect, it } from 'vitest';
import { fieldOf } from './field';
import { Unreadable, emptyOf, readJson, readNumber, readTexts, unreadable, withMember } from './form-value';

describe('what is typed', () => {
  it.each([['', undefined], [' 8 ', 8], ['0.5', 0.5]])('%j is the number %s', (typed, number) => {
    expect(readNumber(typed)).toBe(number);
  });

  it('keeps what means no number or no JSON, with the reason', () => {
    expect(readNumber('many')).toEqual(new Unreadable('many', 'must be a number'));
    expect(readJson('{"a":')).toEqual(new Unreadable('{"a":', 'is not JSON'));
    expect(readJson('{"a": [1]}')).toEqual({ a: [1] });
  });

  it('is one text or several', () => {
    expect(readTexts(' a \n\n', false)).toBe('a');
    expect(readTexts('a', true)).toEqual(['a']);
    expect(readTexts('a\nb', false)).toEqual(['a', 'b']);
    expect(readTexts(' \n', true)).toBeUndefined();
  });
});

describe('a document that is written', () => {
  it('names the place of everything that cannot be read, with its pointer escaped', () => {
    const value = { a: [1, { 'b/c': new Unreadable('x', 'is not JSON') }] };
    expect(unreadable(value, '/settings')).toEqual([{ pointer: '/settings/a/1/b~1c', detail: 'is not JSON' }]);
  });

  it('is never changed in place and keeps the order of its keys', () => {
    const before = Object.freeze({ a: 1, b: 2, c: 3 });
    expect(Object.entries(withMember(before, 'b', 9))).toEqual([['a', 1], ['b', 9], ['c', 3]]);
    expect(withMember(before, 'b', undefined)).toEqual({ a: 1, c: 3 });
    expect(withMember(undefined, 'b', 1)).toEqual({ b: 1 });
  });

  it('starts a group with its required choices, and variants with the first of them', () => {
    const operation = fieldOf({ type: 'object', required: ['method', 'path'], properties: { method: { type: 'string', enum: ['POST', 'PUT'] }, path: { type: 'string' } } }, 'create', false);
    expect(emptyOf(operation)).toEqual({ method: 'POST' });
    const auth = fieldOf({ discriminator: { propertyName: 'type' }, oneOf: [{ properties: { type: { const: 'none' } } }] }, 'auth', false);
    expect(emptyOf(auth)).toEqual({ type: 'none' });
  });
});
