import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';

/** A request that was refused after its sender was known. */
export interface Refusal {
  readonly id: string;
  readonly entityType: string;
  readonly status: number;
  readonly reason: string;
  readonly contentType: string;
  /** Bytes of its body that were kept. */
  readonly bytes: number;
}

/** The refused requests of one organization's endpoints, newest first. */
export class RefusalStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  /** At most `most` that came before the one of this id (null: the newest). */
  async list(endpoint: string, { before, most }: { readonly before: string | null; readonly most: number }): Promise<Refusal[]> {
    return this.manager.query<Refusal[]>(
      `SELECT id, entity_type AS "entityType", status, reason, content_type AS "contentType", length(body) AS bytes FROM rejected_request
       WHERE organization_id = $1 AND endpoint = $2 AND ($3::uuid IS NULL OR id < $3::uuid) ORDER BY id DESC LIMIT $4`, [this.organization, endpoint, before, most]);
  }
}
