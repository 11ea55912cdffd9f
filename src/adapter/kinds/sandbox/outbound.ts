import { AttributeIndex } from '../../../core/message/attribute-index.js';
import { asText } from '../../../core/message/as-text.js';
import { isBlank } from '../../../core/message/is-blank.js';
import { failure, type Failure } from '../../../core/message/failure.js';
import { fold } from '../../../core/message/fold.js';
import { err, ok, type Result } from '../../../core/message/result.js';
import type { Value } from '../../../core/message/value.js';
import type { ConnectedEndpoint, LookupResult, Outbound, OutboundDelivery, OutboundHttp, RenderedRequest, SendResult } from '../../contract.js';
import { deliverySettings } from '../../setting/delivery-settings.js';
import { lookupResult } from '../../answer/lookup-result.js';
import { secretForms } from '../../setting/secret-text.js';
import { neverSent, sendResult } from '../../answer/send-result.js';
import { sandboxSettings, userOf } from './settings.js';
import { FIELDS } from './wire.js';

/** Bytes of the files of one message: the tool takes no more. */
const MOST_FILE_BYTES = 5 * 1_048_576;

const COMMENT = new Set(['comment', 'comment_author', 'comment_visibility']);
const ID_IN_PATH = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;

/** The tool honours our key: what it may have done can always be sent again. */
export const outbound: Outbound = { render, send, isIdempotent: () => true, canLookUp: () => true, lookup };

/** The secrets of an endpoint in every form in which they may come back. */
export const secretsOf = (endpoint: ConnectedEndpoint): readonly string[] => {
  const settings = sandboxSettings(endpoint);
  return secretForms([settings.token, `${userOf(settings)}:${settings.token}`, ...(settings.webhookSecret === undefined ? [] : [settings.webhookSecret])]);
};

/** Headers of every call: the integration user's name stands beside the token, so that the tool knows who writes. */
export function headersOf(endpoint: ConnectedEndpoint): Readonly<Record<string, string>> {
  const settings = sandboxSettings(endpoint);
  return { accept: 'application/json', 'user-agent': 'Parley', authorization: `Basic ${Buffer.from(`${userOf(settings)}:${settings.token}`).toString('base64')}` };
}

export const apiOf = (endpoint: ConnectedEndpoint): string => `${sandboxSettings(endpoint).baseUrl.replace(/\/+$/, '')}/api`;

function render(delivery: OutboundDelivery, endpoint: ConnectedEndpoint): Result<RenderedRequest, Failure> {
  const creates = delivery.operation === 'CREATE';
  if (!creates && (delivery.ticketId === null || !ID_IN_PATH.test(delivery.ticketId))) return err(failure('invalid', 'ticket-id-missing', 'The update has no ticket id of this tool.'));
  if (delivery.attachments.reduce((sum, file) => sum + file.size, 0) > MOST_FILE_BYTES) return err(failure('invalid', 'files-too-large', `The files are larger than ${MOST_FILE_BYTES} bytes, which this tool does not take.`));
  const document = { ...documentOf(delivery), ...(creates ? { correlationId: delivery.id } : {}) };
  return ok({
    method: creates ? 'POST' : 'PATCH', url: `${apiOf(endpoint)}/tickets${creates ? '' : `/${delivery.ticketId ?? ''}`}`,
    headers: { ...headersOf(endpoint), 'content-type': 'application/json', 'idempotency-key': delivery.id }, body: Buffer.from(JSON.stringify(document)),
  });
}

/** Attributes as the tool's fields. What is none goes along under its own name, so that the tool can say that it is none. */
function documentOf({ attributes, attachments }: OutboundDelivery): Readonly<Record<string, unknown>> {
  const document: Record<string, unknown> = {};
  const custom: Record<string, Value> = {};
  for (const [name, value] of Object.entries(attributes)) {
    const folded = fold(name);
    if (COMMENT.has(folded) || name === '__proto__') continue;
    const field = FIELDS.find(([attribute]) => attribute === folded)?.[1];
    if (folded.startsWith('custom.')) custom[name.slice('custom.'.length)] = value;
    else document[field ?? name] = Array.isArray(value) ? asText(value) : value;
  }
  if (Object.keys(custom).length > 0) document['custom'] = custom;
  const comment = commentOf(attributes);
  if (comment !== null) document['comment'] = comment;
  if (attachments.length > 0) document['attachments'] = attachments.map((file) => ({ name: file.name, contentType: file.contentType, contentBase64: Buffer.from(file.content).toString('base64') }));
  return document;
}

function commentOf(attributes: OutboundDelivery['attributes']): Readonly<Record<string, string>> | null {
  const index = new AttributeIndex(attributes);
  const text = index.get('comment');
  if (text === undefined || isBlank(text)) return null;
  const author = asText(index.get('comment_author'));
  // A comment of unknown visibility stays inside: it is easier to show it later than to take it back.
  const visibility = fold(asText(index.get('comment_visibility'))) === 'public' ? 'public' : 'internal';
  return { text: asText(text), visibility, ...(author === '' ? {} : { author }) };
}

async function send(delivery: OutboundDelivery, endpoint: ConnectedEndpoint, http: OutboundHttp, signal: AbortSignal): Promise<SendResult> {
  const request = render(delivery, endpoint);
  if (!request.ok) return neverSent(request.error.message);
  const outcome = await http.call(request.value, deliverySettings(endpoint.settings).limits, signal);
  const creates = delivery.operation === 'CREATE';
  return sendResult(outcome, { idempotent: true, secrets: secretsOf(endpoint), ticketId: creates ? ['id'] : null, needsTicketId: creates, nowMs: Date.now() });
}

async function lookup(...[deliveryId, , endpoint, http, signal]: Parameters<NonNullable<Outbound['lookup']>>): Promise<LookupResult | null> {
  const request: RenderedRequest = { method: 'GET', url: `${apiOf(endpoint)}/tickets?correlationId=${encodeURIComponent(deliveryId)}`, headers: headersOf(endpoint), body: null };
  const outcome = await http.call(request, deliverySettings(endpoint.settings).limits, signal);
  return lookupResult(outcome, [0, 'id'], secretsOf(endpoint));
}
