import { describe, expect, it } from '@jest/globals';
import { readExactJson } from './exact-json.js';

describe('numbers in JSON', () => {
  it.each([
    ['9007199254740991', 9007199254740991], ['-9007199254740991', -9007199254740991], ['0.1', 0.1], ['1.50', 1.5], ['1e3', 1000], ['0.30000000000000004', 0.30000000000000004],
    ['100000000000000.5', 100000000000000.5], ['-0.0', -0], ['0.0000000000000000', 0], ['1.7976931348623157e308', Number.MAX_VALUE], ['5e-324', 5e-324], ['1000000000000000.0', 1e15],
  ])('%s stays a number', (text, value) => {
    expect(readExactJson(text)).toBe(value);
  });

  it.each(['9007199254740993', '-9007199254740993', '12345678901234567890', '0.1234567890123456789', '1e400', '123456789012345.12345', '1e-400', '9007199254740993.0'])('%s becomes the text as written', (text) => {
    expect(readExactJson(`{"a":[${text}]}`)).toEqual({ a: [text] });
  });

  it('are left alone inside texts', () => {
    expect(readExactJson('{"a":"12345678901234567890 \\"1e999"}')).toEqual({ a: '12345678901234567890 "1e999' });
  });
});
