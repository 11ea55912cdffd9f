import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';
import { ApiKeyRow } from './api-key.entity.js';

/** The API keys of one organization, in one transaction. */
export class ApiKeyStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  /** Keys by id, revoked ones included, from after `after`. */
  list(after: string | null, limit: number): Promise<ApiKeyRow[]> {
    const query = this.manager.createQueryBuilder(ApiKeyRow, 'key').where('key.organizationId = :organization', { organization: this.organization });
    if (after !== null) query.andWhere('key.id > :after', { after });
    return query.orderBy('key.id').limit(limit).getMany();
  }

  async create(key: Omit<ApiKeyRow, 'organizationId' | 'createdAt' | 'revokedAt' | 'lastUsedAt'>): Promise<ApiKeyRow> {
    const row = { ...key, organizationId: this.organization, createdAt: new Date(), revokedAt: null, lastUsedAt: null };
    await this.manager.insert(ApiKeyRow, row);
    return row;
  }

  /** Whether a key with this name was ever made. */
  exists(name: string): Promise<boolean> {
    return this.manager.existsBy(ApiKeyRow, { organizationId: this.organization, name });
  }

  /** Ends a key for good; the row stays, since the audit log names it. Null where there is none. */
  async revoke(id: string): Promise<ApiKeyRow | null> {
    const row = await this.manager.findOneBy(ApiKeyRow, { organizationId: this.organization, id });
    if (row !== null && row.revokedAt === null) {
      row.revokedAt = new Date();
      await this.manager.update(ApiKeyRow, { organizationId: this.organization, id }, { revokedAt: row.revokedAt });
    }
    return row;
  }

  /** Notes that a key was used, to the hour. */
  async noteUse(id: string): Promise<void> {
    await this.manager.query(`UPDATE api_key SET last_used_at = date_trunc('hour', now()) WHERE organization_id = $1 AND id = $2`, [this.organization, id]);
  }
}
