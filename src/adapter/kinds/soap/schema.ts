import type { JsonSchema } from '../../contract.js';
import { DELIVERY_PROPERTIES } from '../../setting/delivery-settings.js';
import { CURSOR_SCHEMA } from '../../place/cursor-setting.js';
import { INBOUND_PLACES } from '../../place/inbound-places.js';
import { PREDICATE_SCHEMA, predicatesSchema } from '../../answer/predicate.js';
import { POLL_TIMES, POLL_TIMES_RULE } from '../../setting/poll-times.js';
import { oauthVariant } from '../../token/oauth-setting.js';
import { answer, flag, HEADER_NAME, HEADER_VALUE, map, object, oneOf, place, secret, text, variant, variants, whole } from '../../setting/setting-schema.js';

const NAME = '^[A-Za-z_][\\w.-]*$';
/** Prefixes that every envelope has already. */
const PREFIX = '^(?!(?:soap|soap11|soap12|xsi|xsd|wsse|wsu|wsa|ds|rpc|parley|xml|xmlns)$)[A-Za-z_][\\w.-]*$';
const pem = (label: string, help: string, extra: JsonSchema = {}): JsonSchema => text(label, help, { maxLength: 65_536, pattern: '^\\s*-----BEGIN ', 'x-multiline': true, ...extra });
const template = (label: string, help: string): JsonSchema => text(label, help, { maxLength: 262_144, format: 'xml-template', 'x-multiline': true });

const embedded = { embedded: place('Document in the answer', 'Where the answer carries XML or JSON as a text; conditions and places then read that.') };
const soapAnswer = (label: string, help: string): JsonSchema => {
  const common = answer(label, help);
  return { ...common, properties: { ...(common['properties'] as object), ...embedded } };
};

const REQUEST: Readonly<Record<string, JsonSchema>> = {
  path: text('Path', 'Put behind the address.', { pattern: '^[/?][^\\s#]*$' }),
  action: text('Action', 'SOAPAction of 1.1, action of 1.2; empty without it.', { maxLength: 1_024 }),
  style: oneOf('Style', 'document: the body is written as it stands; rpc: within an element named after the operation.', ['document', 'rpc'], 'document'),
  use: oneOf('Use', 'encoded adds encodingStyle to the element of the operation; types (xsi:type) stand in the template.', ['literal', 'encoded'], 'literal'),
  rpc: object('Operation of rpc', { name: text('Name', 'Of the operation.', { pattern: NAME }), namespace: text('Namespace', 'Of the operation.') }, ['name']),
  body: template('Body', 'XML; {{…}} is filled in and escaped. parley:each, if, omit, nil, file and string say how an element is written.'),
  header: template('Header', 'XML for the SOAP header of this call.'),
  mtom: flag('Files as parts', 'Files of parley:file go as parts of their own (MTOM/XOP) instead of base64.', { default: false }),
  swa: flag('Files as attachments', 'All files of the call go as attachments of the envelope (SwA); the template refers to them: href="cid:{{item.id}}", or cid:{{item.id}} as text.', { default: false }),
  headers: map('HTTP headers', 'Of this call; {{…}} is filled in.', { type: 'string', maxLength: 4_096 }, { pattern: HEADER_NAME }),
  idempotent: flag('Idempotent', 'Sending the same again does no harm: an unknown outcome is sent again.', { default: false }),
  answer: soapAnswer('Answer', 'How the answer to this call is judged, where it differs.'),
};
const RPC: JsonSchema = { if: { properties: { style: { const: 'rpc' } }, required: ['style'] }, then: { required: ['rpc'] } };
const call = (label: string, help?: string): JsonSchema => ({ ...object(label, REQUEST, ['body'], help), ...RPC });

export const SETTINGS_SCHEMA: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object', additionalProperties: false, required: ['address'],
  properties: {
    address: text('Address', 'Of the service, http or https, without credentials. What a WSDL says of it does not matter.', { pattern: '^https?://[^\\s#@\\\\]+$' }),
    version: oneOf('SOAP version', 'Of what is sent; both are understood when received.', ['1.1', '1.2'], '1.1'),
    auth: variants('Authentication', [
      variant('none', 'None', {}),
      variant('basic', 'User name and password', { username: text('User name', 'As the target knows it.', { pattern: '^[^:]+$' }), password: secret('Password', 'Written, never shown again.') }),
      variant('bearer', 'Bearer token', { token: secret('Token', 'Sent as Authorization: Bearer.') }),
      variant('header', 'Header', { name: text('Header', 'Name of the header.', { pattern: HEADER_NAME }), value: secret('Value', 'Written, never shown again.') }),
      oauthVariant('a path at the host of the address'),
      variant('session', 'Session', {
        login: call('Login', 'The call that begins a session; {{username}}, {{password}} and {{secrets.name}} are filled in. The header of every call is not sent with it.'),
        username: text('User name', 'For the login.'), password: secret('Password', 'For the login.'),
        token: place('Token', 'Where the answer to the login has it: { "xpath": "//t:sessionId" }, { "header": "set-cookie" }. Templates of calls and of headers read it as {{token}}.'),
        tokenForm: oneOf('Form of the token', 'text; element: what its XPath finds, as it stands: a SAML assertion.', ['text', 'element'], 'text'),
        headers: map('HTTP headers', 'Of every call; {{token}} and {{secrets.name}} are filled in.', { type: 'string', maxLength: 4_096 }, { pattern: HEADER_NAME }),
        ttlSeconds: whole('Life', 'Seconds after which a new session is begun.', [10, 2_592_000], 3_000),
        logout: call('Logout', 'Made as a session is replaced.'),
        invalidWhen: predicatesSchema('Over when', 'What besides 401 and a fault that speaks of who we are says that the session is over.'),
      }, ['login', 'token']),
    ]),
    namespaces: map('Namespaces', 'Prefixes of templates and XPaths; soap, soap11, soap12, xsi, xsd and wsse are known.', text('Namespace', 'Its address.'), { pattern: PREFIX }),
    header: template('SOAP header', 'XML in the header of every call: sessions, credentials that the target wants there ({{secrets.name}}).'),
    headers: map('More HTTP headers', 'Sent with every request; no secrets here.', { type: 'string', maxLength: 4_096, pattern: HEADER_VALUE }, { pattern: HEADER_NAME }),
    addressing: object('WS-Addressing', {
      version: oneOf('Version', 'Of WS-Addressing.', ['2005/08', '2004/08'], '2005/08'), to: text('To', 'Instead of the address.'), replyTo: text('Reply to', 'Instead of the anonymous address.'),
    }, [], 'To, Action, MessageID (the delivery, the same on every attempt) and ReplyTo.'),
    security: object('WS-Security', {
      usernameToken: object('UsernameToken', {
        username: text('User name', 'As the target knows it.'), password: secret('Password', 'Written, never shown again.'), type: oneOf('Password as', 'digest: SHA-1 over nonce, time and password; text: as it is, over TLS only.', ['digest', 'text'], 'digest'),
      }, ['username', 'password']),
      timestampSeconds: whole('Valid for', 'Seconds that the Timestamp gives a request; none is sent without it.', [1, 86_400]),
      signature: object('Signature', { key: pem('Private key', 'PEM, RSA.', { 'x-secret': true }), certificate: pem('Certificate', 'PEM; sent along as BinarySecurityToken.') }, ['key', 'certificate'], 'Signs Body and Timestamp with RSA-SHA256 in exclusive canonical form.'),
      encryption: object('Encryption', {
        certificate: pem('Certificate', 'PEM, RSA; of the target.'), algorithm: oneOf('Algorithm', 'Of the content; its key is wrapped by RSA-OAEP.', ['aes256-gcm', 'aes128-gcm', 'aes256-cbc', 'aes128-cbc'], 'aes256-gcm'),
      }, ['certificate'], 'Encrypts the content of the Body, and the UsernameToken, for the target; after it was signed.'),
      assertion: text('SAML assertion', 'XML without a declaration; put into the security header as it stands. {{token}} is the one that a session was given.', { maxLength: 262_144, format: 'xml-template', 'x-multiline': true, 'x-secret': true }),
      mustUnderstand: flag('Must be understood', 'Targets that do not know the header refuse the request.', { default: true }),
    }),
    signedAnswers: object('Signed answers', {
      certificates: { type: 'array', minItems: 1, maxItems: 10, 'x-label': 'Certificates', 'x-help': 'Of the target; no other signer is believed.', items: pem('Certificate', 'PEM.') },
      maxAgeSeconds: whole('Age', 'Seconds by which a signed Timestamp may be off.', [1, 86_400], 300),
    }, ['certificates'], 'Answers must be signed; only the signed Body is read. An answer that is not leaves open what happened.'),
    encryptedAnswers: object('Encrypted answers', { key: pem('Private key', 'PEM, RSA.', { 'x-secret': true }) }, ['key'], 'What answers carry encrypted for this key is decrypted before they are read.'),
    variables: map('Variables', 'Read by templates as {{variables.name}}.', { type: 'string', maxLength: 4_096 }, { pattern: '^\\w+$' }),
    secrets: map('Secrets', 'Read by templates as {{secrets.name}}.', secret('Secret', 'Written, never shown again.'), { pattern: '^\\w+$' }),
    answers: soapAnswer('Answers', 'How all answers of this system are judged and read.'),
    inboundSecurity: object('UsernameToken of senders', {
      username: text('User name', 'That senders must give.'), password: secret('Password', 'As text or digest.'), maxAgeSeconds: whole('Age', 'Seconds by which Created may be off.', [1, 86_400], 300),
    }, ['username', 'password'], 'Asked for besides the credentials of the inbound address.'),
    signedRequests: object('Signed requests', {
      certificates: { type: 'array', minItems: 1, maxItems: 10, 'x-label': 'Certificates', 'x-help': 'Of senders; no other signer is believed.', items: pem('Certificate', 'PEM.') },
      maxAgeSeconds: whole('Age', 'Seconds by which the signed Timestamp may be off.', [1, 86_400], 300),
    }, ['certificates'], 'Senders must sign Body and Timestamp; only the signed Body is read. Asked for besides the credentials of the inbound address.'),
    understoodHeaders: { type: 'array', minItems: 1, maxItems: 50, 'x-label': 'Understood headers', 'x-help': 'Header blocks that may say mustUnderstand besides those that are understood: t:Session, by the endpoint\'s prefixes.', items: { type: 'string', pattern: '^[A-Za-z_][\\w.-]*:[A-Za-z_][\\w.-]*$', maxLength: 200 } },
    validateService: flag('Check against the WSDL', 'Envelopes for our own service must fit its WSDL to the letter: order, names, types. Without it order does not matter, and what is not known is not read.', { default: false }),
    check: call('Connection test', 'A call that changes nothing; without it the WSDL is asked for.'),
    serviceAddress: text('Address of our service', 'As our own WSDL names it, where a proxy hides the real one.', { pattern: '^https?://[^\\s#@\\\\]+$' }),
    ...DELIVERY_PROPERTIES,
  },
};

export const ENTITY_TYPE_SCHEMA: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object', additionalProperties: false,
  properties: {
    operations: object('Operations', { create: call('Create'), update: call('Update'), attach: call('Attach a file', 'Called for each file after the ticket is written; the file is read as {{file.name}}, {{file.contentBase64}}.') }),
    response: soapAnswer('Answer', 'How the answer to a create or an update is judged and read.'),
    lookup: object('Look-up', { ...REQUEST, ticketId: place('Ticket id', 'Where the answer names the ticket.'), absentWhen: predicatesSchema('Absent when', 'What says for certain that there is no such ticket; a fault may.') }, ['body', 'ticketId', 'absentWhen']),
    poll: { ...object('Polling', {
      ...POLL_TIMES, ...REQUEST,
      body: template('Body', 'XML; {{cursor}} is where the last poll ended, {{first}}, {{last}}, {{size}} and {{number}} the page of pageSize elements, {{page}} the token of the next page, {{now}} the time.'),
      list: text('List', 'XPath of the elements, with the endpoint\'s prefixes: //t:record.', { maxLength: 2_048 }), cursor: CURSOR_SCHEMA,
      pageSize: whole('Page', 'Elements on a page: the body asks for {{first}} (from 0) up to but not including {{last}}. A page with fewer is the last.', [1, 10_000]), next: place('Next page', 'Where the answer has its token; absent or blank: the last page.'),
      version: { type: 'array', minItems: 1, maxItems: 10, 'x-label': 'Version', 'x-help': 'What tells one state of an element from another: its id and its time of change. The whole element without it.', items: place('Place', 'Of an element.') },
      maxPages: whole('Most pages', 'Of one poll; the next goes on behind them.', [1, 1_000], 100),
    }, ['body', 'list'], 'A list that is fetched regularly by a call; each of its elements is read by the inbound mapping, as if it had come alone in an envelope.'), allOf: [RPC, POLL_TIMES_RULE] },
    inbound: object('Inbound mapping', {
      when: { ...PREDICATE_SCHEMA, 'x-label': 'Only when', 'x-help': 'Envelopes for which it does not hold are kept, but bring no message.' },
      embedded: place('Document in the envelope', 'Where the envelope carries XML or JSON as a text; condition and places then read that, those from the top what is around it.'),
      ...INBOUND_PLACES,
      answer: object('Answer', { body: template('Body', 'What an accepted envelope is answered; {{messageId}} and {{replayed}} are filled in.'), namespaces: map('Namespaces', 'Prefixes of the body.', text('Namespace', 'Its address.'), { pattern: PREFIX }) }, ['body']),
    }, ['ticketId'], 'Any envelope is taken; paths start at the element in its Body. Without it the address is our own service, whose WSDL is at ?wsdl.'),
  },
};
