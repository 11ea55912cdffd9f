import type { EntityManager } from '../data-source.js';

/** What waits for an endpoint right now. */
export interface Waiting {
  readonly endpoint: string;
  /** Lanes that are ready, and deliveries that were given up or stopped; counting ends at 1,000 of each. */
  readonly lanes: number;
  readonly dead: number;
  readonly held: number;
  readonly retrying: number;
  readonly oldestAt: Date | null;
}

const MOST = 1_000;

/** Per endpoint what waits, from the small tables that hold only what waits. */
export function readWaiting(manager: EntityManager, organization: string, endpoints: readonly string[]): Promise<Waiting[]> {
  return manager.query<Waiting[]>(`SELECT e.endpoint, l.lanes, t.dead, t.held, t.retrying, least(l.oldest, t.oldest) AS "oldestAt"
      FROM unnest($2::text[]) e(endpoint)
      CROSS JOIN LATERAL (SELECT count(*)::int AS lanes, min(ready_at) AS oldest FROM (
        SELECT ready_at FROM ticket_link WHERE organization_id = $1 AND endpoint = e.endpoint AND ready_at < 'infinity' AND ready_at <= now() ORDER BY ready_at LIMIT ${MOST}) r) l
      LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE state = 'DEAD')::int AS dead, count(*) FILTER (WHERE state = 'HELD')::int AS held,
          count(*) FILTER (WHERE state = 'RETRYING')::int AS retrying, min(since) AS oldest FROM (
        SELECT state, since, endpoint FROM troubled_delivery WHERE organization_id = $1 ORDER BY state, delivery_id LIMIT ${MOST * 10}) w WHERE w.endpoint = e.endpoint) t ON true`, [organization, endpoints]);
}

/** A change that somebody made to a rule or an endpoint. */
export interface Change {
  readonly seq: string;
  readonly at: Date;
  readonly actorName: string;
  readonly action: string;
  readonly subject: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The latest changes of rules and endpoints, among the last few hundred entries of the audit log. */
export function readChanges(manager: EntityManager, organization: string, limit: number): Promise<Change[]> {
  return manager.query<Change[]>(`SELECT seq::text, at, actor_name AS "actorName", action, subject, details FROM (
        SELECT * FROM audit_entry WHERE organization_id = $1 ORDER BY seq DESC LIMIT 400) a
      WHERE action LIKE 'rule.%' OR action LIKE 'endpoint.%' ORDER BY a.seq DESC LIMIT $2`, [organization, limit]);
}

/** Ids of all endpoints of an organization. */
export async function readEndpointIds(manager: EntityManager, organization: string): Promise<string[]> {
  return (await manager.query<{ id: string }[]>(`SELECT id FROM endpoint WHERE organization_id = $1 ORDER BY id`, [organization])).map(({ id }) => id);
}
