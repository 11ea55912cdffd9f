import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ExactNumber, parseExactJson } from './exact-json.js';

function read(text: string): unknown {
  const parsed = parseExactJson(text);
  if (!parsed.ok) throw new Error(parsed.error.reason);
  return parsed.value;
}

describe('the exact JSON parser', () => {
  it('reads what the engine reads', () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), (text) => {
        const hasLongNumber = /\d[\d.]{15}|e[+-]?\d{2}/i.test(text);
        if (!hasLongNumber) expect(JSON.stringify(read(text))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('refuses what the engine refuses', () => {
    const broken = fc.tuple(fc.json(), fc.nat(), fc.string({ maxLength: 3 })).map(([text, at, junk]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + junk + text.slice(place + 1);
    });
    fc.assert(
      fc.property(broken, (text) => {
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        expect(parseExactJson(text).ok).toBe(isJson);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['9007199254740991', 9007199254740991],
    ['-9007199254740991', -9007199254740991],
    ['0.1', 0.1],
    ['0.10', 0.1],
    ['1e3', 1000],
    ['-0', 0],
  ])('%s fits a double', (text, value) => expect(read(text)).toBe(value));

  it.each([
    ['9007199254740992'], ['-9007199254740993'], ['12345678901234567890'], ['1e22'], ['1e400'], ['1e-400'],
    ['0.12345678901234567890'], ['1234567890.123456789'], ['1.00000000000000000001'],
  ])('%s stays as written', (text) => {
    const value = read(text);
    expect(value).toBeInstanceOf(ExactNumber);
    expect((value as ExactNumber).text).toBe(text);
  });

  it('says where the text is broken', () => {
    const parsed = parseExactJson('{\n  "a": tru\n}');
    expect(parsed).toEqual({ ok: false, error: { position: 9, line: 2, column: 8, reason: 'a value was expected' } });
  });

  it('refuses depth instead of overflowing', () => {
    expect(parseExactJson('['.repeat(200_000)).ok).toBe(false);
  });
});
