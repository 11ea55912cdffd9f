import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LiteralSearch } from './literal-search.js';

function searchOf(literals: readonly string[]): LiteralSearch {
  const search = new LiteralSearch();
  literals.forEach((literal, at) => search.add(literal, at));
  return search;
}

function found(search: LiteralSearch, text: string): number[] {
  const places = new Set<number>();
  search.find(text, (told) => told.forEach((place) => places.add(place)));
  return [...places].sort((left, right) => left - right);
}

describe('a search for many literals', () => {
  it('finds exactly those that the text contains', () => {
    const unit = fc.constantFrom('a', 'b', 'ab', 'c', ' ', 'é', 'Ā', '漢', '😀', '\u0161', 'aaaa');
    const text = (maxLength: number): fc.Arbitrary<string> => fc.array(unit, { maxLength }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(text(6).filter((literal) => literal !== ''), { maxLength: 20 }), text(30), (literals, within) => {
        const containing = literals.flatMap((literal, at) => (within.includes(literal) ? [at] : []));
        expect(found(searchOf(literals), within)).toEqual(containing);
      }),
      { numRuns: 1_000 },
    );
  });

  it('finds many literals that begin alike, and knows new ones after a search', () => {
    const search = searchOf(Array.from({ length: 1_000 }, (_, at) => `incident-${at}-`));
    expect(found(search, 'see incident-7- and incident-999-')).toEqual([7, 999]);
    search.add('see', 1_000);
    expect(found(search, 'see incident-7-')).toEqual([7, 1_000]);
  });

  it('gives up on a text that has literals compared without end: they count as found', () => {
    // Two letters only: every gram is everywhere, and no literal has one for itself.
    let state = 7;
    const coin = (): string => ((state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) > 1_073_741_824 ? 'a' : 'b');
    const letters = (count: number): string => Array.from({ length: count }, coin).join('');
    const search = searchOf(Array.from({ length: 300 }, () => letters(24)));
    expect(found(search, letters(100)).length).toBeLessThan(300);
    expect(found(search, letters(10_000))).toHaveLength(300);
  });
});
