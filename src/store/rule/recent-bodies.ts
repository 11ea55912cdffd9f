import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';

/** What one message said: canonical JSON; `kind` 1 is an answer. */
export interface RecentBody {
  readonly entityType: string;
  readonly kind: number;
  readonly body: Buffer;
}

/** Messages of any source that are looked through, and those of the wanted one that are read. */
const LOOKED = 2_000;
const READ = 25;

/** The newest messages of an endpoint, newest first, of which something is still kept. */
export function readRecentBodies(manager: EntityManager, organization: OrganizationId, endpoint: string): Promise<RecentBody[]> {
  return manager.query<RecentBody[]>(
    `SELECT m.entity_type AS "entityType", m.kind, coalesce(m.body, r.body) AS body
     FROM (SELECT * FROM message WHERE organization_id = $1 ORDER BY id DESC LIMIT ${String(LOOKED)}) m
     LEFT JOIN raw_request r ON m.body IS NULL AND r.id = m.raw_id AND r.organization_id = m.organization_id
     WHERE m.endpoint = $2 AND coalesce(m.body, r.body) IS NOT NULL ORDER BY m.id DESC LIMIT ${String(READ)}`,
    [organization, endpoint]);
}
