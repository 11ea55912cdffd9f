import { Injectable, Logger } from '@nestjs/common';
import { AuditLog, SYSTEM } from '../../identity/index.js';
import { METRICS } from '../../queue/index.js';
import { Database } from '../../store/database.js';
import type { OrganizationId } from '../../store/organization.js';
import type { BouncedAddress } from '../../store/pipeline/bounced-address.js';

/** Tells of addresses that nothing is sent to any more, and of those that are sent to again by themselves. Never fails: what was committed stands. */
@Injectable()
export class SuppressionLog {
  private readonly log = new Logger('addresses');

  constructor(private readonly database: Database, private readonly audit: AuditLog) {}

  async suppressed(addresses: readonly BouncedAddress[]): Promise<void> {
    for (const { organization, endpoint, address, most, reason, deliveryId } of addresses) {
      METRICS.suppressedAddresses.inc();
      this.log.warn({ event: 'address.suppressed', organization, endpoint, delivery: deliveryId, bounces: most, message: 'nothing is sent to an address any more: what was sent there came back' });
      await this.record(organization, 'endpoint.suppress-address', endpoint, { address, bounces: most, reason });
    }
  }

  async lifted(organization: OrganizationId, endpoint: string, addresses: readonly string[]): Promise<void> {
    for (const address of addresses) await this.record(organization, 'endpoint.lift-address', endpoint, { address, reason: 'somebody wrote from there' });
  }

  private async record(organization: OrganizationId, action: string, endpoint: string, details: Readonly<Record<string, unknown>>): Promise<void> {
    try {
      await this.database.inOrganization(organization, (manager) => this.audit.record(manager, organization, SYSTEM, action, `endpoint:${endpoint}`, details));
    } catch (error) {
      this.log.error({ event: 'address.unrecorded', organization, endpoint, action, err: error, message: 'what became of an address could not be written to the audit log' });
    }
  }
}
