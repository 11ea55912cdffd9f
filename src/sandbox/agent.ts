import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from './refusal.js';

const COOKIE = 'sandbox_agent';
const ONE_YEAR_S = 31_536_000;

/** The name someone gave on this tool's page; null before they did. */
export function agentOf(request: FastifyRequest): string | null {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [name, value = ''] = part.trim().split('=', 2);
    if (name === COOKIE) return decoded(value);
  }
  return null;
}

/** Remembers a name for this tool; a blank one is forgotten. */
export function setAgent(request: FastifyRequest, reply: FastifyReply, base: string, name: string): void {
  const plain = name.replace(/\p{Cc}/gu, ' ').trim().slice(0, 60);
  const secure = request.protocol === 'https' ? '; Secure' : '';
  void reply.header('set-cookie', `${COOKIE}=${encodeURIComponent(plain)}; Path=${base}; HttpOnly; SameSite=Strict; Max-Age=${plain === '' ? 0 : ONE_YEAR_S}${secure}`);
}

/** A page of another site may not act here with someone's name. Throws a refusal. */
export function refuseOtherSites(request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const site = request.headers['sec-fetch-site'];
  const { origin, host } = request.headers;
  const isOther = site === undefined ? origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host) : site !== 'same-origin' && site !== 'none';
  if (isOther) throw new Refusal('FORBIDDEN', 'A page of another site may not do this.');
}

function decoded(value: string): string | null {
  try {
    return decodeURIComponent(value).replace(/\p{Cc}/gu, ' ').trim().slice(0, 60) || null;
  } catch {
    return null;
  }
}
