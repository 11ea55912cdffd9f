import type { ConnectedEndpoint, SendResult } from '../../../contract.js';
import { deliverySettings } from '../../../setting/delivery-settings.js';
import { sendResult } from '../../../answer/send-result.js';
import { compileMail } from '../compiled.js';
import type { OAuthClient } from '../settings.js';
import type { Caller } from './caller.js';

/** A token, or how the sign-in ended. */
export type TokenResult = { readonly token: string } | { readonly failed: SendResult };

interface Kept {
  readonly token: string;
  readonly untilMs: number;
}

/** Before its end a token is not used any more. */
const EARLY_MS = 120_000;
const kept = new WeakMap<ConnectedEndpoint, Map<string, Kept>>();

/** An access token by client credentials (RFC 6749, 4.4), kept until shortly before it ends. `again`: the one that is kept was refused. */
export async function accessToken(client: OAuthClient, { endpoint, http, signal }: Caller, again = false): Promise<TokenResult> {
  const tokens = kept.get(endpoint) ?? new Map<string, Kept>();
  kept.set(endpoint, tokens);
  const key = `${client.tokenUrl} ${client.clientId} ${client.scope}`;
  const known = tokens.get(key);
  if (!again && known !== undefined && known.untilMs > Date.now()) return { token: known.token };
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: client.clientId, client_secret: client.clientSecret, scope: client.scope });
  const outcome = await http.call(
    { method: 'POST', url: client.tokenUrl, headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }, body: Buffer.from(form.toString()) },
    deliverySettings(endpoint.settings).limits, signal,
  );
  const result = sendResult(outcome, { idempotent: true, secrets: compileMail(endpoint).secrets, ticketId: null, needsTicketId: false, nowMs: Date.now() });
  if (result.outcome !== 'success') {
    // RFC 6749 answers a wrong secret with 400 or 401.
    const isRefused = outcome.kind === 'answered' && (outcome.status === 400 || outcome.status === 401);
    return { failed: { ...result, answer: {}, body: null, outcome: isRefused ? 'credentials' : result.outcome === 'unknown' ? 'retryable' : result.outcome, endpointFault: true, error: `Signing in failed: ${result.error ?? ''}` } };
  }
  const document = parse(outcome.kind === 'answered' ? outcome.body : new Uint8Array());
  const token = document['access_token'];
  if (typeof token !== 'string' || token === '') return { failed: { ...result, answer: {}, body: null, outcome: 'retryable', endpointFault: true, error: 'The sign-in was answered without a token.' } };
  const seconds = Number(document['expires_in'] ?? 3_600);
  tokens.set(key, { token, untilMs: Date.now() + (Number.isFinite(seconds) ? seconds : 3_600) * 1_000 - EARLY_MS });
  return { token };
}

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
