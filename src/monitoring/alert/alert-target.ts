import type { SecretBox, SecretPlace } from '../../identity/index.js';
import type { OrganizationId } from '../../store/organization.js';
import type { AlertTarget } from './transport/transport.js';

const placeOf = (organization: OrganizationId, route: string): SecretPlace => ({ organization, table: 'alert_route', column: 'target', row: route });

/** Seals where a route leads: the address of a hook is a credential. */
export const sealTarget = (secrets: SecretBox, organization: OrganizationId, route: string, target: AlertTarget): Buffer =>
  secrets.seal(placeOf(organization, route), JSON.stringify(target));

/** Opens it. Throws when it was sealed with another key. */
export const readTarget = (secrets: SecretBox, organization: OrganizationId, route: string, sealed: Uint8Array): AlertTarget =>
  JSON.parse(secrets.openText(placeOf(organization, route), sealed)) as AlertTarget;
