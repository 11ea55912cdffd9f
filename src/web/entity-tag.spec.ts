import { describe, expect, it } from '@jest/globals';
import { entityTag, requireMatch } from './entity-tag.js';

describe('If-Match', () => {
  it('lets the current version, any version and nothing through', () => {
    for (const given of [undefined, '*', '"3"', '"2", "3"']) expect(() => requireMatch(given, entityTag(3))).not.toThrow();
  });

  it('refuses an older version and tells the current one', () => {
    expect(() => requireMatch('"2"', entityTag(3))).toThrow(expect.objectContaining({ status: 412, headers: { etag: '"3"' } }));
  });

  it('tells documents apart by their bytes', () => {
    expect(entityTag(Buffer.from('a'))).not.toBe(entityTag(Buffer.from('b')));
    expect(entityTag(Buffer.from('a'))).toBe(entityTag(Buffer.from('a')));
  });
});
