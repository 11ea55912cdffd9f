import { describe, expect, it } from '@jest/globals';
import { jsonPointer, readJsonBody } from './json-body.js';
import { Problem } from './problem.js';

const refusal = (text: string | Uint8Array): Problem => {
  try {
    readJsonBody(typeof text === 'string' ? Buffer.from(text) : text);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('an administrative body', () => {
  it('is read as JSON; no bytes are no body', () => {
    expect(readJsonBody(Buffer.from('{"a":[1,"ü"]}'))).toEqual({ a: [1, 'ü'] });
    expect(readJsonBody(Buffer.alloc(0))).toBeUndefined();
  });

  it('is refused with the position where it breaks', () => {
    expect(refusal('{"a":')).toMatchObject({ status: 400, code: 'broken-json', detail: expect.stringContaining('line 1, column 6 (offset 5)') as unknown });
  });

  it('is refused when it is not UTF-8', () => {
    expect(refusal(Buffer.of(0x22, 0xff, 0x22))).toMatchObject({ status: 400, detail: 'The body is not UTF-8.' });
  });

  it('is refused with a pointer to each NUL character', () => {
    expect(refusal('{"a":{"b/c":["x","y\\u0000"]},"d":"\\u0000"}')).toMatchObject({
      status: 422, errors: expect.arrayContaining([expect.objectContaining({ pointer: '/a/b~1c/1' }), expect.objectContaining({ pointer: '/d' })]) as unknown,
    });
    expect(refusal('{"a\\u0000":1}')).toMatchObject({ status: 422 });
  });

  it('is refused when a name would reach into prototypes', () => {
    expect(refusal('{"a":{"__proto__":{"admin":true}}}')).toMatchObject({ status: 422, errors: [{ pointer: '/a/__proto__', detail: 'may not have this name' }] });
  });

  it('is refused when it is nested deeper than 64 levels, however deep', () => {
    expect(readJsonBody(Buffer.from('['.repeat(64) + ']'.repeat(64)))).toBeDefined();
    expect(refusal('['.repeat(65) + ']'.repeat(65))).toMatchObject({ status: 422 });
    expect(refusal('['.repeat(200_000) + ']'.repeat(200_000))).toMatchObject({ status: 422 });
  });
});

describe('a JSON pointer', () => {
  it('escapes tilde and slash', () => {
    expect(jsonPointer(['a~b', 'c/d'])).toBe('/a~0b/c~1d');
    expect(jsonPointer([])).toBe('');
  });
});
