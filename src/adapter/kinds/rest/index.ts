import type { Adapter } from '../../contract.js';
import { consentOf, seedOf } from '../../token/consent.js';
import { check } from './check.js';
import { discover } from './discover.js';
import { inbound } from './inbound.js';
import { outbound } from './outbound.js';
import { source } from './source.js';
import { ENTITY_TYPE_SCHEMA, SETTINGS_SCHEMA } from './schema.js';
import { restSettings } from './settings.js';

/** Any system with an HTTP API. */
export const rest: Adapter = {
  manifest: { kind: 'rest', label: 'REST', version: '2.0.0', description: 'Any system with an HTTP API: JSON, XML or forms, sent to, received from, and polled.', receives: true, sends: true },
  settings: SETTINGS_SCHEMA,
  entityTypeSettings: ENTITY_TYPE_SCHEMA,
  inbound, outbound, source, discover, check,
  consent: (endpoint) => {
    const { auth, baseUrl } = restSettings(endpoint);
    return consentOf(auth, baseUrl.replace(/\/+$/, ''));
  },
  tokenSeed: (endpoint) => {
    const { auth, baseUrl } = restSettings(endpoint);
    return seedOf(auth, baseUrl);
  },
};
