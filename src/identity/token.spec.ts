import { describe, expect, it } from '@jest/globals';
import { isMistypedApiKey, makeApiKey, makeSessionToken, tokenHash } from './token.js';

describe('a generated API key', () => {
  it('begins with what it is recognised by', () => {
    const { key, prefix } = makeApiKey();
    expect(key).toMatch(/^parley_[0-9A-Za-z]{71}$/);
    expect(key.startsWith(prefix)).toBe(true);
  });

  it('shows a typing error in any place', () => {
    const { key } = makeApiKey();
    expect(isMistypedApiKey(key)).toBe(false);
    for (let at = 7; at < key.length; at += 1) {
      const other = key[at] === 'a' ? 'b' : 'a';
      expect(isMistypedApiKey(key.slice(0, at) + other + key.slice(at + 1))).toBe(true);
    }
  });

  it('is not the only kind of key: what was given is taken as it is', () => {
    expect(isMistypedApiKey('a-key-that-somebody-gave-to-the-first-start')).toBe(false);
  });
});

describe('tokens', () => {
  it('have 256 random bits and are stored as a hash', () => {
    expect(Buffer.from(makeSessionToken(), 'base64url')).toHaveLength(32);
    expect(makeSessionToken()).not.toBe(makeSessionToken());
    expect(tokenHash('x')).toHaveLength(32);
  });
});
