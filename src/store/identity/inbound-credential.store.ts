import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';

export type InboundCredentialKind = 'basic' | 'bearer' | 'url';

export interface InboundCredential {
  readonly kind: InboundCredentialKind;
  readonly label: string;
  /** HMAC-SHA-256 of the secret under the installation key. */
  readonly hash: Buffer;
  readonly createdAt: Date;
}

/** The inbound credentials of one organization's endpoints, in one transaction. */
export class InboundCredentialStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  list(endpoint: string): Promise<InboundCredential[]> {
    return this.manager.query<InboundCredential[]>(
      `SELECT kind, label, hash, created_at AS "createdAt" FROM inbound_credential WHERE organization_id = $1 AND endpoint = $2 ORDER BY created_at, hash`,
      [this.organization, endpoint]);
  }

  /** Adds a credential; the same secret again changes nothing. Answers whether it was new. */
  async add(endpoint: string, kind: InboundCredentialKind, label: string, hash: Buffer): Promise<boolean> {
    const rows = await this.manager.query<unknown[]>(
      `INSERT INTO inbound_credential (organization_id, endpoint, hash, kind, label) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING endpoint`,
      [this.organization, endpoint, hash, kind, label]);
    return rows.length > 0;
  }

  async remove(endpoint: string, hash: Buffer): Promise<void> {
    await this.manager.query('DELETE FROM inbound_credential WHERE organization_id = $1 AND endpoint = $2 AND hash = $3', [this.organization, endpoint, hash]);
  }

  async removeAll(endpoint: string): Promise<void> {
    await this.manager.query('DELETE FROM inbound_credential WHERE organization_id = $1 AND endpoint = $2', [this.organization, endpoint]);
  }
}
