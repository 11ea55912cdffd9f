import type { ApiPart } from '../../web/index.js';

const TICKET_ID = { oneOf: [{ type: 'string', minLength: 1 }, { type: 'integer' }], description: 'Text or an integer; kept as text, so that no digit is lost' };
const TEXT = (description: string): object => ({ type: 'string', maxLength: 512, description });

/** The canonical body, as `core/message/canonical-body.ts` reads it. Keys that it does not know are passed over. */
const CANONICAL_MESSAGE = {
  type: 'object', required: ['ticketId'], description: 'A message in canonical form',
  properties: {
    ticketId: TICKET_ID,
    messageType: TEXT('A name for this kind of message'),
    attributes: { type: 'object', additionalProperties: true, description: 'Nested objects become dotted names (at most 32 steps), lists stay lists' },
    attachments: {
      type: 'array',
      items: {
        type: 'object', required: ['name', 'contentBase64'],
        properties: { name: { type: 'string' }, contentType: { type: 'string', default: 'application/octet-stream' }, contentBase64: { type: 'string', format: 'byte' } },
      },
    },
    sender: { type: 'object', required: ['id'], description: 'Who wrote it', properties: { id: TICKET_ID, name: TEXT('As people know them') } },
    occurredAt: { type: 'string', format: 'date-time', description: 'When it happened there' },
    references: {
      type: 'array', description: 'Tickets of other systems that belong to this one',
      items: { type: 'object', required: ['endpoint', 'entityType', 'ticketId'], properties: { endpoint: TEXT('Id of the endpoint'), entityType: TEXT('Its entity type'), ticketId: TICKET_ID } },
    },
  },
};

const RECEIPT = {
  type: 'object', required: ['messageId'], description: 'The message is committed; this names it.', properties: { messageId: { type: 'string', format: 'uuid' } },
};

const reference = (name: string): { readonly $ref: string } => ({ $ref: `#/components/schemas/${name}` });
const problem = (description: string) => ({ description, content: { 'application/problem+json': { schema: reference('Problem') } } });

const DESCRIPTION = [
  'The answer comes after the commit: what was answered 202 is kept.',
  'A key is taken from `Idempotency-Key`, else from `webhook-id`, and holds for a week: a repeat is answered like the first, with the header `Idempotency-Replayed: true`, and processed once.',
  'Endpoints of a kind with a form of its own (`sandbox`, `rest` with `inbound`) take what their system sends instead of the canonical body;',
  'that is verified, stored and answered 202 before it is read.',
].join(' ');

/** What the OpenAPI document says of the inbound addresses. */
export const INBOUND_API: ApiPart = {
  paths: {
    '/api/v1/inbound/{endpoint}/{entityType}': {
      post: {
        operationId: 'Inbound_receive', tags: ['inbound'], summary: 'Send a message of a connected system', description: DESCRIPTION,
        security: [{ endpointPassword: [] }, { endpointToken: [] }, { endpointKey: [] }, { addressToken: [] }, { apiKey: [] }],
        parameters: [
          { name: 'endpoint', in: 'path', required: true, schema: { type: 'string' }, description: 'Id of the endpoint' },
          { name: 'entityType', in: 'path', required: true, schema: { type: 'string' }, description: 'One of its entity types' },
          { name: 'idempotency-key', in: 'header', required: false, schema: { type: 'string', minLength: 1, maxLength: 255 }, description: 'The same for every repeat of this request' },
        ],
        requestBody: { required: true, content: { 'application/json': { schema: reference('CanonicalMessage') } } },
        responses: {
          202: {
            description: 'Accepted and stored', content: { 'application/json': { schema: reference('MessageReceipt') } },
            headers: { 'Idempotency-Replayed': { schema: { type: 'string', enum: ['true'] }, description: 'Only where the answer is that of an earlier request' } },
          },
          400: problem('The body is not JSON; says where'),
          401: problem('The credentials are not those of this inbound address, or the signature does not fit'),
          403: problem('The endpoint takes no requests from this address, or without its client certificate'),
          404: problem('No such endpoint or entity type'),
          413: problem('The body is larger than PARLEY_MAX_BODY, or than what the endpoint takes'),
          415: problem('The canonical body is application/json'),
          422: problem('The body has not the form of a message, each error with its JSON pointer; or the key was used for another body'),
          429: problem('This organization has too many requests under way; `Retry-After` says when to send it again'),
          503: problem('Not stored: the database does not answer, or too many requests are under way; send it again'),
        },
      },
    },
  },
  schemas: { CanonicalMessage: CANONICAL_MESSAGE, MessageReceipt: RECEIPT },
  securitySchemes: {
    endpointPassword: { type: 'http', scheme: 'basic', description: 'Id of the endpoint and one of its generated passwords' },
    endpointToken: { type: 'http', scheme: 'bearer', description: 'One of the passwords or tokens of the endpoint' },
    endpointKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'The same, for senders that set no Authorization' },
    addressToken: { type: 'apiKey', in: 'query', name: 'token', description: 'A token that was made for the address' },
  },
};
