import type { JsonSchema } from '../contract.js';
import { map, object, oneOf, secret, text, variant } from '../setting/setting-schema.js';

interface OAuthCommon {
  readonly type: 'oauth2';
  readonly tokenUrl: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly clientAuth?: 'header' | 'body' | 'jwt';
  readonly scope?: string;
  readonly audience?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Of `jwtBearer`, and of client authentication by `jwt`. */
  readonly jwt?: JwtSetting;
}

/** How an endpoint gets tokens by OAuth 2. */
export type OAuthSetting = OAuthCommon & {
  readonly grant: 'clientCredentials' | 'password' | 'refreshToken' | 'jwtBearer' | 'authorizationCode';
  readonly username?: string;
  readonly password?: string;
  readonly refreshToken?: string;
  /** Of `authorizationCode`: where a person consents, and what is asked for there besides. */
  readonly authorizationUrl?: string;
  readonly authorizationParameters?: Readonly<Record<string, string>>;
};

export interface JwtSetting {
  readonly key: string;
  readonly algorithm?: 'RS256' | 'ES256' | 'HS256';
  readonly keyId?: string;
  readonly issuer?: string;
  readonly subject?: string;
  readonly audience?: string;
}

/** A path, or a full address without fragment and credentials. */
const ADDRESS = '^(?:https?://[^\\s#@]+|/[^\\s#]*)$';

const jwt = object('Signed assertion', {
  key: secret('Key', 'Private key (PEM) of RS256 or ES256, or the shared secret of HS256.', { maxLength: 16_384, 'x-multiline': true }),
  algorithm: oneOf('Algorithm', 'Of the signature.', ['RS256', 'ES256', 'HS256'], 'RS256'),
  keyId: text('Key id', 'The header kid.'), issuer: text('Issuer', 'The claim iss; the client id by default.'), subject: text('Subject', 'The claim sub; the issuer by default.'), audience: text('Audience', 'The claim aud; the token address by default.'),
}, ['key']);

/** The form of it among the ways to authenticate. `aPath`: what a path stands below. */
export const oauthVariant = (aPath: string): JsonSchema => ({
  ...variant('oauth2', 'OAuth 2', {
    grant: oneOf('Grant', 'How a token is got. authorizationCode: somebody signs in at the target and consents, by Connect on the endpoint\'s page.', ['clientCredentials', 'password', 'refreshToken', 'jwtBearer', 'authorizationCode']),
    authorizationUrl: text('Consent address', `Of authorizationCode: where a person consents; ${aPath}, or a full address.`, { pattern: ADDRESS }),
    authorizationParameters: map('Parameters of the consent', 'Of authorizationCode, for targets that ask for some: audience, prompt, access_type. No secrets here.', { type: 'string', maxLength: 2_048 }),
    tokenUrl: text('Token address', `https://…/token; ${aPath}, or a full address.`, { pattern: ADDRESS }),
    clientId: text('Client id', 'As registered at the target.'), clientSecret: secret('Client secret', 'Written, never shown again.'),
    clientAuth: oneOf('Client authentication', 'Where id and secret go: Basic header, body, or a signed assertion (private_key_jwt).', ['header', 'body', 'jwt'], 'header'),
    scope: text('Scope', 'Separated by spaces.'), audience: text('Audience', 'For targets that ask for one.'),
    parameters: map('More parameters', 'Of the token request; no secrets here.', { type: 'string', maxLength: 2_048 }),
    username: text('User name', 'Of the password grant.'), password: secret('Password', 'Of the password grant.'), refreshToken: secret('Refresh token', 'The first one; where the target gives new ones, they are kept.'), jwt,
  }, ['grant', 'tokenUrl']), if: { properties: { grant: { const: 'authorizationCode' } }, required: ['grant'] }, then: { required: ['authorizationUrl', 'clientId'] },
});

/** What of it must never be seen, also as it goes over the wire. */
export const secretsOfOAuth = ({ clientId = '', clientSecret, password, refreshToken, jwt: assertion }: OAuthSetting): readonly (string | undefined)[] =>
  [clientSecret, password, refreshToken, assertion?.key, `${clientId}:${clientSecret ?? ''}`];
