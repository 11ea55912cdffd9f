import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { OrganizationId } from '../store/organization.js';

/** Who a request is made for, as far as this layer needs to know it. */
export interface Caller {
  readonly organization: OrganizationId;
  readonly kind: 'person' | 'api-key';
  readonly id: string;
}

/** What Parley knows of a request besides Fastify. */
export interface RequestState {
  /** The slug of `/api/v1/o/{organization}/…`; null without the prefix. */
  readonly organizationSlug: string | null;
  caller?: Caller;
}

const STATE = Symbol('parley');
const NO_PREFIX: RequestState = Object.freeze({ organizationSlug: null });
type Marked = IncomingMessage & { [STATE]?: RequestState };

const PREFIX = /^\/api\/v1\/o\/([^/?#]+)(?=[/?#]|$)/;

/**
 * Fastify's `rewriteUrl`: routes exist once, as `/api/v1/…`; the organization that the path names
 * is taken off and remembered with the request.
 */
export function rewriteOrganizationPath(raw: IncomingMessage): string {
  const url = raw.url ?? '/';
  if (!url.startsWith('/api/v1/o/')) return url;
  const match = PREFIX.exec(url);
  if (match?.[1] === undefined) return url;
  (raw as Marked)[STATE] = { organizationSlug: decodeSlug(match[1]) };
  return `/api/v1${url.slice(match[0].length)}`;
}

/** The state of a request; made on first use. */
export function stateOf(request: FastifyRequest): RequestState {
  const raw = request.raw as Marked;
  return (raw[STATE] ??= { ...NO_PREFIX });
}

/** A slug that cannot be decoded names no organization: it stays as it is and is found nowhere. */
function decodeSlug(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
