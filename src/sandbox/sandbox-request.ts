import { timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SandboxRow } from '../store/sandbox/sandbox-row.js';
import { Problem, readJsonBody } from '../web/index.js';
import { readOptions } from './options.js';
import { Refusal } from './refusal.js';
import type { Worker } from './ticket-desk.js';
import { tokenHash } from './sandbox-secret.js';

/** A request to a tool's address. */
export type ToolRequest = FastifyRequest<{ Params: { sandbox: string; id: string; file: string }; Querystring: Record<string, string | undefined> }>;

/** Whoever the API token says: a basic user name, or the tool's integration user. Throws a refusal. */
export function programOf(request: FastifyRequest, tool: SandboxRow): Worker {
  const [scheme = '', credentials = ''] = (request.headers.authorization ?? '').split(/\s+(.*)/s);
  const basic = scheme.toLowerCase() === 'basic' ? /^([^:]*):(.*)$/s.exec(Buffer.from(credentials, 'base64').toString()) : null;
  const token = basic?.[2] ?? (scheme.toLowerCase() === 'bearer' ? credentials.trim() : '');
  if (token === '' || !timingSafeEqual(tokenHash(token), tool.tokenHash)) throw new Refusal('UNAUTHORIZED', 'The API token is missing or wrong.');
  return { name: basic?.[1] || readOptions(tool.options).integrationUser, isProgram: true };
}

const PARAMS = { sandbox: /^[a-z0-9][a-z0-9-]{0,39}$/, id: /^[A-Z][A-Z0-9]{0,9}-\d{1,18}$/, file: /^[0-9a-f-]{36}$/ } as const;

/** What cannot be a name or an id is answered before anything is asked of the database. Throws a refusal. */
export function checkParams({ params }: ToolRequest): void {
  for (const [name, pattern] of Object.entries(PARAMS)) {
    const given = params[name as keyof typeof PARAMS] as string | undefined;
    if (given !== undefined && !pattern.test(given)) throw new Refusal('NOT_FOUND', 'There is nothing at this address.');
  }
}

/** One value of the query as text; null where there is none. */
export function queryOf(request: ToolRequest, name: string): string | null {
  const given: unknown = request.query[name];
  const [value] = Array.isArray(given) ? (given as unknown[]) : [given];
  return typeof value === 'string' && value !== '' && !value.includes('\u0000') ? value.slice(0, 500) : null;
}

/** The body's bytes; none is empty. */
export const bytesOf = (request: FastifyRequest): Buffer => (Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));

/** The body as JSON. Throws a refusal with the place where it breaks. */
export function jsonOf(request: FastifyRequest): unknown {
  try {
    return readJsonBody(bytesOf(request));
  } catch (error) {
    if (error instanceof Problem) throw new Refusal('INVALID', error.detail, error.errors.map(({ pointer = '', detail }) => ({ pointer, message: detail })));
    throw error;
  }
}

/** The key under which a write may be repeated; null where it has none. */
export function repeatKeyOf(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || key === '') return null;
  if (key.length > 255) throw new Refusal('INVALID', 'An Idempotency-Key may have 255 characters.');
  return key;
}

/** Bytes of a file for a browser: never shown in the page's own origin as something that runs. */
export function sendFile(reply: FastifyReply, file: { readonly name: string; readonly contentType: string; readonly content: Buffer }): FastifyReply {
  const isImage = /^image\/(?:png|jpeg|gif|webp)$/.test(file.contentType);
  return reply
    .header('content-type', file.contentType)
    .header('content-disposition', `${isImage ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.name).replace(/['()*]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`)}`)
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('cache-control', 'private, no-cache')
    .send(file.content);
}
