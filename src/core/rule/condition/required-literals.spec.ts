import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compilePattern } from '../pattern.js';
import { foldForPatterns, requiredLiterals } from './required-literals.js';

describe('the literals that a pattern requires', () => {
  it.each<[string, readonly string[] | null]>([
    ['printer', ['printer']],
    ['\\bINC\\d+\\b', ['inc']],
    ['^vpn (down|slow)$', ['vpn ']],
    ['(down|slow)', ['down', 'slow']],
    ['a(down|slow)?', null],
    ['colou?r', ['colo']],
    ['x+yz*', null],
    ['wx+yz*', ['wx']],
    ['error\\.log', ['error.log']],
    ['[a-z]]error', [']error']],
    ['ab{0,2}cd', ['cd']],
    ['ab{2}cd', ['ab']],
    ['vpn|', null],
    ['', null],
    ['.*', null],
    ['straße', ['stra']],
    ['\\Qa.b\\E', null],
    ['\\x{61}bc', null],
    ['\\pLabc', null],
    ['(?i)abc', ['abc']],
    ['(?:abc){2,}', ['abc']],
    ['(?:abc){0}def', ['def']],
    ['(?P<name>abc)', ['abc']],
  ])('of %j are %j', (pattern, literals) => expect(requiredLiterals(pattern)).toEqual(literals));

  it('stand in every text that the pattern is found in', () => {
    const plain = fc.constantFrom('ab', 'K', 's', 'ks', 'x', ' ', 'é', 'ſ', '\u212a', '😀', '-', '#', '.', '\\.');
    const special = fc.constantFrom(
      '\\d', '\\b', '^', '$', '[ab]', '[^]k]', '[]a]', '[[:alpha:]s]', '[\\]x]', '(?i)', '(?-i)', ')', '|', '*', '+', '?', '??',
      '{0}', '{1,2}', '{2}', '{0,}', '{', '}', '{,2}', ']', '\\Q', '\\E', '\\x{73}', '\\pL', '\\pN', '\\n', '\\1', ':',
    );
    const opening = fc.constantFrom('(', '(?:', '(?-i:', '(?P<n>');
    const grouped = fc.tuple(opening, fc.array(fc.oneof(plain, fc.constantFrom('|', '?', 'ab|')), { maxLength: 4 }), fc.constantFrom(')', ')*', ')?', ')+', '){2}')).map(([open, inner, close]) => open + inner.join('') + close);
    const piece = fc.oneof({ weight: 5, arbitrary: plain }, { weight: 3, arbitrary: special }, { weight: 1, arbitrary: grouped });
    const text = fc.array(fc.constantFrom('ab', 'ab', 'ks', 'KS', 'a', 'b', 'K', 'k', 's', 'S', 'ſ', '\u212a', 'x', 'X', ' ', '1', '.', ']', ')', '{', 'é', 'É', '😀', 'İ', '\n', '-', '}', ',', '2', '#', ':'), { maxLength: 12 }).map((parts) => parts.join(''));
    let found = 0;
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('')), fc.array(text, { minLength: 8, maxLength: 8 }), (source, texts) => {
        const pattern = compilePattern(source, { ignoreCase: true });
        const literals = requiredLiterals(source);
        if (!pattern.ok || literals === null) return;
        for (const one of texts) {
          if (!pattern.value.test(one)) continue;
          found += 1;
          const folded = foldForPatterns(one);
          expect([source, one, literals.some((literal) => folded.includes(literal))]).toEqual([source, one, true]);
        }
      }),
      { numRuns: 20_000 },
    );
    // A property of patterns that match nothing would prove nothing.
    expect(found).toBeGreaterThan(200);
  });
});
