import { parseInboundFilter, type InboundFilter } from '../../core/conversation/inbound-filter.js';
import type { StoredEndpoint } from '../../store/endpoint/endpoint-reader.js';
import type { OrganizationId } from '../../store/organization.js';
import type { Adapter, ConnectedEndpoint, EntityType } from '../contract.js';
import type { AddressKeepers } from '../address/address-keepers.js';
import { deliverySettings, integrationUsers, type DeliverySettings } from '../setting/delivery-settings.js';
import type { ConnectionKeepers } from './connection-keeper.js';
import { findEntityType, readEntityTypes } from './entity-types.js';
import { MaintenanceWindows } from './maintenance-windows.js';
import { joinSettings, type Secrets } from './secret-settings.js';

/** An endpoint as the pipeline works with it: from memory, secrets in clear, never changed but replaced. */
export interface LiveEndpoint extends ConnectedEndpoint {
  readonly adapter: Adapter;
  readonly status: 'ACTIVE' | 'SUSPENDED';
  /** When nothing is sent to it. */
  readonly maintenance: MaintenanceWindows;
  readonly version: number;
  readonly changedAt: Date;
  readonly delivery: DeliverySettings;
  /** Sender ids under which Parley works in this system. */
  readonly integrationUsers: readonly string[];
  /** What messages must pass to be routed; empty: all do. */
  readonly inboundFilter: InboundFilter;
  /** The entity type of that name, whatever its case. */
  entityType(name: string): EntityType | undefined;
}

/** Makes the endpoint of a stored one whose secrets were opened. `keepers`: where tokens are kept that the target replaces; `addresses`: what is known of those that it sends to. */
export function liveEndpoint(organization: OrganizationId, stored: StoredEndpoint, secrets: Secrets, { adapter, keepers, addresses }: { readonly adapter: Adapter; readonly keepers?: ConnectionKeepers; readonly addresses?: AddressKeepers }): LiveEndpoint {
  const settings = joinSettings({ plain: stored.settings, secrets });
  const entityTypes = readEntityTypes(stored.entityTypes);
  const kept = adapter.consent?.({ settings }) ?? adapter.tokenSeed?.({ settings }) ?? null;
  return {
    ...(kept === null || keepers === undefined ? {} : { tokens: keepers.of({ organization, endpoint: stored.id }, kept) }),
    ...(adapter.outbound.usesAddresses !== true || addresses === undefined ? {} : { addresses: addresses.of({ organization, endpoint: stored.id }) }),
    organization, id: stored.id, name: stored.name, settings, entityTypes, adapter,
    status: stored.status, maintenance: new MaintenanceWindows(stored.maintenance), version: stored.version, changedAt: stored.changedAt,
    delivery: deliverySettings(settings),
    integrationUsers: integrationUsers(settings),
    inboundFilter: inboundFilter(settings),
    entityType: (name) => findEntityType(entityTypes, name),
  };
}

/** Settings are checked when they are saved; a filter that cannot be read any more lets nothing pass unnoticed. */
function inboundFilter(settings: Readonly<Record<string, unknown>>): InboundFilter {
  const text = settings['inboundFilter'];
  if (typeof text !== 'string') return [];
  const filter = parseInboundFilter(text);
  if (!filter.ok) throw new Error(`its inbound filter cannot be read: ${filter.error.message}`);
  return filter.value;
}
