import { Injectable } from '@nestjs/common';
import { AuditLog, type Principal } from '../../identity/index.js';
import { Database } from '../../store/database.js';
import { BouncedAddressStore } from '../../store/endpoint/bounced-address.store.js';
import type { OrganizationId } from '../../store/organization.js';
import { Problem } from '../../web/index.js';
import { EndpointService } from '../endpoint/endpoint.service.js';
import type { SuppressedAddressesDto } from './suppressed-address.dto.js';

const PAGE = 100;

/** Addresses to which endpoints send nothing any more: shown, and sent to again. */
@Injectable()
export class SuppressedAddresses {
  constructor(private readonly database: Database, private readonly endpoints: EndpointService, private readonly audit: AuditLog) {}

  /** A page in alphabetical order. */
  async list(organization: OrganizationId, endpoint: string, after: string): Promise<SuppressedAddressesDto> {
    await this.endpoints.read(organization, (change) => change.existing(endpoint));
    const found = await this.database.inOrganization(organization, (manager) => new BouncedAddressStore(organization, manager).suppressed(endpoint, { after, most: PAGE + 1 }));
    const items = found.slice(0, PAGE);
    return {
      items: items.map((one) => ({ ...one, firstAt: one.firstAt.toISOString(), lastAt: one.lastAt.toISOString(), suppressedAt: one.suppressedAt.toISOString() })),
      next: found.length > PAGE ? items.at(-1)!.address : null,
    };
  }

  async lift(by: Principal, endpoint: string, address: string): Promise<void> {
    const { organization } = by;
    await this.endpoints.read(organization, (change) => change.existing(endpoint));
    await this.database.inOrganization(organization, async (manager) => {
      if (!(await new BouncedAddressStore(organization, manager).lift(endpoint, address.toLowerCase()))) throw Problem.missing(`suppressed address "${address}" of the endpoint "${endpoint}"`);
      await this.audit.record(manager, organization, by, 'endpoint.lift-address', `endpoint:${endpoint}`, { address: address.toLowerCase() });
    });
  }
}
