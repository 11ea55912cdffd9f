import type { Adapter } from '../../contract.js';
import { check } from './check.js';
import { inbound } from './inbound.js';
import { outbound } from './outbound.js';
import { ENTITY_TYPE_SCHEMA, SETTINGS_SCHEMA } from './schema.js';
import { source } from './source.js';
import { propose } from './wsdl/fetch-wsdl.js';

/** Any system that speaks SOAP 1.1 or 1.2. */
export const soap: Adapter = {
  manifest: { kind: 'soap', label: 'SOAP', version: '1.0.0', description: 'Any system that speaks SOAP 1.1 or 1.2, both ways, and polled.', receives: true, sends: true },
  settings: SETTINGS_SCHEMA,
  entityTypeSettings: ENTITY_TYPE_SCHEMA,
  inbound, outbound, source, propose, check,
};
