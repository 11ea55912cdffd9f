import { describe, expect, it } from '@jest/globals';
import { arrivedPage, safeNext } from './arrived-page.js';

describe('where one goes after signing in', () => {
  it('is an address of the console', () => { expect(safeNext('/messages?state=DEAD')).toBe('/messages?state=DEAD'); });
  it.each(['//evil.example', '/\\evil.example', 'https://evil.example', '/a\nb', '/sign-in?next=/x', '', undefined, ['/a', '/b']])('is never another site or the door: %j', (next) => { expect(safeNext(next)).toBe('/overview'); });
  it('cannot write into the page', () => { expect(arrivedPage('/x?a="><script>')).not.toMatch(/"><script>/); });
});
