import type { JsonSchema } from '../../contract.js';
import { PREDICATE_SCHEMA, type PredicateSetting } from '../../answer/predicate.js';
import type { PlaceSetting } from '../../place/place.js';
import { HEADER_NAME, object, oneOf, place, secret, text, variant, variants, whole } from '../../setting/setting-schema.js';

/** The short form of a verification. */
export interface RestSignature {
  readonly secret: string;
  readonly header: string;
  readonly prefix?: string;
  readonly encoding?: 'hex' | 'base64';
}

/** How the signature of an inbound request is checked over the bytes as received. Two secrets while one replaces the other. */
export type RestVerification =
  | { readonly type: VerificationPreset; readonly secret: string; readonly oldSecret?: string; readonly toleranceSeconds?: number }
  | { readonly type: 'basic'; readonly username: string; readonly secret: string; readonly oldSecret?: string }
  | { readonly type: 'bodyToken'; readonly place: PlaceSetting; readonly secret: string; readonly oldSecret?: string }
  | { readonly type: 'sharedToken'; readonly header: string; readonly secret: string; readonly oldSecret?: string }
  | RestHmac;

export type VerificationPreset = 'standardWebhooks' | 'github' | 'jira' | 'zendesk' | 'zammad' | 'pagerduty' | 'glpi';

export interface RestHmac {
  readonly type: 'hmac';
  readonly secret: string;
  readonly oldSecret?: string;
  readonly secretForm?: 'utf8' | 'base64' | 'hex' | 'whsec';
  readonly algorithm?: 'sha1' | 'sha256' | 'sha512';
  readonly encoding?: 'hex' | 'base64' | 'base64url';
  /** `{{body}}`, `{{timestamp}}`, `{{id}}`, `{{method}}`, `{{path}}` (with query), `{{url}}` and text between. */
  readonly content?: string;
  readonly header: string;
  readonly prefix?: string;
  /** How several signatures in one header are separated. */
  readonly several?: 'none' | 'comma' | 'space';
  readonly timestampHeader?: string;
  readonly idHeader?: string;
  /** Seconds that clocks may differ; null: the time is signed but not looked at. */
  readonly toleranceSeconds?: number | null;
}

/** What a sender wants to see before it sends anything. */
export type RestHandshake =
  | { readonly type: 'echoQuery'; readonly parameter: string }
  | { readonly type: 'hmacQuery'; readonly parameter: string; readonly secret: string }
  | { readonly type: 'challenge'; readonly field: string }
  | { readonly type: 'ignore'; readonly when: PredicateSetting };

const second = secret('Old secret', 'Taken as well while the sender is being changed over.');
const tolerance = (fallback: number): JsonSchema => whole('Tolerance', 'Seconds that the sender\'s clock may differ.', [1, 86_400], fallback);
const known = (type: VerificationPreset, label: string, extra: Readonly<Record<string, JsonSchema>> = {}): JsonSchema =>
  variant(type, label, { secret: secret('Secret', 'As the sender has it.'), oldSecret: second, ...extra }, ['secret']);

export const VERIFICATION_SCHEMA: JsonSchema = variants('Verification of inbound requests', [
  known('standardWebhooks', 'Standard Webhooks', { toleranceSeconds: tolerance(300) }),
  known('github', 'GitHub'), known('jira', 'Jira'), known('zendesk', 'Zendesk', { toleranceSeconds: tolerance(300) }), known('zammad', 'Zammad'), known('pagerduty', 'PagerDuty v3'), known('glpi', 'GLPI'),
  variant('basic', 'User name and password', { username: text('User name', 'As the sender has it, for senders that take no other; the address then needs a token of its own.', { pattern: '^[^:]+$' }), secret: secret('Password', 'As the sender has it.'), oldSecret: second }, ['username', 'secret']),
  variant('sharedToken', 'Token in a header', { header: text('Header', 'That carries the token: x-gitlab-token.', { pattern: HEADER_NAME }), secret: secret('Token', 'As the sender has it.'), oldSecret: second }, ['header', 'secret']),
  variant('bodyToken', 'Token in the body', { place: place('Place', 'Where the body carries it; where that are several, each must be right: the JMESPath value[].[clientState].'), secret: secret('Token', 'As the sender has it.'), oldSecret: second }, ['place', 'secret']),
  variant('hmac', 'HMAC', {
    secret: secret('Secret', 'As the sender has it.'), oldSecret: second,
    secretForm: oneOf('Form of the secret', 'How the key is read from it.', ['utf8', 'base64', 'hex', 'whsec'], 'utf8'),
    algorithm: oneOf('Algorithm', 'Of the HMAC.', ['sha1', 'sha256', 'sha512'], 'sha256'), encoding: oneOf('Encoding', 'Of the signature.', ['hex', 'base64', 'base64url'], 'hex'),
    content: text('Content', 'What is signed: {{body}}, {{timestamp}}, {{id}}, {{method}}, {{path}} (with the query), {{url}} (all of the address) and text between. {{body}} without it.'),
    header: text('Header', 'That carries the signature.', { pattern: HEADER_NAME }), prefix: text('Prefix', 'What stands before the signature: sha256=.'),
    several: oneOf('Several', 'How signatures in one header are separated.', ['none', 'comma', 'space'], 'none'),
    timestampHeader: text('Time header', 'That carries the time (epoch in seconds or milliseconds, or ISO 8601).', { pattern: HEADER_NAME }), idHeader: text('Id header', 'That carries the id.', { pattern: HEADER_NAME }),
    toleranceSeconds: { type: ['integer', 'null'], minimum: 1, maximum: 86_400, default: 300, 'x-label': 'Tolerance', 'x-help': 'Seconds that the sender\'s clock may differ; null does not look at the time.' },
  }, ['secret', 'header']),
]);

export const HANDSHAKE_SCHEMA: JsonSchema = variants('Handshake', [
  variant('echoQuery', 'Echo of a query parameter', { parameter: text('Parameter', 'Sent back as text: validationToken.') }),
  variant('hmacQuery', 'HMAC of a query parameter', { parameter: text('Parameter', 'Whose HMAC-SHA-256 is answered in hex: crc_token.'), secret: secret('Secret', 'As the sender has it.') }),
  variant('challenge', 'Echo of a field', { field: text('Field', 'Of the JSON body, sent back alone: challenge.') }),
  variant('ignore', 'Requests that are no messages', { when: { ...PREDICATE_SCHEMA, 'x-label': 'When', 'x-help': 'Answered 200 and forgotten: a ping.' } }),
]);

export const SIGNATURE_SCHEMA: JsonSchema = object('Signature of inbound requests', {
  secret: secret('Secret', 'Key of the HMAC-SHA-256 over the body as received.'),
  header: text('Header', 'Header that carries the signature.', { pattern: HEADER_NAME }),
  prefix: text('Prefix', 'What stands before the signature: sha256=.'),
  encoding: oneOf('Encoding', 'Of the signature.', ['hex', 'base64'], 'hex'),
}, ['secret', 'header'], 'The short form of verification by HMAC.');
