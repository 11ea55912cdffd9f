import type pg from 'pg';
import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';

/**
 * Raises the organization's configuration revision: the first statement of every transaction that changes rules or endpoints.
 * Its row lock makes such transactions wait for each other, so that none decides on what another is about to change.
 */
export async function raiseRevision(manager: EntityManager, organization: OrganizationId): Promise<void> {
  await manager.query(
    `INSERT INTO configuration_revision (organization_id) VALUES ($1)
     ON CONFLICT (organization_id) DO UPDATE SET revision = configuration_revision.revision + 1, changed_at = now()`, [organization]);
}

/** The revision of every organization that has rules or endpoints. One small read: it is asked each second. */
export async function readRevisions(worker: pg.Pool): Promise<ReadonlyMap<OrganizationId, string>> {
  const { rows } = await worker.query<{ organization_id: OrganizationId; revision: string }>('SELECT organization_id, revision FROM configuration_revision');
  return new Map(rows.map((row) => [row.organization_id, row.revision]));
}
