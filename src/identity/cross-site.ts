/** What of a request tells where the page stands that makes it. */
export interface RequestOrigin {
  readonly method: string;
  readonly fetchSite: string | undefined;
  readonly origin: string | undefined;
  readonly host: string | undefined;
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a request with a person's cookie comes from a page of another site, which must not act for them.
 * Fetch metadata decide; browsers without them send `Origin` with every write. A write with neither comes
 * from no browser, and so with no one's cookie but its own.
 */
export function isCrossSite(request: RequestOrigin, ownOrigins: readonly string[]): boolean {
  if (SAFE.has(request.method)) return false;
  if (request.fetchSite !== undefined) return request.fetchSite !== 'same-origin' && request.fetchSite !== 'none';
  if (request.origin === undefined) return false;
  if (ownOrigins.includes(request.origin)) return false;
  // The scheme is not compared: a proxy that ends TLS is seen as http.
  return !URL.canParse(request.origin) || new URL(request.origin).host !== request.host;
}
