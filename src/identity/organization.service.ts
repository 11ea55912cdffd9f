import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '../store/database.js';
import { GateStore } from '../store/identity/gate.store.js';
import { MembershipStore } from '../store/identity/membership.store.js';
import { OrganizationStore } from '../store/identity/organization.store.js';
import { organizationId } from '../store/organization.js';
import { Problem, isUniqueViolation } from '../web/index.js';
import { AuditLog } from './audit-log.js';
import type { OrganizationBody } from './organization.dto.js';
import type { Principal } from './principal.js';
import type { OrganizationView } from './session.dto.js';

/** The organizations of this installation, as far as someone belongs to them. */
@Injectable()
export class OrganizationService {
  private readonly gate: GateStore;

  constructor(private readonly database: Database, private readonly audit: AuditLog) {
    this.gate = new GateStore(database.gate);
  }

  /** The organizations of a person; of a key, its own. */
  async list(principal: Principal): Promise<OrganizationView[]> {
    if (principal.kind === 'person') {
      return (await this.gate.memberships(principal.id)).filter(({ organization }) => principal.isBound !== true || organization === principal.organization).map((one) => ({ id: one.organization, slug: one.slug, name: one.name, role: one.role }));
    }
    const own = await new OrganizationStore(this.database.app.manager).byId(principal.organization);
    return own === null ? [] : [{ id: own.id, slug: own.slug, name: own.name, role: 'integrator' }];
  }

  /** Makes an organization; who makes it becomes its administrator. */
  async create(principal: Principal, body: OrganizationBody): Promise<OrganizationView> {
    if (principal.kind !== 'person') throw Problem.denied('person-needed', 'An organization needs an administrator; sign in as a person to make one.');
    const id = organizationId(randomUUID());
    try {
      await this.database.inOrganization(id, async (manager) => {
        await new OrganizationStore(manager).create({ id, slug: body.slug, name: body.name });
        await new MembershipStore(id, manager).add(principal.id, 'administrator');
        await this.audit.record(manager, id, principal, 'organization.create', `organization:${id}`, { slug: body.slug, name: body.name });
      });
    } catch (error) {
      if (isUniqueViolation(error)) throw Problem.conflict('organization-exists', 'This slug is taken.');
      throw error;
    }
    return { id, slug: body.slug, name: body.name, role: 'administrator' };
  }
}
