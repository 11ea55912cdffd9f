import { ok } from '../../../core/message/result.js';
import type { RenderedRequest } from '../../contract.js';
import { fillTemplate, fillText, memberAt, type TemplateScope } from '../../template/body-template.js';
import { MessageView } from '../../place/message-view.js';
import { asWord, compilePlace } from '../../place/place.js';
import { isLater, type Answered, type Credentials, type Login } from '../../token/login.js';
import { oauthLogin } from '../../token/oauth-login.js';
import type { OAuthSetting } from '../../token/oauth-setting.js';
import type { RestSession } from './auth-settings.js';
import type { CompiledEndpoint } from './compiled.js';

/** How an endpoint whose credentials end gets new ones. */
export const loginOf = (connected: CompiledEndpoint, auth: OAuthSetting | RestSession): Login => (auth.type === 'oauth2' ? oauthLogin(auth, connected.baseUrl) : sessionLogin(connected, auth));

const sessionLogin = (connected: CompiledEndpoint, auth: RestSession): Login => ({
  kept: null,
  request: () => ok(sessionRequest(connected, auth)),
  read: (outcome, nowMs) => (isLater(outcome.status) ? 'later' : ((outcome.status < 300 ? readSession(outcome, connected, auth, nowMs) : null) ?? 'refused')),
  logout: (old) => (auth.logout === undefined ? null : { method: auth.logout.method, url: connected.baseUrl + auth.logout.path, headers: { ...connected.headers, ...old.headers }, body: null }),
});

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
function readSession(outcome: Answered, connected: CompiledEndpoint, auth: RestSession, nowMs: number): Credentials | null {
  const view = new MessageView({ body: outcome.body, contentType: outcome.headers['content-type'] ?? '', headers: outcome.headers, status: outcome.status });
  const document = view.document.ok ? view.document.value : undefined;
  const token = asWord(compilePlace(auth.token)(view, document))?.trim() ?? null;
  if (token === null) return null;
  const scope = loginScope(connected, auth, token);
  const headers = Object.fromEntries(Object.entries(auth.headers ?? { authorization: 'Bearer {{token}}' }).map(([name, value]) => [name.toLowerCase(), fillText(value, scope)]));
  return { headers, token, secrets: [token], expiresAtMs: nowMs + (auth.ttlSeconds ?? 3_000) * 1_000 };
}
