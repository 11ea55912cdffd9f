import type { FastifyRequest } from 'fastify';

/** Behind https the name's prefix makes browsers refuse the cookie from sub-domains and plain http. */
const nameOf = (request: FastifyRequest): string => (request.protocol === 'https' ? '__Host-parley_session' : 'parley_session');

/** The session token that a request carries; null where there is none. */
export function readSessionCookie(request: FastifyRequest): string | null {
  const name = `${nameOf(request)}=`;
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const pair = part.trim();
    if (pair.startsWith(name)) return pair.slice(name.length) || null;
  }
  return null;
}

/** The `Set-Cookie` value that keeps a token; with null, the one that removes it. */
export function writeSessionCookie(request: FastifyRequest, token: string | null, lifetimeMs: number): string {
  const secure = request.protocol === 'https' ? '; Secure' : '';
  const life = token === null ? 0 : Math.floor(lifetimeMs / 1_000);
  return `${nameOf(request)}=${token ?? ''}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${life}${secure}`;
}
