import type { ConnectedEndpoint, KeptTokens, SendResult } from '../../../contract.js';
import { CONSENT_OVER, consentedToken, NOT_CONNECTED, type Renewal } from '../../../setting/consented-token.js';
import { deliverySettings } from '../../../setting/delivery-settings.js';
import { secretForms } from '../../../setting/secret-text.js';
import { sendResult } from '../../../answer/send-result.js';
import { compileMail } from '../compiled.js';
import type { OAuthClient } from '../settings.js';
import type { Caller } from './caller.js';
import { isConsented, isConsentOf, type ConsentedClient } from './consent.js';

/** A token, or how the sign-in ended. */
export type TokenResult = { readonly token: string } | { readonly failed: SendResult };

/** `code`: as RFC 6749 names what went wrong, where the answer does. */
interface Failed {
  readonly failed: SendResult;
  readonly code?: unknown;
}

interface Kept {
  readonly token: string;
  readonly untilMs: number;
}

/** Before its end a token is not used any more. */
const EARLY_MS = 120_000;
const kept = new WeakMap<ConnectedEndpoint, Map<string, Kept>>();

/** An access token, kept until shortly before it ends: by client credentials (RFC 6749, 4.4), or of a person's consent. `again`: the one that is kept was refused. */
export async function accessToken(client: OAuthClient, caller: Caller, again = false): Promise<TokenResult> {
  const tokens = kept.get(caller.endpoint) ?? new Map<string, Kept>();
  kept.set(caller.endpoint, tokens);
  const key = `${client.tokenUrl} ${client.clientId} ${client.scope}`;
  const known = tokens.get(key);
  if (!again && known !== undefined && known.untilMs > Date.now()) return { token: known.token };
  const got = isConsented(client) ? await consentedAccess(client, caller, known?.token ?? null).catch(() => unusable('The tokens of the endpoint could not be read or written.', 'retryable')) : await ask(client, caller, { grant_type: 'client_credentials', scope: client.scope });
  if ('failed' in got) return got;
  tokens.set(key, { token: got.accessToken, untilMs: got.usableUntilMs });
  return { token: got.accessToken };
}

/** The token that all instances share. `used`: the one that was refused, or is over. */
async function consentedAccess(client: ConsentedClient, caller: Caller, used: string | null): Promise<KeptTokens | Failed> {
  const { settings } = compileMail(caller.endpoint);
  if (!isConsentOf(settings, client)) return unusable('Incoming and outgoing mail sign in by different clients in the name of a person: one consent is for one of them.');
  if (caller.endpoint.tokens === undefined) return unusable(NOT_CONNECTED);
  const found = await consentedToken<SendResult>(caller.endpoint.tokens, { refused: used, limitMs: deliverySettings(caller.endpoint.settings).limits.totalMs, renew: (refreshToken) => renew(client, caller, refreshToken) });
  switch (found.kind) {
    case 'token': return found.tokens;
    case 'over': return unusable(found.reason);
    case 'failed': return { failed: found.failure };
    case 'busy': return unusable('Another instance has renewed the token for too long.', 'retryable');
  }
}

async function renew(client: OAuthClient, caller: Caller, refreshToken: string): Promise<Renewal<SendResult>> {
  // What is under way is everybody's: whoever waits no longer must not take it from the others.
  const { totalMs } = deliverySettings(caller.endpoint.settings).limits;
  const got = await ask(client, { ...caller, signal: AbortSignal.timeout(totalMs) }, { grant_type: 'refresh_token', refresh_token: refreshToken });
  if (!('failed' in got)) return { kind: 'renewed', tokens: got };
  return got.code === 'invalid_grant' ? { kind: 'refused', reason: CONSENT_OVER } : { kind: 'failed', failure: got.failed };
}

async function ask(client: OAuthClient, { endpoint, http, signal }: Caller, parameters: Readonly<Record<string, string>>): Promise<KeptTokens | Failed> {
  const form = new URLSearchParams({ client_id: client.clientId, client_secret: client.clientSecret, ...parameters });
  const outcome = await http.call(
    { method: 'POST', url: client.tokenUrl, headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }, body: Buffer.from(form.toString()) },
    deliverySettings(endpoint.settings).limits, signal,
  );
  const given = parameters['refresh_token'];
  const result = sendResult(outcome, { idempotent: true, secrets: [...compileMail(endpoint).secrets, ...(given === undefined ? [] : secretForms([given]))], ticketId: null, needsTicketId: false, nowMs: Date.now() });
  const document = parse(outcome.kind === 'answered' ? outcome.body : new Uint8Array());
  if (result.outcome !== 'success') {
    // RFC 6749 answers a wrong secret with 400 or 401.
    const isRefused = outcome.kind === 'answered' && (outcome.status === 400 || outcome.status === 401);
    return { code: document['error'], failed: { ...result, answer: {}, body: null, outcome: isRefused ? 'credentials' : result.outcome === 'unknown' ? 'retryable' : result.outcome, endpointFault: true, error: `Signing in failed: ${result.error ?? ''}` } };
  }
  const { access_token: token, refresh_token: refreshToken, expires_in: life } = document;
  if (typeof token !== 'string' || token === '') return { failed: { ...result, answer: {}, body: null, outcome: 'retryable', endpointFault: true, error: 'The sign-in was answered without a token.' } };
  const seconds = Number(life ?? 3_600);
  return { accessToken: token, refreshToken: typeof refreshToken === 'string' ? refreshToken : null, usableUntilMs: Date.now() + (Number.isFinite(seconds) ? seconds : 3_600) * 1_000 - EARLY_MS };
}

const unusable = (error: string, outcome: 'credentials' | 'retryable' = 'credentials'): Failed =>
  ({ failed: { outcome, httpStatus: null, ticketId: null, answer: {}, error, retryAfterMs: null, endpointFault: true, body: null } });

function parse(body: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const document = JSON.parse(Buffer.from(body).toString()) as unknown;
    return typeof document === 'object' && document !== null ? (document as Record<string, unknown>) : {};
  } catch {
    return {}; // no JSON: no token
  }
}

/** What IMAP, POP3 and SMTP say to sign in with a token (SASL XOAUTH2). */
export const xoauth2 = (user: string, token: string): string => Buffer.from(`user=${user}\x01auth=Bearer ${token}\x01\x01`).toString('base64');
