import { describe, expect, it } from 'vitest';
import { lineDiff, withContext } from './line-diff';

const printed = (before: string, after: string): string => lineDiff(before.split(''), after.split('')).map((line) => `${{ same: ' ', added: '+', removed: '-' }[line.kind]}${line.text}`).join('');

describe('what changed between two texts', () => {
  it.each([['abc', 'abc', ' a b c'], ['abc', 'ac', ' a-b c'], ['ac', 'abc', ' a+b c'], ['abc', 'axc', ' a-b+x c'], ['abcd', 'bd', '-a b-c d'], ['ab', 'xy', '-a-b+x+y']])('%s → %s', (before, after, lines) => {
    expect(printed(before, after)).toBe(lines);
  });

  it('is all of it where there was nothing', () => {
    expect(lineDiff([], ['a'])).toEqual([{ kind: 'added', text: 'a' }]);
    expect(lineDiff(['a'], [])).toEqual([{ kind: 'removed', text: 'a' }]);
    expect(lineDiff([], [])).toEqual([]);
  });

  it('gives up being exact where the texts are huge', () => {
    const [before, after] = [Array.from({ length: 3_000 }, (_, at) => `b${String(at)}`), Array.from({ length: 3_000 }, (_, at) => `a${String(at)}`)];
    expect(lineDiff(before, after)).toHaveLength(6_000);
  });

  it('is shown with a few lines around, and a gap for the rest', () => {
    const lines = lineDiff('abcdefgh'.split(''), 'abcdXfgh'.split(''));
    expect(withContext(lines, 1).map((line) => line?.text ?? '…').join('')).toBe('…deXf…');
  });
});
