import { describe, expect, it } from '@jest/globals';
import { isCrossSite, type RequestOrigin } from './cross-site.js';

const request = (given: Partial<RequestOrigin>): RequestOrigin => ({ method: 'POST', fetchSite: undefined, origin: undefined, host: 'parley.example', ...given });

describe('a write with a cookie', () => {
  it.each<[string, Partial<RequestOrigin>]>([
    ['from our own page', { fetchSite: 'same-origin' }],
    ['typed by the person', { fetchSite: 'none' }],
    ['of an old browser from our own page', { origin: 'https://parley.example' }],
    ['through a proxy that ends TLS', { origin: 'https://parley.example', host: 'parley.example' }],
    ['of a script, which has no one else\'s cookie', {}],
    ['from the public address', { origin: 'https://public.example', host: 'inner:8080' }],
  ])('may be one %s', (_, given) => {
    expect(isCrossSite(request(given), ['https://public.example'])).toBe(false);
  });

  it.each<[string, Partial<RequestOrigin>]>([
    ['another site', { fetchSite: 'cross-site' }],
    ['a sister sub-domain', { fetchSite: 'same-site' }],
    ['another site, although it claims our origin', { fetchSite: 'cross-site', origin: 'https://parley.example' }],
    ['another origin of an old browser', { origin: 'https://evil.example' }],
    ['another port', { origin: 'http://parley.example:9999' }],
    ['a page without origin', { origin: 'null' }],
  ])('may not come from %s', (_, given) => {
    expect(isCrossSite(request(given), ['https://public.example'])).toBe(true);
  });

  it('is not a read: those may come from anywhere', () => {
    expect(isCrossSite(request({ method: 'GET', fetchSite: 'cross-site' }), [])).toBe(false);
  });
});
