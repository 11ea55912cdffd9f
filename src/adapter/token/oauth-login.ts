import { err, ok } from '../../core/message/result.js';
import type { KeptTokens, RenderedRequest } from '../contract.js';
import { MessageView } from '../place/message-view.js';
import { assertion } from './json-web-token.js';
import { isLater, type Answered, type Credentials, type Login } from './login.js';
import type { OAuthSetting } from './oauth-setting.js';

/** Seconds that a token is believed which does not say how long it lives. */
const DEFAULT_LIFE_S = 3_600;
/** A token that is about to end is not used for a request that may take a while. */
const MARGIN_S = 30;
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const CLIENT_ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Tokens by OAuth 2. `baseUrl`: what addresses that are paths stand below. */
export const oauthLogin = (auth: OAuthSetting, baseUrl: string): Login => ({
  kept: auth.grant === 'authorizationCode' ? 'consent' : auth.grant === 'refreshToken' ? 'seed' : null,
  request: (refreshToken, nowMs) => {
    try {
      return ok(tokenRequest(auth, baseUrl, refreshToken, nowMs));
    } catch {
      return err('The key cannot sign: it does not fit the algorithm.');
    }
  },
  read: (outcome, nowMs) => (isLater(outcome.status) ? 'later' : ((outcome.status < 300 ? readToken(outcome, nowMs) : null) ?? 'refused')),
  logout: () => null,
});

/** The full address of a setting that may be a path. */
export const addressBelow = (baseUrl: string, setting: string): string => (setting.startsWith('/') ? baseUrl + setting : setting);

function tokenRequest(auth: OAuthSetting, baseUrl: string, refreshToken: string | null, nowMs: number): RenderedRequest {
  const url = addressBelow(baseUrl, auth.tokenUrl);
  const body = new URLSearchParams(auth.parameters);
  const set = (name: string, value: string | null | undefined): void => { if (value !== undefined && value !== null) body.set(name, value); };
  switch (auth.grant) {
    case 'clientCredentials': set('grant_type', 'client_credentials'); break;
    case 'password': set('grant_type', 'password'); set('username', auth.username); set('password', auth.password); break;
    case 'refreshToken': set('grant_type', 'refresh_token'); set('refresh_token', refreshToken ?? auth.refreshToken); break;
    case 'jwtBearer': set('grant_type', JWT_BEARER); set('assertion', signedBy(auth, url, nowMs)); break;
    case 'authorizationCode': set('grant_type', 'refresh_token'); set('refresh_token', refreshToken); break;
  }
  // What was consented to is renewed as a whole.
  if (auth.grant !== 'authorizationCode') {
    set('scope', auth.scope);
    set('audience', auth.audience);
  }
  const headers: Record<string, string> = { accept: 'application/json', 'user-agent': 'Parley', 'content-type': 'application/x-www-form-urlencoded' };
  authenticateClient(auth, { url, nowMs, body, setHeader: (name, value) => { headers[name] = value; } });
  return { method: 'POST', url, headers, body: Buffer.from(body.toString()) };
}

const signedBy = ({ jwt, clientId = '' }: OAuthSetting, url: string, nowMs: number): string => (jwt === undefined ? '' : assertion(jwt, { issuer: clientId, audience: url }, nowMs));

/** Adds to a token request what proves who the client is. Throws where a key cannot sign. */
export function authenticateClient(auth: OAuthSetting, { url, nowMs, body, setHeader }: { readonly url: string; readonly nowMs: number; readonly body: URLSearchParams; readonly setHeader: (name: string, value: string) => void }): void {
  const { clientId, clientSecret } = auth;
  const set = (name: string, value: string | undefined): void => { if (value !== undefined) body.set(name, value); };
  switch (auth.clientAuth ?? 'header') {
    // RFC 6749 2.3.1: both are form-encoded before they are joined.
    case 'header': if (clientId !== undefined && clientSecret !== undefined) setHeader('authorization', `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64')}`); else set('client_id', clientId); break;
    case 'body': set('client_id', clientId); set('client_secret', clientSecret); break;
    case 'jwt': set('client_id', clientId); set('client_assertion_type', CLIENT_ASSERTION); set('client_assertion', signedBy(auth, url, nowMs)); break;
  }
}

function readToken(outcome: Answered, nowMs: number): Credentials | null {
  const view = new MessageView({ body: outcome.body, contentType: outcome.headers['content-type'] ?? '', headers: outcome.headers, status: outcome.status });
  const document = view.document.ok ? view.document.value : undefined;
  const { access_token: token, expires_in: life, refresh_token: refreshToken } = (document ?? {}) as { readonly access_token?: unknown; readonly expires_in?: unknown; readonly refresh_token?: unknown };
  if (typeof token !== 'string' || token === '') return null;
  const seconds = Number.isFinite(Number(life ?? Number.NaN)) ? Math.max(Number(life) - MARGIN_S, Number(life) / 2) : DEFAULT_LIFE_S;
  return bearer({ accessToken: token, refreshToken: typeof refreshToken === 'string' ? refreshToken : null, usableUntilMs: nowMs + seconds * 1_000 });
}

/** Credentials that a token is. */
export const bearer = ({ accessToken, refreshToken, usableUntilMs }: KeptTokens): Credentials => ({
  headers: { authorization: `Bearer ${accessToken}` }, token: accessToken, expiresAtMs: usableUntilMs,
  ...(refreshToken === null ? { secrets: [accessToken] } : { refreshToken, secrets: [accessToken, refreshToken] }),
});
