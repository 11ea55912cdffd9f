import { createHmac, hash } from 'node:crypto';
import type { RenderedRequest } from '../../contract.js';

/** What AWS signs with: Signature Version 4, in the header Authorization. */
export interface RestAws {
  readonly type: 'aws';
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string;
  readonly region: string;
  readonly service: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
/** Headers that proxies on the way may change. */
const UNSIGNED = new Set(['authorization', 'cache-control', 'connection', 'expect', 'from', 'keep-alive', 'max-forwards', 'pragma', 'referer', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'user-agent', 'x-amzn-trace-id']);

const sha256 = (data: string | Uint8Array): string => hash('sha256', data);
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Percent-encodes all but what RFC 3986 reserves for nothing; what is encoded before is encoded again. */
const encode = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** The request with its signature. Its query is written as AWS reads it: blanks as %20. `nowMs`: this machine's clock, which AWS lets differ by minutes. */
export function signForAws(request: RenderedRequest, aws: RestAws, nowMs: number): RenderedRequest {
  const url = new URL(request.url);
  const query = canonicalQuery(url);
  const time = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '');
  const bodyHash = sha256(request.body ?? '');
  const { sessionToken, service } = aws;
  const headers: Record<string, string> = {
    ...request.headers, 'x-amz-date': time, ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }), ...(service === 's3' ? { 'x-amz-content-sha256': bodyHash } : {}),
  };
  const signed = Object.entries({ ...headers, host: url.host }).map(([name, value]) => [name.toLowerCase(), value.trim().replace(/ +/g, ' ')] as const).filter(([name]) => !UNSIGNED.has(name)).sort(byText);
  const names = signed.map(([name]) => name).join(';');
  // All services but S3 encode the path that they were sent once more.
  const path = service === 's3' ? url.pathname : url.pathname.split('/').map(encode).join('/');
  const canonical = [request.method, path, query, ...signed.map(([name, value]) => `${name}:${value}`), '', names, bodyHash].join('\n');
  const scope = `${time.slice(0, 8)}/${aws.region}/${service}/aws4_request`;
  const key = scope.split('/').reduce<string | Buffer>((made, part) => hmac(made, part), `AWS4${aws.secretAccessKey}`);
  const signature = hmac(key, [ALGORITHM, time, scope, sha256(canonical)].join('\n')).toString('hex');
  return {
    ...request, url: `${url.origin}${url.pathname}${query === '' ? '' : `?${query}`}`,
    headers: { ...headers, authorization: `${ALGORITHM} Credential=${aws.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}` },
  };
}

/** Parameters in the order of their encoded names, then values. */
const canonicalQuery = (url: URL): string => [...url.searchParams].map(([name, value]) => [encode(name), encode(value)] as const).sort(byText).map((pair) => pair.join('=')).join('&');

/** By code units, which for ASCII are bytes. */
function byText([name, value]: readonly [string, string], [otherName, otherValue]: readonly [string, string]): number {
  if (name === otherName) return value < otherValue ? -1 : value > otherValue ? 1 : 0;
  return name < otherName ? -1 : 1;
}
