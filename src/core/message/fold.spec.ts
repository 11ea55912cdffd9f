import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold, sameName } from './fold.js';

describe('fold', () => {
  it('makes lower case without locale', () => {
    expect(fold('ACME_Snc')).toBe('acme_snc');
    expect(fold('TITLE I')).toBe('title i');
    expect(fold('ÄÖÅ')).toBe('äöå');
  });

  it('reads a final sigma as a sigma', () => {
    expect(fold('ΟΔΟΣ')).toBe(fold('οδος'));
    expect(sameName('ΟΔΟΣ Α', 'οδοσ α')).toBe(true);
  });

  it('folds what is folded to itself', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => fold(fold(text)) === fold(text)));
  });
});
