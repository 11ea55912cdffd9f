import type { Adapter, CheckStep } from '../../contract.js';
import { deliverySettings } from '../../setting/delivery-settings.js';
import { sendResult } from '../../answer/send-result.js';
import { apiOf, headersOf, secretsOf } from './outbound.js';

/** "Test connection": asks for one ticket. */
export const check: Adapter['check'] = async (endpoint, http, signal): Promise<readonly CheckStep[]> => {
  const outcome = await http.call({ method: 'GET', url: `${apiOf(endpoint)}/tickets?limit=1`, headers: headersOf(endpoint), body: null }, deliverySettings(endpoint.settings).limits, signal);
  if (outcome.kind === 'failed') return [{ step: 'network', ok: false, message: outcome.message }];
  const network: CheckStep = { step: 'network', ok: true, message: `The tool answers (${outcome.status}).` };
  const result = sendResult(outcome, { idempotent: true, secrets: secretsOf(endpoint), ticketId: null, needsTicketId: false, nowMs: Date.now() });
  if (result.outcome === 'credentials') return [network, { step: 'authentication', ok: false, message: result.error ?? '' }];
  const authentication: CheckStep = { step: 'authentication', ok: true, message: 'The token is taken.' };
  return [network, authentication, { step: 'rights', ok: result.outcome === 'success', message: result.error ?? 'Tickets can be read.' }];
};
