import type pg from 'pg';
import { organizationId, type OrganizationId } from '../organization.js';

/** A bulk operation that wants to be planned or worked on. */
export interface OpenBulk {
  readonly organization: OrganizationId;
  readonly id: string;
}

/** Most at once: each gets a batch in turn. */
const MOST = 20;

/** Operations of any organization with something to do, the one that waited longest first. `actions`: those that this process knows; a newer one may know more. */
export async function openBulks(pool: pg.Pool, actions: readonly string[]): Promise<OpenBulk[]> {
  const { rows } = await pool.query<{ organization: string; id: string }>({
    name: 'open-bulks', text: `SELECT organization_id AS organization, id FROM bulk_operation WHERE state IN ('PLANNING', 'RUNNING') AND action = ANY($1) ORDER BY updated_at LIMIT ${MOST}`, values: [actions],
  });
  return rows.map((row) => ({ organization: organizationId(row.organization), id: row.id }));
}
