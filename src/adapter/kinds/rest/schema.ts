import type { JsonSchema } from '../../contract.js';
import { DELIVERY_PROPERTIES } from '../../setting/delivery-settings.js';
import { INBOUND_PLACES } from '../../place/inbound-places.js';
import { PREDICATE_SCHEMA, predicatesSchema } from '../../answer/predicate.js';
import { AUTH_SCHEMA, SIGNING_SCHEMA } from './auth-settings.js';
import { POLL_SCHEMA } from './poll-settings.js';
import { answer, flag, HEADER_NAME, HEADER_VALUE, map, object, place, secret, text, whole } from '../../setting/setting-schema.js';
import { INBOUND_ANSWER_SCHEMA } from './inbound-answer.js';
import { MENDING_SCHEMA } from './inbound-mending.js';
import { REPEATS_SCHEMA } from './repeat-key.js';
import { askedForm, headers, method, REQUEST_PROPERTIES, requestPath, steps, WRITE_PROPERTIES } from './schema-parts.js';
import { HANDSHAKE_SCHEMA, SIGNATURE_SCHEMA, VERIFICATION_SCHEMA } from './verification-settings.js';

export const SETTINGS_SCHEMA: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object', additionalProperties: false, required: ['baseUrl'],
  properties: {
    baseUrl: text('Base address', 'http or https, without query and credentials.', { pattern: '^https?://[^\\s?#@\\\\]+$' }),
    auth: AUTH_SCHEMA,
    signing: SIGNING_SCHEMA,
    headers: map('More headers', 'Sent with every request; no secrets here.', { type: 'string', maxLength: 4_096, pattern: HEADER_VALUE }, { pattern: HEADER_NAME }),
    query: map('More query parameters', 'Sent with every request; no secrets here.', { type: 'string', maxLength: 4_096 }),
    variables: map('Variables', 'Read by templates as {{variables.name}}.', { type: 'string', maxLength: 4_096 }, { pattern: '^\\w+$' }),
    secrets: map('Secrets', 'Read by templates as {{secrets.name}}: credentials that the target wants in the body.', secret('Secret', 'Written, never shown again.'), { pattern: '^\\w+$' }),
    answers: answer('Answers', 'How all answers of this system are judged and read.'),
    signature: SIGNATURE_SCHEMA,
    verification: VERIFICATION_SCHEMA,
    handshake: HANDSHAKE_SCHEMA,
    repeats: REPEATS_SCHEMA,
    sorting: {
      type: 'array', maxItems: 50, 'x-label': 'Sorting', 'x-help': 'For senders with one address for everything: which requests are about another entity type than that of the address. The first whose condition holds counts.',
      items: object('Sort', { when: { ...PREDICATE_SCHEMA, 'x-label': 'When', 'x-help': 'On the request: its body, a header.' }, entityType: text('Entity type', 'As which it is read.', { maxLength: 200 }) }, ['when', 'entityType']),
    },
    check: object('Connection test', { method: method('GET', 'HEAD', 'POST'), path: requestPath, form: askedForm, body: { 'x-label': 'Body', 'x-help': 'JSON in which {{variables.name}} and {{secrets.name}} are filled in.' } }, ['path']),
    discovery: object('Discovery', {
      entityTypes: object('Entity types', { path: requestPath, list: place('List', 'Where they are listed.'), name: place('Name', 'Of one of them.') }, ['path', 'list', 'name']),
      attributes: object('Attributes', { path: text('Path', 'Below the base address; {{entityType}} is filled in.', { pattern: '^/[^\\s#]*$' }), list: place('List', 'Where they are listed.'), name: place('Name', 'Of one of them.'), label: place('Label', 'What people call it.'), type: place('Type', 'What it holds.') }, ['path', 'list', 'name']),
    }, [], 'Where the system tells what it has.'),
    ...DELIVERY_PROPERTIES,
  },
};

const operation = (label: string): JsonSchema => ({
  ...object(label, { ...WRITE_PROPERTIES, steps: steps('Steps', 'Several requests in order, instead of one.') }),
  if: { not: { required: ['steps'] } }, then: { required: ['method', 'path'] },
});

const fileRequest = (label: string, help: string): JsonSchema => object(label, {
  ...REQUEST_PROPERTIES,
  form: { ...REQUEST_PROPERTIES['form'], 'x-label': 'Form', 'x-help': 'json: { name, contentType, contentBase64 }; binary: the bytes alone; multipart: a form with one file.' },
}, ['method', 'path'], help);

const inbound: JsonSchema = object('Inbound mapping', {
  when: { ...PREDICATE_SCHEMA, 'x-label': 'Only when', 'x-help': 'Requests for which it does not hold are kept, but bring no message.' },
  each: place('List', 'Where the list of messages is, if one request carries several.'),
  recent: object('Only recent', { time: place('Time', 'Of an element of the list; one without is kept.'), reference: place('Compared with', 'When the ticket was last changed.'), seconds: whole('Seconds', 'By which an element may be older.', [1, 518_400], 86_400) }, ['time', 'reference'],
    'For lists of all comments of a ticket: what is older is left out. What came before is known by its event id, for a week.'),
  ...INBOUND_PLACES,
  mending: MENDING_SCHEMA,
  answer: INBOUND_ANSWER_SCHEMA,
  complete: steps('Complete by', 'Requests that fetch what a thin request leaves out, before it is mapped; the mapping then reads event and each step\'s answer by its id. Where they fail the request waits.'),
}, ['ticketId']);

export const ENTITY_TYPE_SCHEMA: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object', additionalProperties: false,
  properties: {
    operations: object('Operations', {
      create: operation('Create'), update: operation('Update'),
      upload: fileRequest('Upload a file', 'Done for each file before the ticket is written; what it extracts stands in files.'),
      attach: fileRequest('Attach a file', 'Done for each file after the ticket is written.'),
    }),
    response: answer('Answer', 'How the answer to a create or an update is judged and read.'),
    lookup: object('Look-up', {
      method: method('GET', 'POST'), path: requestPath, headers, form: askedForm, body: { 'x-label': 'Body', 'x-help': 'JSON in which {{correlationKey}} is filled in.' },
      ticketId: place('Ticket id', 'Where the answer names the ticket; nothing there means not created. {{correlationKey}} is filled in.'),
      absentWhen: predicatesSchema('Absent when', 'What besides an empty list says for certain that there is no such ticket. {{correlationKey}} is filled in.'),
    }, ['method', 'path', 'ticketId']),
    adoptIdOnUpdate: flag('Adopt id on update', 'A ticket id in the answer to an update joins the conversation.', { default: false }),
    attachments: object('Files in the body', { attribute: text('Attribute', 'Files go out under this name as a list of { name, contentType, contentBase64 }.') }, ['attribute']),
    inbound,
    poll: POLL_SCHEMA,
  },
};
