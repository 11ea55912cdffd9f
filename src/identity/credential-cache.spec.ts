import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { CredentialCache } from './credential-cache.js';

describe('what is known of a credential', () => {
  afterEach(() => { jest.useRealTimers(); });

  it('is asked once by many at a time, and believed for ten seconds', async () => {
    jest.useFakeTimers({ now: 0 });
    const cache = new CredentialCache<string>();
    const ask = jest.fn(() => Promise.resolve<string | null>('acme'));
    expect(await Promise.all([cache.get('k', ask), cache.get('k', ask), cache.get('k', ask)])).toEqual(['acme', 'acme', 'acme']);
    expect(ask).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(9_999);
    expect(cache.peek('k')).toBe('acme');
    jest.advanceTimersByTime(2);
    expect(cache.peek('k')).toBeUndefined();
  });

  it('is not a refusal: what is new works at once', async () => {
    const cache = new CredentialCache<string>();
    expect(await cache.get('k', () => Promise.resolve(null))).toBeNull();
    expect(await cache.get('k', () => Promise.resolve('acme'))).toBe('acme');
  });

  it('is forgotten on a change, also what was asked before it', async () => {
    const cache = new CredentialCache<string>();
    let answer = (_: string): void => {};
    const early = cache.get('k', () => new Promise((resolve) => { answer = resolve; }));
    cache.clear();
    answer('stale');
    expect(await early).toBe('stale');
    expect(cache.peek('k')).toBeUndefined();
  });

  it('is not the failure of a look-up', async () => {
    const cache = new CredentialCache<string>();
    await expect(cache.get('k', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    expect(await cache.get('k', () => Promise.resolve('acme'))).toBe('acme');
  });
});
