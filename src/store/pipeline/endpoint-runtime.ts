import type pg from 'pg';
import type { OrganizationId } from '../organization.js';
import { instants, int4s, texts, uuids } from './binary-array.js';
import { run } from './statement.js';

/** An endpoint that is not sent to until somebody looks. */
export interface PausedEndpoint {
  readonly organization: OrganizationId;
  readonly endpoint: string;
  readonly reason: string;
}

export async function pausedEndpoints(pool: pg.Pool): Promise<PausedEndpoint[]> {
  const { rows } = await pool.query<PausedEndpoint>({
    name: 'paused-endpoints', text: `SELECT organization_id::text AS organization, endpoint, paused_reason AS reason FROM endpoint_runtime WHERE paused_reason IS NOT NULL`,
  });
  return rows;
}

/** Answers whether it was not paused before. */
export async function pauseEndpoint(pool: pg.Pool, { organization, endpoint, reason }: PausedEndpoint): Promise<boolean> {
  const { rowCount } = await pool.query(
    `INSERT INTO endpoint_runtime AS r (organization_id, endpoint, paused_reason, paused_at) VALUES ($1, $2, $3, now())
     ON CONFLICT (organization_id, endpoint) DO UPDATE SET paused_reason = excluded.paused_reason, paused_at = now() WHERE r.paused_reason IS NULL`,
    [organization, endpoint, reason]);
  return rowCount === 1;
}

/** Answers whether it was paused. */
export async function unpauseEndpoint(pool: pg.Pool, organization: OrganizationId, endpoint: string): Promise<boolean> {
  const { rowCount } = await pool.query(`UPDATE endpoint_runtime SET paused_reason = NULL, paused_at = NULL WHERE organization_id = $1 AND endpoint = $2 AND paused_reason IS NOT NULL`, [organization, endpoint]);
  return rowCount === 1;
}

/** How calls to an endpoint went since the last write. Instants in milliseconds. */
export interface EndpointHealthRow {
  readonly organization: string;
  readonly endpoint: string;
  readonly lastSuccessMs: number | null;
  readonly lastFailureMs: number | null;
  readonly lastError: string | null;
  readonly failuresInRow: number;
}

const WRITE_HEALTH = `INSERT INTO endpoint_runtime AS r (organization_id, endpoint, last_success_at, last_failure_at, last_error, failures_in_row)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::int4[]) u(org, ep) ORDER BY org, ep COLLATE "C"
ON CONFLICT (organization_id, endpoint) DO UPDATE SET
  last_success_at = coalesce(excluded.last_success_at, r.last_success_at), last_failure_at = coalesce(excluded.last_failure_at, r.last_failure_at),
  last_error = coalesce(excluded.last_error, r.last_error), failures_in_row = excluded.failures_in_row`;

/** Shows how endpoints are doing; several instances write the same rows, the last one that called knows best. */
export async function writeHealth(pool: pg.Pool, rows: readonly EndpointHealthRow[]): Promise<void> {
  await run(pool, 'write-health', WRITE_HEALTH, [
    uuids(rows.map((r) => r.organization)), texts(rows.map((r) => r.endpoint)), instants(rows.map((r) => r.lastSuccessMs)),
    instants(rows.map((r) => r.lastFailureMs)), texts(rows.map((r) => r.lastError)), int4s(rows.map((r) => r.failuresInRow)),
  ]);
}
