import type { CallOutcome, RenderedRequest } from '../../contract.js';
import { fillTemplate, fillText, memberAt, type TemplateScope } from '../../template/body-template.js';
import { MessageView } from '../../place/message-view.js';
import { asWord, compilePlace } from '../../place/place.js';
import type { RestOAuth, RestSession } from './auth-settings.js';
import type { CompiledEndpoint } from './compiled.js';
import { assertion } from './json-web-token.js';

/** What proves who we are for a while. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  /** What of it must never be seen. */
  readonly secrets: readonly string[];
  readonly expiresAtMs: number;
  /** Of OAuth: what the header holds. */
  readonly accessToken?: string;
  /** A new refresh token, where the target gave one. */
  readonly refreshToken?: string;
}

/** Seconds that a token is believed which does not say how long it lives. */
const DEFAULT_LIFE_S = 3_600;
/** A token that is about to end is not used for a request that may take a while. */
const MARGIN_S = 30;
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const CLIENT_ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The request that gets credentials. `refreshToken`: the newest one that is known. Throws where a key cannot sign. */
export function loginRequest(connected: CompiledEndpoint, auth: RestOAuth | RestSession, refreshToken: string | null, nowMs: number): RenderedRequest {
  return auth.type === 'oauth2' ? tokenRequest(connected, auth, refreshToken, nowMs) : sessionRequest(connected, auth);
}

/** The full address of a setting that may be a path below the base address. */
export const addressOf = (connected: Pick<CompiledEndpoint, 'baseUrl'>, setting: string): string => (setting.startsWith('/') ? connected.baseUrl + setting : setting);

function tokenRequest(connected: CompiledEndpoint, auth: RestOAuth, refreshToken: string | null, nowMs: number): RenderedRequest {
  const url = addressOf(connected, auth.tokenUrl);
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

const signedBy = ({ jwt, clientId = '' }: RestOAuth, url: string, nowMs: number): string => (jwt === undefined ? '' : assertion(jwt, { issuer: clientId, audience: url }, nowMs));

/** Adds to a token request what proves who the client is. Throws where a key cannot sign. */
export function authenticateClient(auth: RestOAuth, { url, nowMs, body, setHeader }: { readonly url: string; readonly nowMs: number; readonly body: URLSearchParams; readonly setHeader: (name: string, value: string) => void }): void {
  const { clientId, clientSecret } = auth;
  const set = (name: string, value: string | undefined): void => { if (value !== undefined) body.set(name, value); };
  switch (auth.clientAuth ?? 'header') {
    // RFC 6749 2.3.1: both are form-encoded before they are joined.
    case 'header': if (clientId !== undefined && clientSecret !== undefined) setHeader('authorization', `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64')}`); else set('client_id', clientId); break;
    case 'body': set('client_id', clientId); set('client_secret', clientSecret); break;
    case 'jwt': set('client_id', clientId); set('client_assertion_type', CLIENT_ASSERTION); set('client_assertion', signedBy(auth, url, nowMs)); break;
  }
}

function loginScope(connected: CompiledEndpoint, auth: RestSession, token: string | null): TemplateScope {
  const values = { username: auth.username, password: auth.password, token: token ?? undefined, secrets: connected.settings.secrets ?? {}, variables: connected.settings.variables ?? {} };
  return { read: (name) => memberAt(values, name), document: () => ({}) };
}

function sessionRequest(connected: CompiledEndpoint, auth: RestSession): RenderedRequest {
  const scope = loginScope(connected, auth, null);
  const { method, path, headers = {}, form = 'json', body } = auth.login;
  const written = body === undefined || form === 'none' ? null
    : form === 'json' ? ['application/json', JSON.stringify(fillTemplate(body, scope))]
      : form === 'form' ? ['application/x-www-form-urlencoded', new URLSearchParams(fillTemplate(body, scope) as Record<string, string>).toString()]
        : ['text/plain; charset=utf-8', fillText(String(body), scope)];
  return {
    method, url: connected.baseUrl + path, body: written === null ? null : Buffer.from(written[1]!),
    headers: { ...connected.headers, ...(written === null ? {} : { 'content-type': written[0]! }), ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), fillText(value, scope)])) },
  };
}

/** What the answer to a login brings; null where it names no token. */
export function readLogin(outcome: CallOutcome & { kind: 'answered' }, connected: CompiledEndpoint, auth: RestOAuth | RestSession, nowMs: number): Credentials | null {
  const view = new MessageView({ body: outcome.body, contentType: outcome.headers['content-type'] ?? '', headers: outcome.headers, status: outcome.status });
  const document = view.document.ok ? view.document.value : undefined;
  if (auth.type === 'session') {
    const token = asWord(compilePlace(auth.token)(view, document))?.trim() ?? null;
    if (token === null) return null;
    const scope = loginScope(connected, auth, token);
    const headers = Object.fromEntries(Object.entries(auth.headers ?? { authorization: 'Bearer {{token}}' }).map(([name, value]) => [name.toLowerCase(), fillText(value, scope)]));
    return { headers, secrets: [token], expiresAtMs: nowMs + (auth.ttlSeconds ?? 3_000) * 1_000 };
  }
  const { access_token: token, expires_in: life, refresh_token: refreshToken } = (document ?? {}) as { readonly access_token?: unknown; readonly expires_in?: unknown; readonly refresh_token?: unknown };
  if (typeof token !== 'string' || token === '') return null;
  const seconds = Number.isFinite(Number(life ?? Number.NaN)) ? Math.max(Number(life) - MARGIN_S, Number(life) / 2) : DEFAULT_LIFE_S;
  return {
    headers: { authorization: `Bearer ${token}` }, accessToken: token, expiresAtMs: nowMs + seconds * 1_000,
    ...(typeof refreshToken === 'string' ? { refreshToken, secrets: [token, refreshToken] } : { secrets: [token] }),
  };
}
