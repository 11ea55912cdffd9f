import { err, ok } from '../../../core/message/result.js';
import { fillText, memberAt, type TemplateScope } from '../../template/body-template.js';
import type { Answered, Credentials, Login } from '../../token/login.js';
import { oauthLogin } from '../../token/oauth-login.js';
import { judgeSoap } from './answer.js';
import type { CompiledEndpoint, CompiledRequest, CompiledSession } from './compiled.js';
import { renderCall } from './render.js';
import { freshNow } from './security.js';
import type { SoapAuth, SoapSession } from './settings.js';

const DEFAULT_LIFE_S = 3_000;

/** How an endpoint whose credentials end gets new ones; null where they never do. */
export function loginOf(connected: CompiledEndpoint): Login | null {
  const auth: SoapAuth | undefined = connected.settings.auth;
  if (auth?.type === 'oauth2') return oauthLogin(auth, connected.origin);
  return auth?.type === 'session' && connected.session !== null ? sessionLogin(connected, auth, connected.session) : null;
}

/** A session: its login is a call like any other, judged as all answers are. */
function sessionLogin(connected: CompiledEndpoint, auth: SoapSession, session: CompiledSession): Login {
  const render = (request: CompiledRequest, token: string | null): ReturnType<typeof renderCall> =>
    renderCall(connected, request, { scope: scopeOf(connected, auth, token), key: null, files: [], fresh: freshNow(), token });
  return {
    kept: null,
    request: () => {
      const rendered = render(session.login, null);
      return rendered.ok ? ok(rendered.value) : err(`The login cannot be written: ${rendered.error.message}`);
    },
    read: (outcome, nowMs) => readSession(outcome, { connected, auth, session, nowMs }),
    logout: (old) => {
      const rendered = session.logout === null ? null : render(session.logout, old.token);
      return rendered?.ok === true ? { ...rendered.value, headers: { ...rendered.value.headers, ...old.headers } } : null;
    },
  };
}

function scopeOf({ settings }: CompiledEndpoint, { username, password }: SoapSession, token: string | null): TemplateScope {
  const values = { username, password, token: token ?? undefined, secrets: settings.secrets ?? {}, variables: settings.variables ?? {} };
  return { read: (name) => memberAt(values, name), document: () => ({ variables: values.variables }) };
}

interface Reading {
  readonly connected: CompiledEndpoint;
  readonly auth: SoapSession;
  readonly session: CompiledSession;
  readonly nowMs: number;
}

function readSession(outcome: Answered, { connected, auth, session, nowMs }: Reading): Credentials | 'refused' | 'later' {
  const { result, view, document } = judgeSoap(outcome, session.login.answer, { isIdempotent: true, secrets: connected.secrets, nowMs }, connected.settings);
  if (result.outcome === 'retryable' || result.outcome === 'unknown') return 'later';
  const token = result.outcome === 'success' && view !== null ? session.token(view, document) : null;
  if (token === null) return 'refused';
  const scope = scopeOf(connected, auth, token);
  const headers = Object.fromEntries(Object.entries(auth.headers ?? {}).map(([name, value]) => [name.toLowerCase(), fillText(value, scope)]));
  return { headers, token, secrets: [token], expiresAtMs: nowMs + (auth.ttlSeconds ?? DEFAULT_LIFE_S) * 1_000 };
}
