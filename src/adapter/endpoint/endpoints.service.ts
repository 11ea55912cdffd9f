import { Injectable, Logger } from '@nestjs/common';
import { ConfigurationWatch } from '../../rule/index.js';
import { Database } from '../../store/database.js';
import { readEndpoints, type StoredEndpoint } from '../../store/endpoint/endpoint-reader.js';
import { organizationId, type OrganizationId } from '../../store/organization.js';
import { AddressKeepers } from '../address/address-keepers.js';
import { adapterOf } from '../registry.js';
import { ConnectionKeepers } from './connection-keeper.js';
import { EndpointSecrets } from './endpoint-secrets.js';
import { LateLook } from './late-look.js';
import { liveEndpoint, type LiveEndpoint } from './live-endpoint.js';

/** Every endpoint of every organization, in memory: what the stages ask without waiting. */
@Injectable()
export class Endpoints {
  private readonly logger = new Logger('endpoints');
  private readonly byOrganization = new Map<OrganizationId, ReadonlyMap<string, LiveEndpoint>>();
  private readonly late: LateLook;
  private readonly listeners: ((organization: OrganizationId) => void)[] = [];

  constructor(private readonly database: Database, private readonly secrets: EndpointSecrets, private readonly keepers: ConnectionKeepers, private readonly addresses: AddressKeepers, watch: ConfigurationWatch) {
    watch.onChange((organization) => this.load(organization));
    this.late = new LateLook(() => watch.poll());
  }

  find(organization: OrganizationId | string, id: string): LiveEndpoint | undefined {
    return this.byOrganization.get(organizationId(organization))?.get(id);
  }

  /** The endpoint with this entity type; what is not known here may have been made by another instance a moment ago: then the database is asked. */
  async findWith(organization: OrganizationId, id: string, entityType: string): Promise<LiveEndpoint | undefined> {
    const known = this.find(organization, id);
    if (known?.entityType(entityType) !== undefined) return known;
    await this.late.again();
    return this.find(organization, id);
  }

  /** The endpoints of an organization, by id. */
  all(organization: OrganizationId): readonly LiveEndpoint[] {
    return [...(this.byOrganization.get(organization)?.values() ?? [])];
  }

  /** The endpoints of all organizations. */
  everywhere(): LiveEndpoint[] {
    return [...this.byOrganization.values()].flatMap((endpoints) => [...endpoints.values()]);
  }

  /** Calls back after an organization's endpoints were replaced; for budgets and pools that follow their settings. */
  onReplaced(listener: (organization: OrganizationId) => void): void {
    this.listeners.push(listener);
  }

  private async load(organization: OrganizationId): Promise<() => void> {
    const stored = await readEndpoints(organization, this.database.worker);
    const known = this.byOrganization.get(organization);
    const made = stored.flatMap((one) => {
      const kept = known?.get(one.id);
      // What did not change stays the same object, and what hangs on it stays with it.
      if (kept !== undefined && kept.version === one.version && kept.changedAt.getTime() === one.changedAt.getTime()) return [kept];
      const fresh = this.make(organization, one);
      return fresh === undefined ? [] : [fresh];
    });
    return () => {
      this.byOrganization.set(organization, new Map(made.map((one) => [one.id, one])));
      for (const listener of this.listeners) listener(organization);
    };
  }

  /** An endpoint that cannot be used hurts only itself. */
  private make(organization: OrganizationId, stored: StoredEndpoint): LiveEndpoint | undefined {
    const adapter = adapterOf(stored.adapter);
    try {
      if (adapter === undefined) throw new Error(`there is no adapter "${stored.adapter}"`);
      return liveEndpoint(organization, stored, this.secrets.open(organization, stored.id, stored.secrets), { adapter, keepers: this.keepers, addresses: this.addresses });
    } catch (error) {
      this.logger.error({ message: 'an endpoint cannot be used', organization, endpoint: stored.id, err: error });
      return undefined;
    }
  }
}
