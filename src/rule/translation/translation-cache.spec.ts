import { describe, expect, it } from '@jest/globals';
import { TranslationCache } from './translation-cache.js';

describe('the translations that are kept', () => {
  it('are those that were used last', () => {
    const cache = new TranslationCache(2, 1_000);
    cache.set('a', '1');
    cache.set('b', '2');
    expect(cache.get('a')).toBe('1');
    cache.set('c', '3');
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual(['1', undefined, '3']);
  });

  it('never hold more characters than they may, keys included', () => {
    const cache = new TranslationCache(100, 20);
    cache.set('a', '123456789');
    cache.set('b', '123456789');
    expect(cache.get('a')).toBe('123456789');
    cache.set('c', 'x');
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual(['123456789', undefined, 'x']);
    cache.set('d', 'x'.repeat(50));
    expect([cache.get('a'), cache.get('c'), cache.get('d')]).toEqual([undefined, undefined, undefined]);
    cache.set('a', '1');
    cache.set('a', '2');
    expect(cache.get('a')).toBe('2');
  });
});
