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

/** Messages of the last moments alone are looked at, by their ids: nothing but the primary key leads from a request to its messages. A request without any may be read all the same. */
const PROGRESS = `SELECT m.raw_id::text, m.state, d.id::text, json_build_object('endpoint', d.endpoint, 'entityType', d.entity_type, 'operation', d.operation, 'state', d.state, 'ticketId', coalesce(d.ticket_id, t.ticket_id), 'error', d.error)
FROM message m LEFT JOIN delivery d ON d.conversation_id = m.conversation_id AND d.message_id = m.id AND d.organization_id = m.organization_id
LEFT JOIN ticket_link t ON t.conversation_id = d.conversation_id AND t.endpoint = d.endpoint AND t.entity_type = d.entity_key
WHERE m.organization_id = $1::uuid AND m.id >= $3::uuid AND m.raw_id = ANY ($2::uuid[])
UNION ALL SELECT x.id::text, NULL, NULL, NULL FROM unnest($2::uuid[]) u(id) JOIN raw_request x ON x.id = u.id JOIN receive_lane l ON l.organization_id = x.organization_id AND l.endpoint = x.endpoint
WHERE x.seq <= l.done_seq AND NOT EXISTS (SELECT FROM incomplete_request i WHERE i.id = x.id)`;

type Row = [request: string, state: string | null, delivery: string | null, fate: DeliveryFate | null];

/** How far requests of one organization are, which came at most as long ago as somebody waits for an answer. Those of which nothing is known yet are not in it. */
export async function progressOf(pool: pg.Pool, organization: OrganizationId, requests: readonly string[]): Promise<RequestProgress[]> {
  const since = uuidFloor(Math.min(...requests.map(uuidTimeMs)) - SKEW_MS);
  const rows = await run<Row>(pool, 'request-progress', PROGRESS, [organization, uuids(requests), since]);
  return [...Map.groupBy(rows, ([request]) => request)].map(([request, its]) => ({
    request, isRouted: its.every(([, state]) => state !== 'RECEIVED'),
    deliveries: its.filter(([, , id]) => id !== null).sort(([, , one], [, , other]) => (one! < other! ? -1 : 1)).map(([, , , fate]) => fate!),
  }));
}
