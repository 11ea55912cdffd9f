import type pg from 'pg';
import type { OrganizationId } from '../organization.js';

/** Whose tokens. */
export interface ConnectionPlace {
  readonly organization: OrganizationId;
  readonly endpoint: string;
}

/** Tokens as they are stored: sealed, and which of all that followed each other they are. */
export interface StoredTokens {
  readonly fingerprint: string;
  readonly version: number;
  readonly sealed: Buffer;
}

/** The newest tokens; null where there are none, or the target refused to renew them. */
export async function readTokens(pool: pg.Pool, { organization, endpoint }: ConnectionPlace): Promise<StoredTokens | null> {
  const { rows } = await pool.query<StoredTokens>('SELECT fingerprint, version, tokens AS sealed FROM endpoint_connection WHERE organization_id = $1 AND endpoint = $2 AND refused_at IS NULL', [organization, endpoint]);
  return rows[0] ?? null;
}

/** Begins with these tokens where there are none, or others' than these settings'; those that were renewed or refused since stay. */
export async function seedTokens(pool: pg.Pool, { organization, endpoint }: ConnectionPlace, fingerprint: string, sealed: Buffer): Promise<void> {
  await pool.query(
    `INSERT INTO endpoint_connection AS c (organization_id, endpoint, fingerprint, tokens, connected_by) VALUES ($1, $2, $3, $4, '')
     ON CONFLICT (organization_id, endpoint) DO UPDATE SET fingerprint = excluded.fingerprint, tokens = excluded.tokens, version = c.version + 1, connected_at = now(), connected_by = '',
       renewed_at = NULL, renewing_until = NULL, refused_at = NULL, refused_reason = NULL WHERE c.fingerprint <> excluded.fingerprint`, [organization, endpoint, fingerprint, sealed]);
}

const changes = async (pool: pg.Pool, statement: string, values: readonly unknown[]): Promise<boolean> => (await pool.query(statement, [...values])).rowCount === 1;

const OF_VERSION = 'WHERE organization_id = $1 AND endpoint = $2 AND version = $3 AND refused_at IS NULL';

/** Answers whether the caller may renew this version now: nobody else of all instances does, until the time is over. */
export const claimRenewal = (pool: pg.Pool, { organization, endpoint }: ConnectionPlace, version: number, leaseMs: number): Promise<boolean> =>
  changes(pool, `UPDATE endpoint_connection SET renewing_until = now() + $4::float8 * interval '1 millisecond' ${OF_VERSION} AND (renewing_until IS NULL OR renewing_until < now())`, [organization, endpoint, version, leaseMs]);

/** Puts renewed tokens in the place of this version. */
export const replaceTokens = (pool: pg.Pool, { organization, endpoint }: ConnectionPlace, version: number, sealed: Buffer): Promise<boolean> =>
  changes(pool, `UPDATE endpoint_connection SET tokens = $4, version = version + 1, renewed_at = now(), renewing_until = NULL ${OF_VERSION}`, [organization, endpoint, version, sealed]);

/** Lets others try. */
export const releaseRenewal = (pool: pg.Pool, { organization, endpoint }: ConnectionPlace, version: number): Promise<boolean> =>
  changes(pool, `UPDATE endpoint_connection SET renewing_until = NULL ${OF_VERSION}`, [organization, endpoint, version]);

/** The target does not take this version any more: nobody tries it again. */
export const refuseTokens = (pool: pg.Pool, { organization, endpoint }: ConnectionPlace, version: number, reason: string): Promise<boolean> =>
  changes(pool, `UPDATE endpoint_connection SET refused_at = now(), refused_reason = $4, renewing_until = NULL ${OF_VERSION}`, [organization, endpoint, version, reason]);
