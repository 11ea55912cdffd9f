import { hash } from 'node:crypto';
import type { Adapter, CallOutcome, Consent, ConnectedEndpoint, KeptTokens, TokenKeeper } from '../../contract.js';
import { CONSENT_OVER, type Renewal } from '../../setting/consented-token.js';
import type { RestAuth, RestOAuth } from './auth-settings.js';
import type { Credentials } from './login.js';
import { addressOf, authenticateClient } from './login.js';
import type { RestSettings } from './settings.js';

/** An endpoint that calls in the name of a person who consented at the target. */
export type RestConsented = RestOAuth & { readonly grant: 'authorizationCode' };

export const isConsented = (auth: RestAuth | undefined): auth is RestConsented => auth?.type === 'oauth2' && auth.grant === 'authorizationCode';

/** How somebody signs in at the target; null where the settings do not ask for that. */
export const consent: NonNullable<Adapter['consent']> = ({ settings }: Pick<ConnectedEndpoint, 'settings'>): Consent | null => {
  const { auth, ...others } = settings as unknown as RestSettings;
  if (!isConsented(auth)) return null;
  const baseUrl = others.baseUrl.replace(/\/+$/, '');
  const { clientId = '', scope, audience, authorizationParameters = {}, parameters = {} } = auth;
  const [authorizationUrl, tokenUrl] = [addressOf({ baseUrl }, auth.authorizationUrl ?? ''), addressOf({ baseUrl }, auth.tokenUrl)];
  return {
    authorizationUrl, tokenUrl, clientId, tokenParameters: parameters,
    parameters: { ...(scope === undefined ? {} : { scope }), ...(audience === undefined ? {} : { audience }), ...authorizationParameters },
    authenticate: (body, headers) => authenticateClient(auth, { url: tokenUrl, nowMs: Date.now(), body, setHeader: (name, value) => headers.set(name, value) }),
    fingerprint: hash('sha256', JSON.stringify([baseUrl, authorizationUrl, tokenUrl, clientId, scope ?? '', audience ?? ''])),
  };
};

/** The refresh token of the settings: what the target makes of it is kept like a consent. */
export const tokenSeed: NonNullable<Adapter['tokenSeed']> = ({ settings }) => {
  const { auth, baseUrl } = settings as unknown as RestSettings;
  if (auth?.type !== 'oauth2' || auth.grant !== 'refreshToken' || auth.refreshToken === undefined) return null;
  return { refreshToken: auth.refreshToken, fingerprint: hash('sha256', JSON.stringify([baseUrl, auth.tokenUrl, auth.clientId ?? '', auth.refreshToken])) };
};

/** Whether tokens are everybody's: those that the target may replace, where they can be kept. */
export const isKept = (auth: RestAuth | undefined, keeper: TokenKeeper | undefined): boolean => isConsented(auth) || (keeper !== undefined && auth?.type === 'oauth2' && auth.grant === 'refreshToken');

/** What the target answered to a refresh token: RFC 6749 5.2 says `invalid_grant`; others say it in a sentence. */
export function renewalOf(outcome: CallOutcome & { readonly kind: 'answered' }, credentials: Credentials | null): Renewal<CallOutcome> {
  if (credentials !== null) return { kind: 'renewed', tokens: tokensOf(credentials) };
  const { error, error_description: description } = errorOf(outcome.body);
  const isOver = outcome.status < 500 && (error === 'invalid_grant' || (outcome.status >= 400 && /refresh.?token/i.test(typeof description === 'string' ? description : '')));
  return isOver ? { kind: 'refused', reason: CONSENT_OVER } : { kind: 'failed', failure: outcome };
}

const tokensOf = ({ accessToken = '', refreshToken, expiresAtMs }: Credentials): KeptTokens => ({ accessToken, refreshToken: refreshToken ?? null, usableUntilMs: expiresAtMs });

function errorOf(body: Uint8Array): { readonly error?: unknown; readonly error_description?: unknown } {
  try {
    const document = JSON.parse(Buffer.from(body).toString()) as unknown;
    return typeof document === 'object' && document !== null ? document : {};
  } catch {
    return {}; // no JSON: nothing is said
  }
}
