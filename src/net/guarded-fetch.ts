import type { CallFault } from './call.js';
import type { CallLimits } from './call-limits.js';
import type { GuardedClient } from './guarded-http.js';

/** What is asked for, as libraries hand it to `fetch`. */
export interface FetchInit {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** A call that was not answered; the sentence is for an operator. */
export class FetchFailed extends Error {
  constructor(readonly reason: CallFault, message: string) {
    super(message);
    this.name = 'FetchFailed';
  }
}

/** Statuses whose answers have no body, as `Response` insists. */
const EMPTY = new Set([204, 205, 304]);

/** The guarded way out in the form of `fetch`, for libraries that speak a protocol of their own over HTTP. Redirects are answers, as everywhere. */
export function guardedFetch(client: GuardedClient, limits: CallLimits): (url: string, init: FetchInit) => Promise<Response> {
  return async (url, { method, headers, body, signal }) => {
    const outcome = await client.call({ method, url, headers, body: bytesOf(body) }, limits, signal ?? new AbortController().signal);
    if (outcome.kind === 'failed') throw new FetchFailed(outcome.reason, outcome.message);
    if (outcome.status < 200 || outcome.status > 599) throw new FetchFailed('garbage', 'The answer has a status that HTTP does not know.');
    return new Response(EMPTY.has(outcome.status) ? null : Buffer.from(outcome.body), { status: outcome.status, headers: { ...outcome.headers } });
  };
}

function bytesOf(body: unknown): Uint8Array | null {
  if (body === undefined || body === null) return null;
  if (typeof body === 'string' || body instanceof URLSearchParams) return Buffer.from(body.toString());
  if (body instanceof Uint8Array) return body;
  throw new FetchFailed('invalid-request', 'The request has a body of a kind that is not sent here.');
}
