import type { JsonSchema } from '../contract.js';
import { HEADER_NAME, object, oneOf, text, whole } from './setting-schema.js';

/** Whose requests an inbound address takes, besides those with its credentials. */
export interface AdmissionSettings {
  readonly addresses?: readonly string[];
  readonly certificate?: CertificateSettings;
}

/** A client certificate, as the reverse proxy that asked for it hands it on. */
export interface CertificateSettings {
  readonly header: string;
  readonly form?: 'certificate' | 'text';
  readonly allowed: readonly string[];
}

export const ADMISSION_SCHEMA: JsonSchema = object('Who may call', {
  addresses: {
    type: 'array', minItems: 1, maxItems: 500, items: { type: 'string', maxLength: 50, format: 'ip-network' }, 'x-label': 'Addresses',
    'x-help': 'Addresses and networks that requests are taken from: 203.0.113.7, 10.0.0.0/8, 2001:db8::/32; any without it. Behind a reverse proxy PARLEY_TRUST_PROXY must name that.',
  },
  certificate: object('Client certificate', {
    header: text('Header', 'In which the reverse proxy hands it on: Client-Cert, X-SSL-Client-Cert. Only believed of a proxy that PARLEY_TRUST_PROXY names.', { pattern: HEADER_NAME }),
    form: oneOf('Form', 'certificate: itself, in PEM or base64; text: what the proxy says of it, its fingerprint or subject.', ['certificate', 'text'], 'certificate'),
    allowed: { type: 'array', minItems: 1, maxItems: 100, items: { type: 'string', minLength: 1, maxLength: 1_000, pattern: '\\S' }, 'x-label': 'Allowed', 'x-help': 'SHA-256 fingerprints in hex, with or without colons; of the form text the texts.' },
  }, ['header', 'allowed']),
}, [], 'Requests from elsewhere are answered 403, although their credentials are right.');

/** PARLEY_MAX_BODY may be less. */
export const MAX_REQUEST_SCHEMA: JsonSchema = whole('Largest request', 'Bytes of a request that is taken from this system at most; PARLEY_MAX_BODY bounds all.', [1_024, 268_435_456]);

/** Bytes that a request to an endpoint's address may have; any number where its settings say nothing. */
export const maxRequestBytes = (settings: Readonly<Record<string, unknown>>): number => (settings['maxRequestBytes'] as number | undefined) ?? Infinity;
