import type { CallOutcome, RenderedRequest, SendResult } from '../../../contract.js';
import { deliverySettings } from '../../../setting/delivery-settings.js';
import { sendResult } from '../../../answer/send-result.js';
import { compileMail } from '../compiled.js';
import type { GraphMailbox, GraphOut } from '../settings.js';
import type { Caller } from './caller.js';
import { GRAPH, graphClient } from './graph-client.js';
import { accessToken } from './oauth-token.js';

export const graphBase = ({ graphUrl, mailbox }: GraphOut | GraphMailbox): string => `${(graphUrl ?? GRAPH).replace(/\/+$/, '')}/v1.0/users/${encodeURIComponent(mailbox)}`;

/** One call to Microsoft Graph with a token; one that is refused is fetched anew once. */
export async function callGraph(settings: GraphOut | GraphMailbox, request: RenderedRequest, caller: Caller): Promise<{ readonly outcome: CallOutcome } | { readonly failed: SendResult }> {
  const client = graphClient(settings);
  for (const again of [false, true]) {
    const token = await accessToken(client, caller, again);
    if ('failed' in token) return token;
    const outcome = await caller.http.call({ ...request, headers: { ...request.headers, authorization: `Bearer ${token.token}` } }, deliverySettings(caller.endpoint.settings).limits, caller.signal);
    if (again || outcome.kind === 'failed' || outcome.status !== 401) return { outcome };
  }
  throw new Error('unreachable');
}

/** Hands a whole mail (MIME) to Graph, which answers 202 without a body. */
export async function sendByGraph(message: Buffer, caller: Caller): Promise<SendResult> {
  const { settings, secrets } = compileMail(caller.endpoint);
  const graph = settings.outgoing as GraphOut;
  const request: RenderedRequest = { method: 'POST', url: `${graphBase(graph)}/sendMail`, headers: { 'content-type': 'text/plain' }, body: Buffer.from(message.toString('base64')) };
  const called = await callGraph(graph, request, caller);
  if ('failed' in called) return called.failed;
  return sendResult(called.outcome, { idempotent: false, secrets, ticketId: null, needsTicketId: false, nowMs: Date.now() });
}
