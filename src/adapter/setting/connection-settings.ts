import type { JsonSchema } from '../contract.js';
import { object, oneOf, secret, text } from './setting-schema.js';

/** What TLS to this system is told; the same members as `ConnectionTls` of the way out. */
export interface TlsSettings {
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly pkcs12?: string;
  readonly passphrase?: string;
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3';
  readonly fingerprints?: readonly string[];
}

export type ProxySetting = 'direct' | { readonly url: string; readonly username?: string; readonly password?: string };

type Given = Readonly<Record<string, unknown>>;

const pem = (label: string, help: string, extra: JsonSchema = {}): JsonSchema =>
  text(label, help, { maxLength: 262_144, pattern: '^\\s*-----BEGIN ', 'x-multiline': true, ...extra });

export const TLS_SCHEMA: JsonSchema = {
  ...object('TLS', {
    ca: pem('Trusted certificates', 'PEM; replaces the public certificate authorities.'),
    certificate: pem('Client certificate', 'PEM.'),
    key: pem('Client key', 'PEM.', { 'x-secret': true }),
    pkcs12: secret('Client certificate as a file', 'PKCS #12 (.p12, .pfx) in base64, instead of certificate and key; what signed it may be in it.', { maxLength: 262_144, pattern: '^[A-Za-z0-9+/\\s]+={0,2}\\s*$', 'x-file': true }),
    passphrase: secret('Password of the file', 'That opens it; none where it has none.', { minLength: 0, maxLength: 1_024 }),
    minVersion: oneOf('Oldest version', 'Of HTTPS.', ['TLSv1.2', 'TLSv1.3'], 'TLSv1.2'),
    fingerprints: { type: 'array', minItems: 1, maxItems: 10, items: { type: 'string', pattern: '^(?:[0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$' }, 'x-label': 'Fingerprints', 'x-help': 'SHA-256, in hex: of HTTPS, the server\'s certificate must be one of these, besides being trusted. Give the next one beside the present one before it is changed.' },
  }),
  'x-pkcs12': true,
  // One way to prove who we are: a stored secret of the other one goes.
  if: { required: ['pkcs12'] }, then: { properties: { certificate: false, key: false } }, else: { properties: { passphrase: false } },
  dependentSchemas: { certificate: { properties: { pkcs12: false, passphrase: false } } },
};

export const PROXY_SCHEMA: JsonSchema = {
  ...object('Proxy', {
    url: text('Address', 'http://proxy.example:3128, or https://…; direct: none, not even that of the installation.', { pattern: '^(?:direct|https?://[^\\s/?#@\\\\]+/?)$' }),
    username: text('User name', 'Where the proxy asks who we are.', { pattern: '^[^:]+$', maxLength: 200 }),
    password: secret('Password', 'Written, never shown again.', { maxLength: 1_000 }),
  }, ['url'], 'Through which the system is called over HTTP, instead of the one of the installation (PARLEY_HTTP_PROXY).'),
  if: { not: { required: ['username'] } }, then: { properties: { password: false } },
};

export const ALLOWED_HOSTS_SCHEMA: JsonSchema = {
  type: 'array', maxItems: 100, items: { type: 'string', maxLength: 255, format: 'host' }, 'x-label': 'Allowed hosts',
  'x-help': 'Hosts that may be called over HTTP, besides those in the addresses of these settings: files.example.com, *.example.com, 10.0.0.0/8. Any without it. Holds for links in answers, pages of lists, and files.',
};

/** The proxy that settings name; nothing where they leave it to the installation. */
export function proxyOf(settings: Given): { readonly proxy?: ProxySetting } {
  const proxy = settings['proxy'] as Exclude<ProxySetting, 'direct'> | undefined;
  return proxy === undefined ? {} : { proxy: proxy.url === 'direct' ? 'direct' : proxy };
}

/** Hosts that may be called: those that are listed, and those of the addresses that the settings themselves have. */
export function allowedHosts(settings: Given): { readonly hosts?: readonly string[] } {
  const listed = settings['allowedHosts'] as readonly string[] | undefined;
  return listed === undefined ? {} : { hosts: [...listed, ...hostsIn(settings)] };
}

/** The hosts of `baseUrl`, `address`, `auth.tokenUrl` and the like. */
function hostsIn(settings: Given): string[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return hostsIn(value as Given);
    if (typeof value !== 'string' || !/(?:^address|Url)$/.test(name) || !URL.canParse(value)) return [];
    return [new URL(value).hostname.replace(/^\[|\]$/g, '')];
  });
}
