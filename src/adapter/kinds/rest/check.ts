import type { Adapter, CheckStep, ConnectedEndpoint, OutboundHttp } from '../../contract.js';
import { deliverySettings } from '../../setting/delivery-settings.js';
import { judge } from '../../answer/answer-rules.js';
import { memberAt } from '../../template/body-template.js';
import { authorized } from './authorized.js';
import { compile } from './compiled.js';
import { writeAsked } from './request-body.js';
import { restSettings } from './settings.js';

/** "Test connection": one harmless request; what it answers tells which step fails. */
export const check: Adapter['check'] = async (endpoint: ConnectedEndpoint, http: OutboundHttp, signal: AbortSignal): Promise<readonly CheckStep[]> => {
  const connected = compile(endpoint);
  const out = authorized(http, endpoint);
  const { method = 'GET', path = '/', ...asked } = restSettings(endpoint).check ?? {};
  const { variables = {}, secrets = {} } = connected.settings;
  const written = writeAsked(asked, { read: (name) => memberAt({ variables, secrets }, name), document: () => ({ variables }) });
  const parameters = new URLSearchParams(connected.query.map(([name, value]): [string, string] => [name, value])).toString();
  const query = parameters === '' ? '' : `${path.includes('?') ? '&' : '?'}${parameters}`;
  const outcome = await out.call({ method, url: connected.baseUrl + path + query, headers: { ...connected.headers, ...(written === null ? {} : { 'content-type': written.contentType }) }, body: written?.body ?? null }, deliverySettings(endpoint.settings).limits, signal);
  if (outcome.kind === 'failed') return [{ step: 'network', ok: false, message: outcome.message }];
  const network: CheckStep = { step: 'network', ok: true, message: `The target answers (${outcome.status}).` };
  const { result } = judge(outcome, connected.check, { isIdempotent: true, secrets: out.secrets(), nowMs: Date.now() });
  if (result.outcome === 'credentials' && outcome.status !== 403) return [network, { step: 'authentication', ok: false, message: result.error ?? '' }];
  const authentication: CheckStep = { step: 'authentication', ok: true, message: 'The credentials are not refused.' };
  if (outcome.status === 403) return [network, authentication, { step: 'rights', ok: false, message: result.error ?? '' }];
  // Without a path to test the root of an API often answers 404: that says nothing about rights.
  const told = result.outcome === 'success' || restSettings(endpoint).check === undefined;
  return [network, authentication, { step: 'rights', ok: told, message: result.error ?? 'The request is allowed.' }];
};
