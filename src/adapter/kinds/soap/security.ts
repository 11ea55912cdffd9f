import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SoapSecurity } from './settings.js';
import { BASE64_BINARY, USERNAME_TOKEN, WSSE, WSU, X509_TOKEN } from './names.js';
import { escapeText } from './xml-template.js';

/** What makes a header of WS-Security this request's: told by the caller, so that the same gives the same bytes. */
export interface Freshness {
  readonly nowMs: number;
  readonly nonce: Uint8Array;
  /** Random bytes for what is encrypted; null where the request is only shown: then it is shown in clear. */
  readonly random: ((bytes: number) => Uint8Array) | null;
}

/** Of a request that is sent: each has a time and a nonce of its own, since targets refuse those that they have seen. */
export const freshNow = (): Freshness => ({ nowMs: Date.now(), nonce: randomBytes(16), random: randomBytes });

/** Ids of what is signed. */
export const BODY_ID = 'parley-body';
export const TIMESTAMP_ID = 'parley-timestamp';
export const TOKEN_ID = 'parley-token';

/** Base64(SHA-1(nonce + created + password)), as the UsernameToken profile 1.0 says. */
export const passwordDigest = (nonce: Uint8Array, created: string, password: string): string =>
  createHash('sha1').update(nonce).update(created).update(password).digest('base64');

/** The element wsse:Security; empty where nothing of it is set. Its signature comes afterwards. */
export function securityHeader(security: SoapSecurity | undefined, { nowMs, nonce }: Freshness, token: string | null): string {
  if (security === undefined) return '';
  const { usernameToken, timestampSeconds, signature, assertion } = security;
  const created = new Date(nowMs).toISOString();
  const parts: string[] = [];
  if (timestampSeconds !== undefined) {
    parts.push(`<wsu:Timestamp wsu:Id="${TIMESTAMP_ID}"><wsu:Created>${created}</wsu:Created><wsu:Expires>${new Date(nowMs + timestampSeconds * 1_000).toISOString()}</wsu:Expires></wsu:Timestamp>`);
  }
  if (signature !== undefined) parts.push(`<wsse:BinarySecurityToken wsu:Id="${TOKEN_ID}" EncodingType="${BASE64_BINARY}" ValueType="${X509_TOKEN}">${derOf(signature.certificate)}</wsse:BinarySecurityToken>`);
  if (usernameToken !== undefined) parts.push(tokenOf(usernameToken, created, nonce));
  // As it stands: whoever issued it has signed it.
  if (assertion !== undefined) parts.push(assertion.replaceAll('{{token}}', () => token ?? ''));
  return parts.length === 0 && security.encryption === undefined ? '' : `<wsse:Security xmlns:wsse="${WSSE}" xmlns:wsu="${WSU}"${security.mustUnderstand === false ? '' : ' soap:mustUnderstand="1"'}>${parts.join('')}</wsse:Security>`;
}

function tokenOf({ username, password, type = 'digest' }: NonNullable<SoapSecurity['usernameToken']>, created: string, nonce: Uint8Array): string {
  const isDigest = type === 'digest';
  const word = isDigest ? passwordDigest(nonce, created, password) : escapeText(password);
  return `<wsse:UsernameToken><wsse:Username>${escapeText(username)}</wsse:Username><wsse:Password Type="${USERNAME_TOKEN}#${isDigest ? 'PasswordDigest' : 'PasswordText'}">${word}</wsse:Password>`
    + `<wsse:Nonce EncodingType="${BASE64_BINARY}">${Buffer.from(nonce).toString('base64')}</wsse:Nonce><wsu:Created>${created}</wsu:Created></wsse:UsernameToken>`;
}

/** The first certificate of a PEM text, without its frame. */
export const derOf = (pem: string): string => (/-----BEGIN CERTIFICATE-----([\s\S]*?)-----END CERTIFICATE-----/.exec(pem)?.[1] ?? '').replace(/\s+/g, '');

/** Compares in a time that does not tell how much of it fits. */
export const sameText = (one: string, other: string): boolean => timingSafeEqual(createHash('sha256').update(one).digest(), createHash('sha256').update(other).digest());
