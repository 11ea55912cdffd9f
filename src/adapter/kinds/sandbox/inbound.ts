import { failure, type Failure } from '../../../core/message/failure.js';
import { err, ok, type Result } from '../../../core/message/result.js';
import type { Attributes, Value } from '../../../core/message/value.js';
import type { CarriedAttachment, Inbound, InboundRequest, NormalizedMessage } from '../../contract.js';
import { readExactJson } from '../../place/exact-json.js';
import { verifyStandardWebhook } from '../../standard-webhooks.js';
import { sandboxSettings } from './settings.js';
import { FIELDS, isWebhook, valueOf, type Webhook } from './wire.js';

export const inbound: Inbound = {
  form: () => 'mapped',
  verify: (request, endpoint) => {
    const { webhookSecret } = sandboxSettings(endpoint);
    return webhookSecret === undefined ? ok(undefined) : verifyStandardWebhook(request, webhookSecret, Date.now());
  },
  normalize,
  repeatKey: (request) => request.headers['webhook-id'] ?? null,
};

function normalize(request: InboundRequest): Result<readonly NormalizedMessage[], Failure> {
  let document: unknown;
  try {
    document = readExactJson(new TextDecoder('utf-8', { fatal: true }).decode(request.body));
  } catch {
    return err(failure('invalid', 'broken-json', 'The webhook is not JSON in UTF-8.'));
  }
  if (!isWebhook(document)) return err(failure('invalid', 'not-a-webhook', 'The body is not a webhook of a sandbox tool: id, type or ticket is missing.'));
  const { actor, ticket, timestamp } = document;
  const at = Date.parse(String(timestamp));
  return ok([{
    entityType: request.entityType, messageType: document.type, ticketId: ticket.id, attributes: attributesOf(document), attachments: filesOf(document), references: [],
    sender: actor?.id === undefined ? null : { id: actor.id, ...(actor.name === undefined ? {} : { name: actor.name }) },
    occurredAt: Number.isNaN(at) ? null : new Date(at).toISOString(), eventId: null, // the webhook's id is known before acceptance
  }]);
}

function attributesOf({ type, ticket, comment, error }: Webhook): Attributes {
  const attributes: Record<string, Value> = { event: type };
  const put = (name: string, member: unknown): void => {
    const value = valueOf(member);
    if (value !== undefined) attributes[name] = value;
  };
  for (const [attribute, field] of FIELDS) put(attribute, ticket[field]);
  put('locked', ticket['locked']);
  for (const [name, value] of Object.entries(ticket.custom ?? {})) put(`custom.${name}`, value);
  if (comment !== undefined) {
    put('comment', comment.text);
    put('comment_author', comment.author);
    // What does not say that it is public is internal.
    put('comment_visibility', comment.visibility === 'public' ? 'public' : 'internal');
  }
  if (error !== undefined) {
    put('code', error.code);
    put('error', error.message);
    put('request_key', error.requestKey);
  }
  return attributes;
}

/** Files come in the webhook; one whose content is missing is told by its name alone, in the attribute of the ticket's own page. */
function filesOf({ attachments = [] }: Webhook): CarriedAttachment[] {
  return attachments.flatMap((one) => {
    if (typeof one.contentBase64 !== 'string') return [];
    const content = Buffer.from(one.contentBase64, 'base64');
    return [{ id: String(one.id ?? ''), name: String(one.name ?? 'file'), contentType: String(one.contentType ?? 'application/octet-stream'), size: content.byteLength, content }];
  });
}
