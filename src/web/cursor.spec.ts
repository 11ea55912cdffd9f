import { describe, expect, it } from '@jest/globals';
import { pageOf, readCursor, writeCursor } from './cursor.js';

describe('a cursor', () => {
  it('comes back as it went', () => {
    const keys = ['2026-11-20T10:00:00.123Z', '7b7d2f6e-6f0e-4d52-9a3a-0d1a0c9d8f11'];
    expect(readCursor(writeCursor(keys), 'instant', 'uuid')).toEqual(keys);
    expect(readCursor(undefined, 'uuid')).toBeNull();
  });

  it.each([
    ['garbage', 'x%%x'], ['an empty one', ''], ['another list\'s', writeCursor(['a', 'b'])],
    ['one that is no UUID', writeCursor(['1; drop table'])], ['a number', Buffer.from('[1]').toString('base64url')],
  ])('is refused where it is %s', (_, cursor) => {
    expect(() => readCursor(cursor, 'uuid')).toThrow(expect.objectContaining({ status: 422, errors: [{ parameter: 'cursor', detail: 'is not a cursor of this list' }] }));
  });
});

describe('a page', () => {
  it('names the next one only where there is more', () => {
    const keysOf = (item: string): string[] => [item];
    expect(pageOf(['a', 'b', 'c'], 2, keysOf)).toEqual({ items: ['a', 'b'], nextCursor: writeCursor(['b']) });
    expect(pageOf(['a', 'b'], 2, keysOf)).toEqual({ items: ['a', 'b'], nextCursor: null });
    expect(pageOf([], 2, keysOf)).toEqual({ items: [], nextCursor: null });
  });
});
