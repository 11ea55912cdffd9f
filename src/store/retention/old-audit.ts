import type pg from 'pg';
import type { OrganizationId } from '../organization.js';

/** The newest entry before the first that is young enough: no entry is taken out of the middle, even where a clock was set back. */
const LAST_OLD = `SELECT e.seq::text AS seq, e.hash FROM audit_entry e WHERE e.organization_id = $1
  AND e.seq < coalesce((SELECT y.seq FROM audit_entry y WHERE y.organization_id = $1 AND y.at >= $2 ORDER BY y.seq LIMIT 1), 9223372036854775807) ORDER BY e.seq DESC LIMIT 1`;

/**
 * Forgets the entries of an organization's audit log that are older than an instant. The head of the log keeps where the rest begins and the hash
 * that it follows, so that its chain can be checked as before. Answers how many; the caller is in a transaction of the pipeline's role.
 */
export async function forgetAudit(client: pg.PoolClient, organization: OrganizationId, before: Date): Promise<number> {
  await client.query('SELECT 1 FROM audit_head WHERE organization_id = $1 FOR UPDATE', [organization]);
  const { rows } = await client.query<{ seq: string; hash: Buffer }>(LAST_OLD, [organization, before]);
  const last = rows[0];
  if (last === undefined) return 0;
  const { rowCount } = await client.query('DELETE FROM audit_entry WHERE organization_id = $1 AND seq <= $2', [organization, last.seq]);
  await client.query('UPDATE audit_head SET forgotten_seq = $2, forgotten_hash = $3 WHERE organization_id = $1', [organization, last.seq, last.hash]);
  return rowCount ?? 0;
}
