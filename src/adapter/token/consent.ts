import { hash } from 'node:crypto';
import type { CallOutcome, Consent, KeptTokens, TokenSeed } from '../contract.js';
import { CONSENT_OVER, type Renewal } from '../setting/consented-token.js';
import type { Answered, Credentials } from './login.js';
import { addressBelow, authenticateClient } from './oauth-login.js';
import type { OAuthSetting } from './oauth-setting.js';

type Authentication = OAuthSetting | { readonly type: string } | undefined;

const isOAuth = (auth: Authentication): auth is OAuthSetting => auth?.type === 'oauth2';

/** How somebody signs in at the target; null where the settings do not ask for that. */
export function consentOf(given: Authentication, baseUrl: string): Consent | null {
  if (!isOAuth(given) || given.grant !== 'authorizationCode') return null;
  const auth = given;
  const { clientId = '', scope, audience, authorizationParameters = {}, parameters = {} } = auth;
  const [authorizationUrl, tokenUrl] = [addressBelow(baseUrl, auth.authorizationUrl ?? ''), addressBelow(baseUrl, auth.tokenUrl)];
  return {
    authorizationUrl, tokenUrl, clientId, tokenParameters: parameters,
    parameters: { ...(scope === undefined ? {} : { scope }), ...(audience === undefined ? {} : { audience }), ...authorizationParameters },
    authenticate: (body, headers) => authenticateClient(auth, { url: tokenUrl, nowMs: Date.now(), body, setHeader: (name, value) => headers.set(name, value) }),
    fingerprint: hash('sha256', JSON.stringify([baseUrl, authorizationUrl, tokenUrl, clientId, scope ?? '', audience ?? ''])),
  };
}

/** The refresh token of the settings: what the target makes of it is kept like a consent. `baseUrl`: as it stands in the settings. */
export function seedOf(auth: Authentication, baseUrl: string): TokenSeed | null {
  if (!isOAuth(auth) || auth.grant !== 'refreshToken' || auth.refreshToken === undefined) return null;
  return { refreshToken: auth.refreshToken, fingerprint: hash('sha256', JSON.stringify([baseUrl, auth.tokenUrl, auth.clientId ?? '', auth.refreshToken])) };
}

/** What the target answered to a refresh token: RFC 6749 5.2 says `invalid_grant`; others say it in a sentence. */
export function renewalOf(outcome: Answered, credentials: Credentials | null): Renewal<CallOutcome> {
  if (credentials !== null) return { kind: 'renewed', tokens: tokensOf(credentials) };
  const { error, error_description: description } = errorOf(outcome.body);
  const isOver = outcome.status < 500 && (error === 'invalid_grant' || (outcome.status >= 400 && /refresh.?token/i.test(typeof description === 'string' ? description : '')));
  return isOver ? { kind: 'refused', reason: CONSENT_OVER } : { kind: 'failed', failure: outcome };
}

const tokensOf = ({ token, refreshToken, expiresAtMs }: Credentials): KeptTokens => ({ accessToken: token, refreshToken: refreshToken ?? null, usableUntilMs: expiresAtMs });

function errorOf(body: Uint8Array): { readonly error?: unknown; readonly error_description?: unknown } {
  try {
    const document = JSON.parse(Buffer.from(body).toString()) as unknown;
    return typeof document === 'object' && document !== null ? document : {};
  } catch {
    return {}; // no JSON: nothing is said
  }
}
