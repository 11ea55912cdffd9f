import type { CallLimits, CallOutcome, ConnectedEndpoint, OutboundHttp, RenderedRequest } from '../../contract.js';
import { deliverySettings } from '../../setting/delivery-settings.js';
import { MessageView } from '../../place/message-view.js';
import { compilePredicates } from '../../answer/predicate.js';
import type { Answered } from '../../token/login.js';
import { holderOf, TokenHolder } from '../../token/token-holder.js';
import { signForAws } from './aws-signature.js';
import { isRenewable } from './auth-settings.js';
import { compile } from './compiled.js';
import { loginOf } from './login.js';
import { sign } from './signing.js';

/** The way out of an endpoint with everything that proves who we are. */
export interface AuthorizedHttp {
  call(request: RenderedRequest, limits: CallLimits, signal: AbortSignal): Promise<CallOutcome>;
  /** Every form of a secret that may not be seen, those fetched meanwhile included. */
  secrets(): readonly string[];
}

/** Adds what a request needs besides its own content: tokens, fetched anew once where the target refuses them, and the signature. */
export function authorized(http: OutboundHttp, endpoint: ConnectedEndpoint): AuthorizedHttp {
  const connected = compile(endpoint);
  const { auth, signing } = connected.settings;
  const signed = (request: RenderedRequest): RenderedRequest => {
    const nowMs = Date.now();
    const made = sign(request, signing, nowMs);
    return auth?.type === 'aws' ? signForAws(made, auth, nowMs) : made;
  };
  if (!isRenewable(auth)) {
    return { call: (request, limits, signal) => http.call(signed(request), limits, signal), secrets: () => connected.secrets };
  }
  const isOver = compilePredicates(auth.type === 'session' ? auth.invalidWhen : undefined);
  const isRefused = ({ status, headers, body }: Answered): boolean => status === 401 || isOver(new MessageView({ body, contentType: headers['content-type'] ?? '', headers, status }));
  const holder = holderOf(endpoint, () => new TokenHolder(loginOf(connected, auth), { limits: deliverySettings(endpoint.settings).limits, tokens: endpoint.tokens, secrets: connected.secrets }));
  return {
    secrets: () => holder.secrets(),
    call: (request, limits, signal) => holder.call(http, ({ headers }) => http.call(signed({ ...request, headers: { ...request.headers, ...headers } }), limits, signal), isRefused),
  };
}
