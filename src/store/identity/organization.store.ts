import type { EntityManager } from 'typeorm';
import { organizationId, type OrganizationId } from '../organization.js';
import { OrganizationRow } from './organization.entity.js';

/** The organizations of the installation. */
export class OrganizationStore {
  constructor(private readonly manager: EntityManager) {}

  async bySlug(slug: string): Promise<OrganizationId | null> {
    const found = await this.manager.findOneBy(OrganizationRow, { slug });
    return found === null ? null : organizationId(found.id);
  }

  byId(id: OrganizationId): Promise<OrganizationRow | null> {
    return this.manager.findOneBy(OrganizationRow, { id });
  }

  async all(): Promise<OrganizationId[]> {
    return (await this.manager.find(OrganizationRow, { select: { id: true }, order: { slug: 'ASC' } })).map(({ id }) => organizationId(id));
  }

  async create(organization: Pick<OrganizationRow, 'id' | 'slug' | 'name'>): Promise<void> {
    await this.manager.insert(OrganizationRow, { ...organization, createdAt: new Date() });
  }

  /** Makes the organization's rows visible for the rest of this transaction: for the one that has just made it. */
  async enter(organization: OrganizationId): Promise<void> {
    await this.manager.query(`SELECT set_config('parley.organization', $1, true)`, [organization]);
  }
}
