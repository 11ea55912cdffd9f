import type { Adapter } from '../../contract.js';
import { check } from './check.js';
import { discover } from './discover.js';
import { inbound } from './inbound.js';
import { outbound } from './outbound.js';
import { ENTITY_TYPE_SCHEMA, SETTINGS_SCHEMA } from './settings.js';

/** The built-in ticket tool. */
export const sandbox: Adapter = {
  manifest: { kind: 'sandbox', label: 'Sandbox', version: '1.0.0', description: 'The ticket tool that comes with Parley, for demos and tests.', receives: true, sends: true },
  settings: SETTINGS_SCHEMA,
  entityTypeSettings: ENTITY_TYPE_SCHEMA,
  inbound, outbound, check, discover,
};
