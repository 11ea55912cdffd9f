import { describe, expect, it } from 'vitest';
import { readTsv, writeTsv } from './tsv';

describe('cells from a spreadsheet', () => {
  it.each([
    ['a\tb\r\nc\td\r\n', [['a', 'b'], ['c', 'd']]],
    ['a\tb\nc\td', [['a', 'b'], ['c', 'd']]],
    ['one', [['one']]],
    ['"two\r\nlines"\tx', [['two\nlines', 'x']]],
    ['"say ""hi"""\t"a\tb"', [['say "hi"', 'a\tb']]],
    ['5" disk\tx', [['5" disk', 'x']]],
    ['"never closed\tx', [['"never closed', 'x']]],
    ['"quoted" but not all\tx', [['"quoted" but not all', 'x']]],
    ['a\t\nb\t', [['a', ''], ['b', '']]],
    ['\t\n', [['', '']]],
    ['a\n\nb', [['a'], [''], ['b']]],
    ['', []],
  ])('are read from %j', (text, rows) => { expect(readTsv(text)).toEqual(rows); });

  it('come back as they were written', () => {
    const rows = [['plain', 'a\tb'], ['"quoted"', 'two\nlines'], ['', '‹any›']];
    expect(readTsv(writeTsv(rows))).toEqual(rows);
  });
});
