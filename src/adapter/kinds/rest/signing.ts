import { createHash, createHmac } from 'node:crypto';
import type { RenderedRequest } from '../../contract.js';
import type { RestSigning } from './auth-settings.js';

/** Adds the signature over a request, as it is about to be sent. `nowMs`: this machine's clock. */
export function sign(request: RenderedRequest, signing: RestSigning | undefined, nowMs: number): RenderedRequest {
  if (signing === undefined) return request;
  const timestamp = timeIn(signing.timestamp ?? 'seconds', nowMs);
  const { pathname, search } = new URL(request.url);
  const body = Buffer.from(request.body ?? []);
  const hmac = createHmac(signing.algorithm ?? 'sha256', signing.secret);
  // The body is signed as bytes, whatever they are; the rest is text.
  for (const part of signing.content.replaceAll('\\n', '\n').split(/(\{\{\s*\w+\s*\}\})/)) {
    switch (/^\{\{\s*(\w+)\s*\}\}$/.exec(part)?.[1]) {
      case 'timestamp': hmac.update(timestamp); break;
      case 'method': hmac.update(request.method); break;
      case 'path': hmac.update(pathname + search); break;
      case 'body': hmac.update(body); break;
      case 'bodySha256': hmac.update(createHash('sha256').update(body).digest('hex')); break;
      default: hmac.update(part);
    }
  }
  const signature = hmac.digest(signing.encoding ?? 'hex');
  const value = (signing.value ?? '{{signature}}').replaceAll(/\{\{\s*signature\s*\}\}/g, signature).replaceAll(/\{\{\s*timestamp\s*\}\}/g, timestamp);
  return { ...request, headers: { ...request.headers, [signing.header.toLowerCase()]: value, ...(signing.timestampHeader === undefined ? {} : { [signing.timestampHeader.toLowerCase()]: timestamp }) } };
}

function timeIn(form: 'seconds' | 'milliseconds' | 'iso', nowMs: number): string {
  switch (form) {
    case 'seconds': return String(Math.floor(nowMs / 1_000));
    case 'milliseconds': return String(nowMs);
    case 'iso': return new Date(nowMs).toISOString();
  }
}
