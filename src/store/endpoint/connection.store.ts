import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';

/** What is known of how an endpoint is connected, without its tokens. */
export interface ConnectionState {
  readonly fingerprint: string;
  readonly connectedAt: Date;
  readonly connectedBy: string;
  readonly renewedAt: Date | null;
  readonly refusedAt: Date | null;
  readonly refusedReason: string | null;
}

/** Somebody on the way to the target; the verifier sealed. */
export interface ConsentRow {
  readonly stateHash: Buffer;
  readonly endpoint: string;
  readonly person: string;
  readonly session: string;
  readonly fingerprint: string;
  readonly verifier: Buffer;
  readonly redirectUri: string;
}

const STATE = `fingerprint, connected_at AS "connectedAt", connected_by AS "connectedBy", renewed_at AS "renewedAt", refused_at AS "refusedAt", refused_reason AS "refusedReason"`;

/** Connections of one organization's endpoints, in one transaction: who made them, and who is about to. */
export class ConnectionStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  async find(endpoint: string): Promise<ConnectionState | null> {
    const [row] = await this.manager.query<ConnectionState[]>(`SELECT ${STATE} FROM endpoint_connection WHERE organization_id = $1 AND endpoint = $2`, [this.organization, endpoint]);
    return row ?? null;
  }

  /** Puts new tokens in the place of any before; whoever is about to renew those finds another version. */
  async save(endpoint: string, { fingerprint, tokens, by }: { readonly fingerprint: string; readonly tokens: Buffer; readonly by: string }): Promise<void> {
    await this.manager.query(
      `INSERT INTO endpoint_connection AS c (organization_id, endpoint, fingerprint, tokens, connected_by) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (organization_id, endpoint) DO UPDATE SET fingerprint = excluded.fingerprint, tokens = excluded.tokens, version = c.version + 1, connected_at = now(), connected_by = excluded.connected_by,
         renewed_at = NULL, renewing_until = NULL, refused_at = NULL, refused_reason = NULL`,
      [this.organization, endpoint, fingerprint, tokens, by]);
  }

  /** Answers whether there was one. */
  async remove(endpoint: string): Promise<boolean> {
    const [, count] = await this.manager.query<[unknown[], number]>('DELETE FROM endpoint_connection WHERE organization_id = $1 AND endpoint = $2', [this.organization, endpoint]);
    return count > 0;
  }

  /** Remembers who is on the way; forgets those who did not come back in time. */
  async begin(row: ConsentRow, lifetimeMs: number): Promise<void> {
    await this.manager.query(`DELETE FROM endpoint_consent WHERE organization_id = $1 AND begun_at < now() - $2::float8 * interval '1 millisecond'`, [this.organization, lifetimeMs]);
    await this.manager.query(
      'INSERT INTO endpoint_consent (organization_id, state_hash, endpoint, person_id, session_id, fingerprint, verifier, redirect_uri) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
      [this.organization, row.stateHash, row.endpoint, row.person, row.session, row.fingerprint, row.verifier, row.redirectUri]);
  }

  /** Takes what was begun, this once; null where this session did not begin it, it came back before, or too late. */
  async take({ stateHash, endpoint, person, session }: Pick<ConsentRow, 'stateHash' | 'endpoint' | 'person' | 'session'>, lifetimeMs: number): Promise<Pick<ConsentRow, 'fingerprint' | 'verifier' | 'redirectUri'> | null> {
    const [rows] = await this.manager.query<[Pick<ConsentRow, 'fingerprint' | 'verifier' | 'redirectUri'>[], number]>(
      `DELETE FROM endpoint_consent WHERE organization_id = $1 AND state_hash = $2 AND endpoint = $3 AND person_id = $4 AND session_id = $5 AND begun_at >= now() - $6::float8 * interval '1 millisecond'
       RETURNING fingerprint, verifier, redirect_uri AS "redirectUri"`, [this.organization, stateHash, endpoint, person, session, lifetimeMs]);
    return rows[0] ?? null;
  }
}
