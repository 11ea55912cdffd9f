import type { ConnectedEndpoint, JsonSchema } from '../../contract.js';
import { DELIVERY_PROPERTIES } from '../../setting/delivery-settings.js';

/** An endpoint's `settings`; the part that every kind has is read by `deliverySettings`. */
export interface SandboxSettings {
  /** Address of the tool: `http://127.0.0.1:8080/sandbox/tool-a`. */
  readonly baseUrl: string;
  readonly token: string;
  readonly webhookSecret?: string;
  readonly integrationUser?: string | readonly string[];
}

export const sandboxSettings = (endpoint: ConnectedEndpoint): SandboxSettings => endpoint.settings as unknown as SandboxSettings;

/** Who the tool shows as the author of what Parley writes. */
export function userOf({ integrationUser }: SandboxSettings): string {
  const [first] = typeof integrationUser === 'string' ? [integrationUser] : (integrationUser ?? []);
  return first ?? 'parley';
}

export const SETTINGS_SCHEMA: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object', additionalProperties: false, required: ['baseUrl', 'token'],
  properties: {
    baseUrl: { type: 'string', maxLength: 2_000, pattern: '^https?://[^\\s?#@\\\\]+/sandbox/[a-z0-9][a-z0-9-]{0,39}/?$', 'x-label': 'Address of the tool', 'x-help': 'Ends in /sandbox/ and the tool\'s name.' },
    token: { type: 'string', minLength: 1, maxLength: 4_096, 'x-secret': true, 'x-label': 'API token', 'x-help': 'Shown once when the tool was made.' },
    webhookSecret: { type: 'string', minLength: 16, maxLength: 200, 'x-secret': true, 'x-label': 'Webhook secret', 'x-help': 'Key of the webhooks\' signature; without it any signature is taken.' },
    ...DELIVERY_PROPERTIES,
  },
};

/** A sandbox tool has one kind of record; nothing is to be set. */
export const ENTITY_TYPE_SCHEMA: JsonSchema = { $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object', additionalProperties: false, properties: {} };
