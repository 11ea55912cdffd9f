import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';

/** A request that was refused after its sender was known. */
export interface Refusal {
  readonly id: string;
  readonly endpoint: string;
  readonly entityType: string;
  readonly status: number;
  /** Stable; empty where it was refused before codes were kept. */
  readonly code: string;
  readonly reason: string;
  readonly address: string;
  readonly contentType: string;
  /** Bytes of its body that were kept, and that it had. */
  readonly bytes: number;
  readonly size: number;
}

/** With what only its own page shows. */
export interface RefusalDetail extends Refusal {
  /** JSON, as it was kept: no secret is in it. */
  readonly headers: string;
  readonly body: Buffer;
}

const COLUMNS = `id, endpoint, entity_type AS "entityType", status, code, reason, address, content_type AS "contentType", length(body) AS bytes, greatest(size, length(body)) AS size`;

/** The refused requests of one organization's endpoints, newest first. */
export class RefusalStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  /** At most `most` that came before the one of this id (null: the newest); of one endpoint, or of all. */
  list(endpoint: string | null, { before, most }: { readonly before: string | null; readonly most: number }): Promise<Refusal[]> {
    const ofEndpoint = endpoint === null ? '' : ' AND endpoint = $4';
    return this.manager.query<Refusal[]>(
      `SELECT ${COLUMNS} FROM rejected_request WHERE organization_id = $1 AND ($2::uuid IS NULL OR id < $2::uuid)${ofEndpoint} ORDER BY id DESC LIMIT $3`,
      [this.organization, before, most, ...(endpoint === null ? [] : [endpoint])]);
  }

  async find(id: string): Promise<RefusalDetail | null> {
    return (await this.manager.query<RefusalDetail[]>(`SELECT ${COLUMNS}, headers, body FROM rejected_request WHERE organization_id = $1 AND id = $2`, [this.organization, id]))[0] ?? null;
  }
}
