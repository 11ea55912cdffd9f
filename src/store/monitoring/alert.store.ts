import type pg from 'pg';
import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';
import { newId } from '../pipeline/uuid.js';

/** An alert as stored; over when `resolvedAt` is set. */
export interface AlertRow {
  readonly id: string;
  readonly organization: OrganizationId;
  readonly kind: string;
  readonly subject: string;
  readonly detail: string;
  readonly count: number;
  readonly since: Date;
  readonly raisedAt: Date;
  readonly resolvedAt: Date | null;
}

export type AlertChange = 'RAISED' | 'RESOLVED';

/** A piece of news that a route is still owed. */
export interface DueNotice {
  readonly id: string;
  readonly change: AlertChange;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly route: { readonly id: string; readonly organization: OrganizationId; readonly name: string; readonly kind: string; readonly target: Buffer };
  readonly alert: AlertRow;
}

type NewAlert = Pick<AlertRow, 'kind' | 'subject' | 'detail' | 'count' | 'since'> & { readonly organization: string };

/** Any fixed number: one process at a time looks for changes. */
const WATCH_LOCK = 7_270_541;

const ALERT = `a.id, a.organization_id AS organization, a.kind, a.subject, a.detail, a.count, a.since, a.raised_at AS "raisedAt", a.resolved_at AS "resolvedAt"`;

/** Whether this transaction is the one that looks now; until its end. */
export async function mayWatch(client: pg.PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS mine', [WATCH_LOCK]);
  return rows[0]?.mine === true;
}

export async function openAlerts(client: pg.PoolClient): Promise<AlertRow[]> {
  const { rows } = await client.query<AlertRow>(`SELECT ${ALERT} FROM alert a WHERE a.resolved_at IS NULL`);
  return rows;
}

/** Notices of a change for the routes that want its kind; ids of notices grow with time, so that a route hears the beginning before the end. */
const NOTIFY = `INSERT INTO alert_notice (organization_id, id, alert_id, route_id, change)
  SELECT r.organization_id, $3::uuid, $2, r.id, $4 FROM alert_route r
  WHERE r.organization_id = $1 AND r.id = $6 AND r.enabled AND r.verified_at IS NOT NULL AND (cardinality(r.alert_kinds) = 0 OR $5 = ANY (r.alert_kinds))`;

async function notify(client: pg.PoolClient, alert: { readonly id: string; readonly organization: string; readonly kind: string }, change: AlertChange): Promise<void> {
  const { rows } = await client.query<{ id: string }>('SELECT id FROM alert_route WHERE organization_id = $1', [alert.organization]);
  for (const route of rows) await client.query(NOTIFY, [alert.organization, alert.id, newId(), change, alert.kind, route.id]);
}

/** Stores a new alert and what its routes are to be told. One that is open already is left as it is. */
export async function raiseAlert(client: pg.PoolClient, alert: NewAlert): Promise<void> {
  const id = newId();
  const { rowCount } = await client.query(
    `INSERT INTO alert (organization_id, id, kind, subject, detail, count, since) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (organization_id, kind, subject) WHERE resolved_at IS NULL DO NOTHING`,
    [alert.organization, id, alert.kind, alert.subject, alert.detail.slice(0, 1_000), alert.count, alert.since]);
  if (rowCount === 1) await notify(client, { ...alert, id }, 'RAISED');
}

export async function resolveAlert(client: pg.PoolClient, alert: { readonly id: string; readonly organization: string; readonly kind: string }): Promise<void> {
  const { rowCount } = await client.query('UPDATE alert SET resolved_at = now() WHERE organization_id = $1 AND id = $2 AND resolved_at IS NULL', [alert.organization, alert.id]);
  if (rowCount === 1) await notify(client, alert, 'RESOLVED');
}

/** What an open alert says now: nobody is told, but whoever looks sees the present count. */
export async function refreshAlert(client: pg.PoolClient, { id, organization, detail, count }: Pick<AlertRow, 'id' | 'organization' | 'detail' | 'count'>): Promise<void> {
  await client.query('UPDATE alert SET detail = $3, count = $4 WHERE organization_id = $1 AND id = $2 AND (detail <> $3 OR count <> $4)', [organization, id, detail.slice(0, 1_000), count]);
}

/**
 * Takes what is due, at most one per route and the oldest first, for `leaseMs`: who dies with one in hand has it sent again by another.
 */
export async function takeNotices(pool: pg.Pool, most: number, leaseMs: number): Promise<DueNotice[]> {
  type Row = AlertRow & { noticeId: string; change: AlertChange; attempts: number; createdAt: Date; routeId: string; name: string; routeKind: string; target: Buffer };
  const { rows } = await pool.query<Row>(
    `WITH due AS (SELECT n.id FROM alert_route r
        CROSS JOIN LATERAL (SELECT id, next_at FROM alert_notice w WHERE w.route_id = r.id AND w.state = 'WAITING' ORDER BY w.id LIMIT 1) n
        WHERE n.next_at <= now() LIMIT $1),
     taken AS (UPDATE alert_notice w SET next_at = now() + $2 * interval '1 millisecond', attempts = attempts + 1
        FROM due WHERE w.id = due.id AND w.state = 'WAITING' AND w.next_at <= now() RETURNING w.*)
     SELECT t.id AS "noticeId", t.change, t.attempts, t.created_at AS "createdAt", r.id AS "routeId", r.name, r.kind AS "routeKind", r.target, ${ALERT}
     FROM taken t JOIN alert_route r ON r.id = t.route_id JOIN alert a ON a.id = t.alert_id`, [most, leaseMs]);
  return rows.map(({ noticeId, change, attempts, createdAt, routeId, name, routeKind, target, ...alert }) => {
    return { id: noticeId, change, attempts, createdAt, route: { id: routeId, organization: alert.organization, name, kind: routeKind, target }, alert };
  });
}

/** Writes how sending went. `retryMs`: when to try again; null: it was sent, or (with an error) is given up. */
export async function settleNotice(pool: pg.Pool, { id, route }: DueNotice, error: string | null, retryMs: number | null): Promise<void> {
  const state = retryMs !== null ? 'WAITING' : error === null ? 'SENT' : 'GIVEN_UP';
  await pool.query(
    `WITH n AS (UPDATE alert_notice SET state = $2, error = $3, next_at = now() + coalesce($4::int8, 0) * interval '1 millisecond' WHERE id = $1)
     UPDATE alert_route SET last_error = $3, last_sent_at = CASE WHEN $3::text IS NULL THEN now() ELSE last_sent_at END WHERE organization_id = $5 AND id = $6`,
    [id, state, error?.slice(0, 500) ?? null, retryMs, route.organization, route.id]);
}

/** Forgets what has long been told. Returns how many alerts. */
export async function forgetAlerts(pool: pg.Pool, olderThanDays: number): Promise<number> {
  const { rowCount } = await pool.query(
    `WITH gone AS (DELETE FROM alert WHERE resolved_at < now() - $1 * interval '1 day' RETURNING id) DELETE FROM alert_notice WHERE alert_id IN (SELECT id FROM gone)`, [olderThanDays]);
  return rowCount ?? 0;
}

/** The alerts of one organization, in one transaction. */
export class AlertStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  /** Newest first, from before `before`; only open ones if asked. */
  newestFirst(before: string | null, onlyOpen: boolean, limit: number): Promise<AlertRow[]> {
    return this.manager.query<AlertRow[]>(
      `SELECT ${ALERT} FROM alert a WHERE a.organization_id = $1 AND ($2::uuid IS NULL OR a.id < $2) AND (NOT $3 OR a.resolved_at IS NULL) ORDER BY a.id DESC LIMIT $4`,
      [this.organization, before, onlyOpen, limit]);
  }
}
