import type { JsonSchema } from '../../contract.js';
import type { PlaceSetting } from '../../place/place.js';
import { predicatesSchema, type PredicateSetting } from '../../answer/predicate.js';
import { HEADER_NAME, map, object, oneOf, place, secret, text, variant, variants, whole } from '../../setting/setting-schema.js';
import { oauthVariant, type OAuthSetting } from '../../token/oauth-setting.js';
import type { RestAws } from './aws-signature.js';
import { method } from './schema-parts.js';

export interface RestSession {
  readonly type: 'session';
  readonly login: { readonly method: string; readonly path: string; readonly headers?: Readonly<Record<string, string>>; readonly form?: 'json' | 'form' | 'text' | 'none'; readonly body?: unknown };
  readonly username?: string;
  readonly password?: string;
  /** Where the answer to the login names the token. */
  readonly token: PlaceSetting;
  /** Headers of every request; `{{token}}` is the token. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly ttlSeconds?: number;
  readonly logout?: { readonly method: string; readonly path: string };
  /** What besides 401 says that the session is over. */
  readonly invalidWhen?: readonly PredicateSetting[];
}

export type RestAuth =
  | { readonly type: 'none' }
  | { readonly type: 'basic'; readonly username: string; readonly password: string }
  | { readonly type: 'basicKey'; readonly key: string }
  | { readonly type: 'bearer'; readonly token: string }
  | { readonly type: 'header'; readonly name: string; readonly value: string }
  | { readonly type: 'headers'; readonly headers: Readonly<Record<string, string>> }
  | { readonly type: 'query'; readonly name: string; readonly value: string }
  | RestAws
  | OAuthSetting
  | RestSession;

/** A signature over each request, beside any other authentication. */
export interface RestSigning {
  readonly secret: string;
  readonly algorithm?: 'sha1' | 'sha256' | 'sha512';
  readonly encoding?: 'hex' | 'base64';
  /** What is signed: `{{timestamp}}`, `{{method}}`, `{{path}}` (with query), `{{body}}`, `{{bodySha256}}`. */
  readonly content: string;
  readonly header: string;
  /** `{{signature}}`, `{{timestamp}}` and text around. */
  readonly value?: string;
  readonly timestampHeader?: string;
  readonly timestamp?: 'seconds' | 'milliseconds' | 'iso';
}

export const AUTH_SCHEMA: JsonSchema = variants('Authentication', [
  variant('none', 'None', {}),
  variant('basic', 'User name and password', { username: text('User name', 'As the target knows it.', { pattern: '^[^:]+$' }), password: secret('Password', 'Written, never shown again.') }),
  variant('basicKey', 'Key as user name', { key: secret('Key', 'Sent as the user name of basic authentication, with X for a password.') }),
  variant('bearer', 'Bearer token', { token: secret('Token', 'Sent as Authorization: Bearer.') }),
  variant('header', 'Header', { name: text('Header', 'Name of the header.', { pattern: HEADER_NAME }), value: secret('Value', 'Written, never shown again.') }),
  variant('headers', 'Several headers', { headers: map('Headers', 'Names and values.', secret('Value', 'Written, never shown again.'), { pattern: HEADER_NAME }) }),
  variant('query', 'Query parameter', { name: text('Parameter', 'Name of the query parameter.'), value: secret('Value', 'Written, never shown again.') }),
  variant('aws', 'AWS signature', {
    accessKeyId: text('Access key id', 'AKIA…', { pattern: '^\\w+$', maxLength: 128 }), secretAccessKey: secret('Secret access key', 'Written, never shown again.'), sessionToken: secret('Session token', 'Of temporary credentials.', { maxLength: 8_192 }),
    region: text('Region', 'eu-north-1.', { pattern: '^[\\w-]+$' }), service: text('Service', 'execute-api for an API Gateway; the name that stands in the address of others.', { pattern: '^[\\w-]+$' }),
  }, ['accessKeyId', 'secretAccessKey', 'region', 'service']),
  oauthVariant('a path below the base address'),
  variant('session', 'Session', {
    login: object('Login', {
      method: method('POST', 'GET', 'PUT'), path: text('Path', 'Below the base address.', { pattern: '^/[^\\s#]*$' }), headers: map('Headers', 'Of the login; {{username}}, {{password}} and {{secrets.name}} are filled in.', { type: 'string', maxLength: 4_096 }, { pattern: HEADER_NAME }),
      form: oneOf('Form of the body', 'How the body is written.', ['json', 'form', 'text', 'none'], 'json'), body: { 'x-label': 'Body', 'x-help': '{{username}}, {{password}} and {{secrets.name}} are filled in.' },
    }, ['method', 'path']),
    username: text('User name', 'For the login.'), password: secret('Password', 'For the login.'),
    token: place('Token', 'Where the answer to the login names it: session_token, { "text": true }, { "header": "x-token" }.'),
    headers: map('Headers', 'Of every request; {{token}} and {{secrets.name}} are filled in. Authorization: Bearer {{token}} without it.', { type: 'string', maxLength: 4_096 }, { pattern: HEADER_NAME }),
    ttlSeconds: whole('Life', 'Seconds after which a new session is begun.', [10, 2_592_000], 3_000),
    logout: object('Logout', { method: method('POST', 'GET', 'DELETE'), path: text('Path', 'Below the base address; called as a session is replaced.', { pattern: '^/[^\\s#]*$' }) }, ['method', 'path']),
    invalidWhen: predicatesSchema('Over when', 'What besides 401 says that the session is over.'),
  }, ['login', 'token']),
]);

export const SIGNING_SCHEMA: JsonSchema = object('Signature of requests', {
  secret: secret('Secret', 'Key of the HMAC.'),
  algorithm: oneOf('Algorithm', 'Of the HMAC.', ['sha1', 'sha256', 'sha512'], 'sha256'),
  encoding: oneOf('Encoding', 'Of the signature.', ['hex', 'base64'], 'hex'),
  content: text('Content', 'What is signed, for instance {{method}}\\n{{path}}\\n{{timestamp}}\\n{{bodySha256}}; also {{body}}.'),
  header: text('Header', 'That carries the signature.', { pattern: HEADER_NAME }),
  value: text('Value', 'Of that header; {{signature}} and {{timestamp}} are filled in. The signature alone without it.'),
  timestampHeader: text('Time header', 'That carries the time.', { pattern: HEADER_NAME }),
  timestamp: oneOf('Form of the time', 'How the time is written.', ['seconds', 'milliseconds', 'iso'], 'seconds'),
}, ['secret', 'content', 'header'], 'Beside any other authentication.');

/** Whether a fetched token may be fetched anew when the target refuses it. */
export const isRenewable = (auth: RestAuth | undefined): auth is OAuthSetting | RestSession => auth?.type === 'oauth2' || auth?.type === 'session';
