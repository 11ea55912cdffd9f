import type { JudgedAnswer } from '../../answer/answer-rules.js';
import type { CallLimits, CallOutcome, ConnectedEndpoint, OutboundHttp, RenderedRequest } from '../../contract.js';
import { MessageView } from '../../place/message-view.js';
import { deliverySettings } from '../../setting/delivery-settings.js';
import type { Answered, Credentials } from '../../token/login.js';
import { holderOf, TokenHolder } from '../../token/token-holder.js';
import { judgeSoap } from './answer.js';
import { compile, type CompiledEndpoint, type CompiledRequest } from './compiled.js';
import { readEnvelope } from './envelope-reader.js';
import { isOfCaller, readFault } from './fault.js';
import { loginOf } from './login.js';
import { renderCall, type Calling } from './render.js';
import { freshNow } from './security.js';

/** Where calls of one endpoint go out. */
export interface Way {
  readonly connected: CompiledEndpoint;
  readonly http: OutboundHttp;
  readonly limits: CallLimits;
  readonly signal: AbortSignal;
  /** Who gets tokens and sessions; null where credentials never change. */
  readonly holder: TokenHolder | null;
}

export function wayOf(endpoint: ConnectedEndpoint, http: OutboundHttp, signal: AbortSignal): Way {
  const connected = compile(endpoint);
  const { limits } = deliverySettings(endpoint.settings);
  const login = loginOf(connected);
  const holder = login === null ? null : holderOf(endpoint, () => new TokenHolder(login, { limits, tokens: endpoint.tokens, secrets: connected.secrets }));
  return { connected, http, limits, signal, holder };
}

/** Every form of a secret that may not be seen, tokens that were fetched included. */
export const secretsOf = ({ connected, holder }: Way): readonly string[] => holder?.secrets() ?? connected.secrets;

/** Makes a call, with credentials where they have to be fetched, and judges its answer. */
export async function call(way: Way, request: CompiledRequest, calling: Omit<Calling, 'fresh' | 'token'>): Promise<JudgedAnswer> {
  const outcome = await sendWith(way, (credentials) => {
    const rendered = renderCall(way.connected, request, { ...calling, fresh: freshNow(), token: credentials?.token ?? null });
    return rendered.ok ? rendered.value : rendered.error.message;
  });
  return judgeSoap(outcome, request.answer, { isIdempotent: request.isIdempotent, secrets: secretsOf(way), nowMs: Date.now() }, way.connected.settings);
}

/** Sends a request that is made anew for each credentials, or says why it cannot be made. */
export async function sendWith(way: Way, make: (credentials: Credentials | null) => RenderedRequest | string): Promise<CallOutcome> {
  const { http, limits, signal, holder } = way;
  const send = async (credentials: Credentials | null): Promise<CallOutcome> => {
    const request = make(credentials);
    if (typeof request === 'string') return { kind: 'failed', reason: 'invalid-request', message: request, written: false };
    return http.call({ ...request, headers: { ...request.headers, ...credentials?.headers } }, limits, signal);
  };
  return holder === null ? send(null) : holder.call(http, send, (outcome) => isRefused(way, outcome));
}

/** Services tell by a fault that a session is over, or by an answer of their own. */
function isRefused({ connected: { session } }: Way, { status, headers, body }: Answered): boolean {
  if (status === 401) return true;
  const received = { body, contentType: headers['content-type'] ?? '', headers, status };
  const envelope = readEnvelope(received);
  const fault = envelope.ok ? readFault(envelope.value) : null;
  return (fault !== null && isOfCaller(fault)) || session?.isOver(envelope.ok ? envelope.value.view : new MessageView(received)) === true;
}
