import type pg from 'pg';
import type { OrganizationId } from '../organization.js';

/** An endpoint as the pipeline loads it; secrets still sealed. */
export interface StoredEndpoint {
  readonly id: string;
  readonly name: string;
  readonly adapter: string;
  readonly status: 'ACTIVE' | 'SUSPENDED';
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets: Buffer | null;
  readonly entityTypes: readonly unknown[];
  /** Windows as the document says them. */
  readonly maintenance: readonly unknown[];
  readonly version: number;
  readonly changedAt: Date;
}

/** All endpoints of an organization. Reads as the pipeline, so the organization is named. */
export async function readEndpoints(organization: OrganizationId, worker: pg.Pool): Promise<readonly StoredEndpoint[]> {
  const { rows } = await worker.query<StoredEndpoint>(
    `SELECT id, name, adapter, status, settings, secrets, entity_types AS "entityTypes", maintenance, version, updated_at AS "changedAt" FROM endpoint WHERE organization_id = $1 ORDER BY id`, [organization]);
  return rows;
}
