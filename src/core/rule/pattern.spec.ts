import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileExpandedPattern, compilePattern, MAX_INPUT_LENGTH, type Pattern, quotePattern } from './pattern.js';

function pattern(source: string, ignoreCase = false): Pattern {
  const made = compilePattern(source, { ignoreCase });
  if (!made.ok) throw new Error(made.error);
  return made.value;
}

describe('a pattern', () => {
  it('is found anywhere, case or not', () => {
    expect(pattern('b+').test('abbc')).toBe(true);
    expect(pattern('B+').test('abbc')).toBe(false);
    expect(pattern('B+', true).test('abbc')).toBe(true);
    expect(pattern('^b').test('abbc')).toBe(false);
  });

  it('gives its groups, null for those that took no part', () => {
    expect(pattern('(x)?(b+)').find('abbc')).toEqual(['bb', null, 'bb']);
    expect(pattern('z').find('abbc')).toBeNull();
  });

  it('replaces with groups and dollar signs', () => {
    expect(pattern('(\\d)-(\\d)').replaceAll('1-2 3-4', '$2+$1$$')).toBe('2+1$ 4+3$');
  });

  it.each([['('], ['a(?=b)'], ['(?<=a)b'], ['(a)\\1'], ['a{1001}'], ['(?:[a-z]{500}){4}x{900}'], ['a'.repeat(1025)]])(
    '%s is refused with a reason',
    (source) => {
      const made = compilePattern(source, { ignoreCase: true });
      expect(made.ok).toBe(false);
      if (!made.ok) expect(made.error).not.toMatch(/error parsing|\(\?i\)/);
    },
  );

  it('may be longer than written once values stand in it, but not without end', () => {
    expect(compileExpandedPattern('a'.repeat(1_100), { ignoreCase: true }).ok).toBe(true);
    expect(compileExpandedPattern('a'.repeat(100_000), { ignoreCase: true }).ok).toBe(false);
  });

  it('matches exactly a text that was quoted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), (text) => {
        expect(pattern(`^${quotePattern(text)}$`).test(text)).toBe(true);
      }),
    );
  });

  it('gives up replacing where every match looks ahead to the end', () => {
    const text = 'a'.repeat(40_000);
    expect(pattern('a.*b|a').replaceAll(text, '-')).toBeNull();
    expect(pattern('(a|aa)*c|a').replaceAll(text, '-')).toBeNull();
    expect(pattern('a').replaceAll(text, '-')).toBeNull();
    expect(pattern('a').replaceAll(text.slice(0, 10_000), '-')).toBe('-'.repeat(10_000));
    expect(pattern('(\\w)\\s+').replaceAll('a  '.repeat(5_000), '$1')).toBe('a'.repeat(5_000));
    expect(pattern('x*').replaceAll('ya\ud83d\ude00', '-')).toBe('-y-a-\ud83d\ude00-');
  });

  it('gives up a search whose groups are too much work, which is not the same as not found', () => {
    const text = 'a'.repeat(60_000);
    expect(pattern('(a|aa)*c|(a)').search(text)).toEqual({ ok: false, error: 'too much work' });
    expect(pattern('(a|aa)*c|(a)').find(text)).toBeNull();
    expect(pattern('(b)').search(text)).toEqual({ ok: true, value: null });
    expect(pattern('INC(\\d+)').search(`${text}INC42`)).toEqual({ ok: true, value: ['INC42', '42'] });
  });

  it('looks at less of a text the larger the pattern, unless it is a list of words', () => {
    expect(pattern('\\bINC\\d{7}\\b', true).maxLength).toBe(MAX_INPUT_LENGTH);
    const words = `(${Array.from({ length: 60 }, (_, at) => `word ${at}`).join('|')})`;
    expect(pattern(words, true).maxLength).toBe(MAX_INPUT_LENGTH);
    const large = pattern('(a|b)*a(a|b){300}c', true);
    expect(large.maxLength).toBeLessThan(1_000);
    expect(pattern('a.{300}z', true).maxLength).toBeLessThan(5_000);
    expect(pattern('a.{300}z', true).test(`${' '.repeat(10_000)}a${'b'.repeat(300)}z`)).toBe(false);
  });

  it('takes linear time on patterns that ruin others', () => {
    const evil = ['^(a+)+$', '(a|aa)+$', '(.*)*x', '(a*)*b', '^(([a-z])+.)+[A-Z]([a-z])+$', '(?:a?){50}a{50}'];
    const text = 'a'.repeat(MAX_INPUT_LENGTH - 1) + '!';
    for (const source of evil) expect(typeof pattern(source).test(text)).toBe('boolean');
  });
});
