import { failure, type Failure } from '../../../core/message/failure.js';
import { err, ok, type Result } from '../../../core/message/result.js';
import { childOf, childrenOf, textOf, type ReadEnvelope } from './envelope-reader.js';
import { USERNAME_TOKEN, WSSE, WSU } from './names.js';
import { passwordDigest, sameText } from './security.js';
import type { SoapSettings } from './settings.js';

/** Nonces that were seen by this process, each with the instant until which it must not come again. */
const seen = new Map<string, number>();
const MOST_SEEN = 100_000;

const refused = (message: string): Result<void, Failure> => err(failure('denied', 'failed-authentication', message));

/** Checks the UsernameToken of a request: name, password (as text or digest), age, and that its nonce was not used before. */
export function verifyUsernameToken(envelope: ReadEnvelope, wanted: NonNullable<SoapSettings['inboundSecurity']>, nowMs: number, endpoint: string): Result<void, Failure> {
  const token = (envelope.header === null ? [] : childrenOf(envelope.header, 'Security', WSSE)).flatMap((one) => childrenOf(one, 'UsernameToken', WSSE))[0];
  if (token === undefined) return refused('The envelope has no UsernameToken.');
  const password = childOf(token, 'Password', WSSE);
  const given = password?.textContent ?? '';
  const nonce = textOf(token, 'Nonce', WSSE);
  const created = textOf(token, 'Created', WSU);
  const isDigest = password?.getAttribute('Type') === `${USERNAME_TOKEN}#PasswordDigest`;
  if (isDigest && (nonce === null || created === null)) return refused('A digest needs Nonce and Created.');
  const expected = isDigest ? passwordDigest(Buffer.from(nonce ?? '', 'base64'), created ?? '', wanted.password) : wanted.password;
  const isName = sameText(textOf(token, 'Username', WSSE) ?? '', wanted.username);
  if (!sameText(given, expected) || !isName) return refused('Name or password of the UsernameToken is not right.');
  const maxAgeMs = (wanted.maxAgeSeconds ?? 300) * 1_000;
  if (created !== null && !(Math.abs(nowMs - Date.parse(created)) <= maxAgeMs)) return refused('The UsernameToken is too old, or the clocks differ.');
  return nonce === null || isNew(`${endpoint} ${nonce}`, nowMs, 2 * maxAgeMs) ? ok(undefined) : refused('The nonce of the UsernameToken was used before.');
}

function isNew(nonce: string, nowMs: number, forMs: number): boolean {
  if ((seen.get(nonce) ?? 0) > nowMs) return false;
  for (const [old, untilMs] of seen) {
    if (untilMs > nowMs && seen.size < MOST_SEEN) break;
    seen.delete(old);
  }
  seen.set(nonce, nowMs + forMs);
  return true;
}
