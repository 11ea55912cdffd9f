import { describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { readSessionCookie, writeSessionCookie } from './cookie.js';

const request = (protocol: string, cookie?: string): FastifyRequest => ({ protocol, headers: { cookie } }) as unknown as FastifyRequest;

describe('the session cookie', () => {
  it('is bound to host and TLS behind https', () => {
    expect(writeSessionCookie(request('https'), 'abc', 43_200_000)).toBe('__Host-parley_session=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200; Secure');
    expect(readSessionCookie(request('https', 'a=1; __Host-parley_session=abc'))).toBe('abc');
  });

  it('has a plain name on plain http, which browsers would otherwise refuse', () => {
    expect(writeSessionCookie(request('http'), 'abc', 1_000)).toBe('parley_session=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=1');
    expect(readSessionCookie(request('http', 'parley_session=abc'))).toBe('abc');
  });

  it('of plain http is not believed behind https', () => {
    expect(readSessionCookie(request('https', 'parley_session=abc'))).toBeNull();
    expect(readSessionCookie(request('http'))).toBeNull();
  });

  it('is removed by an empty one', () => {
    expect(writeSessionCookie(request('http'), null, 0)).toContain('parley_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0');
  });
});
