import { createHmac, timingSafeEqual } from 'node:crypto';
import { failure, type Failure } from '../../../core/message/failure.js';
import { err, ok, type Result } from '../../../core/message/result.js';
import type { InboundRequest } from '../../contract.js';
import { compilePlace, type PlaceSetting } from '../../place/place.js';
import { verifyStandardWebhook } from '../../standard-webhooks.js';
import { viewOf } from './inbound-view.js';
import type { RestHmac, RestSignature, RestVerification, VerificationPreset } from './verification-settings.js';

type Dialect = Omit<RestHmac, 'type' | 'secret'>;

/** How well-known senders sign, by their documentation. */
const DIALECTS: { readonly [preset in Exclude<VerificationPreset, 'standardWebhooks'>]: Dialect } = {
  github: { header: 'x-hub-signature-256', prefix: 'sha256=' },
  jira: { header: 'x-hub-signature', prefix: 'sha256=' },
  zendesk: { header: 'x-zendesk-webhook-signature', encoding: 'base64', content: '{{timestamp}}{{body}}', timestampHeader: 'x-zendesk-webhook-signature-timestamp', toleranceSeconds: 300 },
  zammad: { header: 'x-hub-signature', prefix: 'sha1=', algorithm: 'sha1' },
  pagerduty: { header: 'x-pagerduty-signature', prefix: 'v1=', several: 'comma' },
  // It signs the time, but repeats a call later with the time of the first try.
  glpi: { header: 'x-glpi-signature', content: '{{body}}{{timestamp}}', timestampHeader: 'x-glpi-timestamp', toleranceSeconds: null },
};

/** Checks the signature of an inbound request over the bytes as received. What was expected is never told. `nowMs`: this machine's clock. */
export function verify(request: InboundRequest, { signature, verification }: { readonly signature?: RestSignature | undefined; readonly verification?: RestVerification | undefined }, nowMs: number): Result<void, Failure> {
  const given = verification ?? (signature === undefined ? undefined : ({ type: 'hmac', ...signature } as const));
  if (given === undefined) return ok(undefined);
  const secrets = [given.secret, ...('oldSecret' in given && given.oldSecret !== undefined ? [given.oldSecret] : [])];
  // The newest secret's verdict is told; an old one only helps.
  const verdicts = secrets.map((secret) => verifyWith(request, given, secret, nowMs));
  return verdicts.find((one) => one.ok) ?? verdicts[0]!;
}

function verifyWith(request: InboundRequest, given: RestVerification, secret: string, nowMs: number): Result<void, Failure> {
  switch (given.type) {
    case 'standardWebhooks': return verifyStandardWebhook(request, secret, nowMs, given.toleranceSeconds === undefined ? undefined : given.toleranceSeconds * 1_000);
    case 'basic': return sameToken(basicOf(request.headers['authorization'] ?? ''), `${given.username}:${secret}`) ? ok(undefined) : denied('signature-wrong', 'The request does not carry the user name and password.');
    case 'bodyToken': return hasToken(request, given.place, secret) ? ok(undefined) : denied('signature-wrong', 'The body does not carry the token.');
    case 'sharedToken': return sameToken(request.headers[given.header.toLowerCase()], secret) ? ok(undefined) : denied('signature-wrong', `The header ${given.header} does not carry the token.`);
    case 'hmac': return byHmac(request, given, secret, nowMs);
    default: return byHmac(request, { ...DIALECTS[given.type], ...(given.toleranceSeconds === undefined ? {} : { toleranceSeconds: given.toleranceSeconds }) }, secret, nowMs);
  }
}

const denied = (code: string, message: string): Result<void, Failure> => err(failure('denied', code, message));

/** Compares by HMAC, so that neither content nor length shows in the time it takes. */
function sameToken(given: string | undefined, expected: string): boolean {
  const mac = (text: string): Buffer => createHmac('sha256', 'compare').update(text).digest();
  return given !== undefined && timingSafeEqual(mac(given), mac(expected));
}

const basicOf = (header: string): string | undefined => {
  const encoded = /^basic +([\w+/=-]+)$/i.exec(header)?.[1];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString();
};

function hasToken(request: InboundRequest, place: PlaceSetting, secret: string): boolean {
  const view = viewOf(request);
  if (!view.document.ok) return false;
  const found = compilePlace(place)(view, view.document.value);
  const words: readonly unknown[] = Array.isArray(found) ? found.flat() : [found];
  return words.length > 0 && words.every((word) => typeof word === 'string' && sameToken(word, secret));
}

function byHmac({ headers, body, query, method = '', path = '', url = '' }: InboundRequest, dialect: Dialect, secret: string, nowMs: number): Result<void, Failure> {
  const signature = headers[dialect.header.toLowerCase()];
  if (signature === undefined) return denied('signature-missing', `The request has no signature in the header ${dialect.header}.`);
  const timestamp = dialect.timestampHeader === undefined ? undefined : headers[dialect.timestampHeader.toLowerCase()];
  if (dialect.timestampHeader !== undefined) {
    if (timestamp === undefined) return denied('signature-missing', `The request does not say when it was signed in the header ${dialect.timestampHeader}.`);
    const tolerance = dialect.toleranceSeconds === undefined ? 300 : dialect.toleranceSeconds;
    if (tolerance !== null && !(Math.abs(nowMs - instantOf(timestamp)) <= tolerance * 1_000)) return denied('signature-too-old', `The time of the signature is more than ${tolerance} s from now.`);
  }
  const hmac = createHmac(dialect.algorithm ?? 'sha256', keyOf(secret, dialect.secretForm ?? 'utf8'));
  for (const part of (dialect.content ?? '{{body}}').split(/(\{\{\s*\w+\s*\}\})/)) {
    switch (/^\{\{\s*(\w+)\s*\}\}$/.exec(part)?.[1]) {
      case 'body': hmac.update(body); break;
      case 'timestamp': hmac.update(timestamp ?? ''); break;
      case 'method': hmac.update(method); break;
      case 'path': hmac.update(query === '' ? path : `${path}?${query}`); break;
      case 'url': hmac.update(url); break;
      case 'id': hmac.update(dialect.idHeader === undefined ? '' : (headers[dialect.idHeader.toLowerCase()] ?? '')); break;
      default: hmac.update(part);
    }
  }
  const expected = hmac.digest();
  const fits = signaturesIn(signature, dialect).some((sent) => sent.length === expected.length && timingSafeEqual(sent, expected));
  return fits ? ok(undefined) : denied('signature-wrong', 'The signature of the request does not fit its body.');
}

function signaturesIn(header: string, { several = 'none', prefix = '', encoding = 'hex' }: Dialect): Buffer[] {
  const all = several === 'none' ? [header] : header.split(several === 'comma' ? ',' : ' ').slice(0, 20);
  return all.map((one) => one.trim()).filter((one) => one.startsWith(prefix)).map((one) => Buffer.from(one.slice(prefix.length).trim(), encoding));
}

/** Seconds or milliseconds since 1970, or a date; NaN where it is none of these. */
function instantOf(text: string): number {
  if (!/^\d{1,16}(?:\.\d+)?$/.test(text)) return Date.parse(text);
  const value = Number(text);
  return value < 100_000_000_000 ? value * 1_000 : value;
}

function keyOf(secret: string, form: NonNullable<RestHmac['secretForm']>): Buffer {
  switch (form) {
    case 'utf8': return Buffer.from(secret);
    case 'base64': return Buffer.from(secret, 'base64');
    case 'hex': return Buffer.from(secret, 'hex');
    case 'whsec': return Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  }
}
