import { json, type FakeTarget, type Behaviour, type SeenRequest } from '../fake-target.js';

/** A request taken apart. */
export interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: SeenRequest['headers'];
  readonly text: string;
  /** The body as JSON; an empty object where it is none. */
  readonly body: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
  /** What the groups of the route's pattern found. */
  readonly found: readonly string[];
}

export type Route = readonly [method: string, path: RegExp, answer: (asked: Asked) => Behaviour];

/** Lets a target answer as a system does: the first route that fits, else 404. `isKnown` says who may ask. */
export function behaveAs(target: FakeTarget, routes: readonly Route[], isKnown: (headers: SeenRequest['headers']) => boolean): void {
  target.always((request) => {
    const url = new URL(request.url, target.url);
    if (!isKnown(request.headers)) return json(401, { message: 'Unauthorized' });
    for (const [method, pattern, answer] of routes) {
      const match = method === request.method ? pattern.exec(decodeURIComponent(url.pathname)) : null;
      if (match !== null) return answer({ path: url.pathname, query: url.searchParams, headers: request.headers, text: request.body.toString(), body: bodyOf(request), found: match.slice(1) });
    }
    return json(404, { message: 'Not found' });
  });
}

function bodyOf(request: SeenRequest): Record<string, any> { // eslint-disable-line @typescript-eslint/no-explicit-any
  try {
    return JSON.parse(request.body.toString()) as Record<string, unknown>;
  } catch {
    return {};
  }
}

export const basic = (username: string, password: string) => (headers: SeenRequest['headers']): boolean =>
  headers.authorization === `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
export const header = (name: string, value: string) => (headers: SeenRequest['headers']): boolean => headers[name] === value;
