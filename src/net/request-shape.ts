/** Headers that only the transport may write; a second one would let a request be read in two ways. */
const TRANSPORT_HEADERS = new Set(['connection', 'content-length', 'expect', 'host', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade']);
const TOKEN = /^[!#$%&'*+\-.^_`|~\w]+$/;
const BAD_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/**
 * Why a method and headers cannot be sent, as a sentence without their content; null where they can.
 * Checked here and not left to the transport: a request that undici refuses at dispatch blocks one connection of its pool for good.
 */
export function requestProblem(method: string, headers: Readonly<Record<string, string>>): string | null {
  if (!TOKEN.test(method) || method === 'CONNECT') return 'The request has a method that HTTP does not allow.';
  for (const name in headers) {
    if (!TOKEN.test(name)) return 'The request has a header name that HTTP does not allow.';
    if (TRANSPORT_HEADERS.has(name.toLowerCase())) return `The header ${name} is set by the transport.`;
    if (BAD_VALUE.test(headers[name] ?? '')) return `The header ${name} has characters that HTTP does not allow.`;
  }
  return null;
}
