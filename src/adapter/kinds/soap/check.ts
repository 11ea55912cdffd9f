import type { Adapter, CheckStep } from '../../contract.js';
import { sendResult } from '../../answer/send-result.js';
import { judgeSoap } from './answer.js';
import { secretsOf, sendWith, wayOf } from './call.js';
import { renderCall } from './render.js';
import { freshNow } from './security.js';

/** "Test connection": a call that changes nothing, or the question for the WSDL; what it answers tells which step fails. */
export const check: Adapter['check'] = async (endpoint, http, signal): Promise<readonly CheckStep[]> => {
  const way = wayOf(endpoint, http, signal);
  const { connected } = way;
  const { settings } = connected;
  const scope = { read: (name: string) => (name.startsWith('variables.') ? settings.variables?.[name.slice(10)] : name.startsWith('secrets.') ? settings.secrets?.[name.slice(8)] : undefined), document: () => ({}) };
  const outcome = await sendWith(way, (credentials) => {
    if (connected.check === null) return { method: 'GET', url: `${settings.address}${settings.address.includes('?') ? '&' : '?'}wsdl`, headers: connected.headers, body: null };
    const rendered = renderCall(connected, connected.check, { scope, key: null, files: [], fresh: freshNow(), token: credentials?.token ?? null });
    return rendered.ok ? rendered.value : rendered.error.message;
  });
  if (outcome.kind === 'failed') return [{ step: 'network', ok: false, message: outcome.message }];
  const judging = { isIdempotent: true, secrets: secretsOf(way), nowMs: Date.now() };
  const result = connected.check === null ? sendResult(outcome, { idempotent: true, secrets: judging.secrets, ticketId: null, needsTicketId: false, nowMs: judging.nowMs }) : judgeSoap(outcome, connected.check.answer, judging, settings).result;
  const network: CheckStep = { step: 'network', ok: true, message: `The target answers (${outcome.status}).` };
  if (result.outcome === 'credentials' && outcome.status !== 403) return [network, { step: 'authentication', ok: false, message: result.error ?? '' }];
  const authentication: CheckStep = { step: 'authentication', ok: true, message: 'The credentials are not refused.' };
  // Many services have no WSDL to show: without a call of its own the test says nothing of rights.
  const isAllowed = result.outcome === 'success' || (connected.check === null && outcome.status !== 403);
  return [network, authentication, { step: 'rights', ok: isAllowed, message: result.error ?? 'The request is allowed.' }];
};
