import type pg from 'pg';
import type { OrganizationId } from '../organization.js';
import { uuids } from './binary-array.js';
import { run } from './statement.js';
import { uuidFloor, uuidTimeMs } from './uuid.js';

/** What one delivery of a request came to, as far as that is known. */
export interface DeliveryFate {
  readonly endpoint: string;
  readonly entityType: string;
  readonly operation: string;
  readonly state: string;
  readonly ticketId: string | null;
  readonly error: string | null;
}

/** How far a request is. `isRouted`: nothing comes after these deliveries any more, unless a rule waits. */
export interface RequestProgress {
  readonly request: string;
  readonly isRouted: boolean;
  readonly deliveries: readonly DeliveryFate[];
}

/** Clocks of instances that read requests may be behind those that took them. */
const SKEW_MS = 10_000;

/** Messages of the last moments alone are looked at, by their ids: nothing but the primary key leads from a request to its messages. */
const PROGRESS = `WITH r AS MATERIALIZED (SELECT u.id FROM unnest($2::uuid[]) u(id)),
m AS MATERIALIZED (SELECT m.raw_id, m.id, m.state, m.conversation_id FROM message m WHERE m.organization_id = $1::uuid AND m.id >= $3::uuid AND m.raw_id = ANY ($2::uuid[])),
d AS MATERIALIZED (SELECT m.raw_id, d.id, d.endpoint, d.entity_type, d.operation, d.state, d.error, coalesce(d.ticket_id, t.ticket_id) AS ticket_id
  FROM m JOIN delivery d ON d.conversation_id = m.conversation_id AND d.message_id = m.id AND d.organization_id = $1::uuid
  LEFT JOIN ticket_link t ON t.conversation_id = d.conversation_id AND t.endpoint = d.endpoint AND t.entity_type = d.entity_key)
SELECT r.id::text,
  CASE WHEN EXISTS (SELECT FROM m WHERE m.raw_id = r.id) THEN NOT EXISTS (SELECT FROM m WHERE m.raw_id = r.id AND m.state = 'RECEIVED')
    ELSE EXISTS (SELECT FROM raw_request x JOIN receive_lane l ON l.organization_id = x.organization_id AND l.endpoint = x.endpoint WHERE x.id = r.id AND x.seq <= l.done_seq)
      AND NOT EXISTS (SELECT FROM incomplete_request i WHERE i.id = r.id) END,
  coalesce((SELECT json_agg(json_build_object('endpoint', d.endpoint, 'entityType', d.entity_type, 'operation', d.operation, 'state', d.state, 'ticketId', d.ticket_id, 'error', d.error) ORDER BY d.id) FROM d WHERE d.raw_id = r.id), '[]')
FROM r`;

/** How far requests of one organization are, which came at most as long ago as somebody waits for an answer. */
export async function progressOf(pool: pg.Pool, organization: OrganizationId, requests: readonly string[]): Promise<RequestProgress[]> {
  const since = uuidFloor(Math.min(...requests.map(uuidTimeMs)) - SKEW_MS);
  const rows = await run<[string, boolean, DeliveryFate[]]>(pool, 'request-progress', PROGRESS, [organization, uuids(requests), since]);
  return rows.map(([request, isRouted, deliveries]) => ({ request, isRouted, deliveries }));
}
