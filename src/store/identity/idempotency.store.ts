import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';

/** What a key stands for: one caller's writes to one route. */
export interface RepeatScope {
  readonly principal: string;
  readonly route: string;
  readonly key: string;
}

/** How a claim of a key ended. */
export type RepeatClaim =
  | { readonly kind: 'first' }
  | { readonly kind: 'under-way'; readonly requestHash: Buffer }
  | { readonly kind: 'answered'; readonly requestHash: Buffer; readonly status: number; readonly answer: Buffer };

/** A claim whose process died is free again after this many seconds; no administrative write takes as long. */
const ABANDONED_AFTER_S = 120;

/** Answers to administrative writes of one organization, kept for repeats. Each call in a transaction of its own. */
export class IdempotencyStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  /** Takes the key for this request (`claim`), or tells what became of the earlier one. */
  async claim(scope: RepeatScope, requestHash: Buffer, claim: string): Promise<RepeatClaim> {
    const key = [this.organization, scope.principal, scope.route, scope.key];
    const taken = await this.manager.query<unknown[]>(
      `INSERT INTO api_idempotency AS i (organization_id, principal, route, key, request_hash, claim) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (organization_id, principal, route, key) DO UPDATE
         SET request_hash = excluded.request_hash, claim = excluded.claim, claimed_at = now(), created_at = now(), status = NULL, answer = NULL
         WHERE i.created_at < now() - interval '24 hours' OR (i.status IS NULL AND i.claimed_at < now() - interval '${ABANDONED_AFTER_S} seconds')
       RETURNING claim`, [...key, requestHash, claim]);
    if (taken.length > 0) return { kind: 'first' };
    const [row] = await this.manager.query<{ request_hash: Buffer; status: number | null; answer: Buffer | null }[]>(
      `SELECT request_hash, status, answer FROM api_idempotency WHERE organization_id = $1 AND principal = $2 AND route = $3 AND key = $4`, key);
    if (row === undefined) return { kind: 'under-way', requestHash }; // given back this moment: the next look takes it
    if (row.status === null) return { kind: 'under-way', requestHash: row.request_hash };
    return { kind: 'answered', requestHash: row.request_hash, status: row.status, answer: row.answer ?? Buffer.alloc(0) };
  }

  async answer(scope: RepeatScope, claim: string, status: number, answer: Buffer): Promise<void> {
    await this.manager.query(
      `UPDATE api_idempotency SET status = $6, answer = $7 WHERE organization_id = $1 AND principal = $2 AND route = $3 AND key = $4 AND claim = $5`,
      [this.organization, scope.principal, scope.route, scope.key, claim, status, answer]);
  }

  /** Gives the key back: the request failed in a way that may be tried again. */
  async release(scope: RepeatScope, claim: string): Promise<void> {
    await this.manager.query(
      `DELETE FROM api_idempotency WHERE organization_id = $1 AND principal = $2 AND route = $3 AND key = $4 AND claim = $5`,
      [this.organization, scope.principal, scope.route, scope.key, claim]);
  }

  /** Removes answers that are older than a day. */
  async sweep(): Promise<void> {
    await this.manager.query(`DELETE FROM api_idempotency WHERE organization_id = $1 AND created_at < now() - interval '24 hours'`, [this.organization]);
  }
}
