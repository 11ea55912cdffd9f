import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findJsonBreak } from './json-syntax.js';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('the place where JSON breaks', () => {
  it('is the first character that cannot stand there', () => {
    expect(findJsonBreak('{"a":1,\n "b":}')).toEqual({ offset: 13, line: 2, column: 6, found: '"}"' });
    expect(findJsonBreak('{"a":1')).toMatchObject({ offset: 6, found: 'the end' });
    expect(findJsonBreak('')).toMatchObject({ offset: 0, found: 'the end' });
    expect(findJsonBreak('[1,]')).toMatchObject({ offset: 3 });
    expect(findJsonBreak('{"a" 1}')).toMatchObject({ offset: 5 });
    expect(findJsonBreak('[1}')).toMatchObject({ offset: 2 });
    expect(findJsonBreak('01')).toMatchObject({ offset: 0 });
    expect(findJsonBreak('{} x')).toMatchObject({ offset: 3 });
  });

  it('is nowhere in what JSON.parse reads', () => {
    fc.assert(fc.property(fc.json(), (text) => expect(findJsonBreak(text)).toBeUndefined()));
  });

  it('is somewhere in what JSON.parse refuses', () => {
    const broken = fc.tuple(fc.json(), fc.nat(), fc.constantFrom('', '}', ']', ',', ':', '"', 'x', '\u0001', '-', '0')).map(([text, at, put]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + put + text.slice(place + (put === '' ? 1 : 0));
    });
    fc.assert(fc.property(broken, (text) => expect(findJsonBreak(text) === undefined).toBe(isJson(text))), { numRuns: 2_000 });
  });

  it('is found in deep nesting without running out of stack', () => {
    expect(findJsonBreak('['.repeat(500_000))).toMatchObject({ offset: 500_000 });
  });
});
