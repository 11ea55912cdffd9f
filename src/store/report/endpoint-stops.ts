import type pg from 'pg';

/** Why an endpoint is not sent to. */
export type StopCause = 'suspended' | 'maintenance' | 'credentials' | 'circuit';

/** What an endpoint that may stand still is doing, and what was known of it. */
export interface RestingEndpoint {
  readonly organization: string;
  readonly endpoint: string;
  readonly isSuspended: boolean;
  readonly isPaused: boolean;
  readonly isOpen: boolean;
  /** Maintenance windows, as its document says them. */
  readonly windows: readonly unknown[];
  /** The stop that is written down as not over. */
  readonly known: StopCause | null;
}

/** Any fixed number: one process at a time looks. */
const LOOK_LOCK = 7_270_544;

/** Endpoints that may stand still, or did so when somebody looked last; and the database's clock. Null where another process looks. */
export async function restingEndpoints(client: pg.PoolClient): Promise<{ readonly nowMs: number; readonly endpoints: readonly RestingEndpoint[] } | null> {
  const { rows: [lock] } = await client.query<{ mine: boolean; nowMs: number }>('SELECT pg_try_advisory_xact_lock($1) AS mine, (extract(epoch FROM now()) * 1000)::float8 AS "nowMs"', [LOOK_LOCK]);
  if (lock?.mine !== true) return null;
  const { rows } = await client.query<RestingEndpoint>(
    `SELECT e.organization_id::text AS organization, e.id AS endpoint, e.status = 'SUSPENDED' AS "isSuspended", r.paused_reason IS NOT NULL AS "isPaused", coalesce(r.circuit, 'closed') <> 'closed' AS "isOpen", e.maintenance AS windows, s.cause AS known
     FROM endpoint e LEFT JOIN endpoint_runtime r ON r.organization_id = e.organization_id AND r.endpoint = e.id
     LEFT JOIN endpoint_stop s ON s.organization_id = e.organization_id AND s.endpoint = e.id AND s.until_at IS NULL
     WHERE e.status = 'SUSPENDED' OR r.paused_reason IS NOT NULL OR r.circuit <> 'closed' OR json_array_length(e.maintenance) > 0 OR s.cause IS NOT NULL`);
  return { nowMs: lock.nowMs, endpoints: rows };
}

/** Ends the stop that is written down, if any, and begins another one where `cause` says so. */
export async function writeStop(client: pg.PoolClient, { organization, endpoint }: Pick<RestingEndpoint, 'organization' | 'endpoint'>, cause: StopCause | null): Promise<void> {
  await client.query('UPDATE endpoint_stop SET until_at = now() WHERE organization_id = $1 AND endpoint = $2 AND until_at IS NULL', [organization, endpoint]);
  if (cause !== null) await client.query('INSERT INTO endpoint_stop (organization_id, endpoint, cause, from_at) VALUES ($1, $2, $3, now())', [organization, endpoint, cause]);
}

/** Of endpoints that were removed, what is not over is over now. */
export async function endStopsOfRemoved(client: pg.PoolClient): Promise<void> {
  await client.query('UPDATE endpoint_stop s SET until_at = now() WHERE s.until_at IS NULL AND NOT EXISTS (SELECT FROM endpoint e WHERE e.organization_id = s.organization_id AND e.id = s.endpoint)');
}
