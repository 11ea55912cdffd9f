import type { Adapter } from '../../contract.js';
import { consentOf, seedOf } from '../../token/consent.js';
import { check } from './check.js';
import { originOf } from './compiled.js';
import { inbound } from './inbound.js';
import { outbound } from './outbound.js';
import { ENTITY_TYPE_SCHEMA, SETTINGS_SCHEMA } from './schema.js';
import { soapSettings } from './settings.js';
import { source } from './source.js';
import { propose, proposeOf } from './wsdl/fetch-wsdl.js';

/** Any system that speaks SOAP 1.1 or 1.2. */
export const soap: Adapter = {
  manifest: { kind: 'soap', label: 'SOAP', version: '1.0.0', description: 'Any system that speaks SOAP 1.1 or 1.2, both ways, and polled.', receives: true, sends: true },
  settings: SETTINGS_SCHEMA,
  entityTypeSettings: ENTITY_TYPE_SCHEMA,
  inbound, outbound, source, propose, proposeOf, check,
  consent: (endpoint) => {
    const settings = soapSettings(endpoint);
    return consentOf(settings.auth, originOf(settings));
  },
  tokenSeed: (endpoint) => {
    const settings = soapSettings(endpoint);
    return seedOf(settings.auth, originOf(settings));
  },
};
