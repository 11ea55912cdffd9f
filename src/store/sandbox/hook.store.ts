import type pg from 'pg';
import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';
import type { HookRow } from './sandbox-row.js';

const HOOK = `organization_id AS organization, sandbox, ticket, seq::text AS seq, id, event, state, attempts, due_at AS "dueAt", last_error AS "lastError", created_at AS "createdAt", ended_at AS "endedAt"`;

/** A webhook that was claimed to be sent, with what is needed for that. */
export interface ClaimedHook extends HookRow {
  readonly body: Buffer;
  readonly webhookUrl: string | null;
  /** Sealed. */
  readonly webhookSecret: Buffer | null;
}

/** Puts a webhook behind those of its ticket. Called with the ticket's row locked. */
export async function addHook(manager: EntityManager, organization: OrganizationId, hook: { readonly sandbox: string; readonly ticket: string; readonly id: string; readonly event: string; readonly body: Uint8Array; readonly delayMs: number }): Promise<void> {
  await manager.query(
    `WITH place AS (UPDATE sandbox_ticket SET hook_seq = hook_seq + 1 WHERE organization_id = $1 AND sandbox = $2 AND id = $3 RETURNING hook_seq)
     INSERT INTO sandbox_hook (organization_id, sandbox, ticket, seq, id, event, body, due_at)
     SELECT $1, $2, $3, hook_seq, $4, $5, $6, clock_timestamp() + $7 * interval '1 millisecond' FROM place`,
    [organization, hook.sandbox, hook.ticket, hook.id, hook.event, hook.body, hook.delayMs]);
}

/** Newest first. */
export function listHooks(manager: EntityManager, organization: OrganizationId, { sandbox, ticket, limit }: { readonly sandbox: string; readonly ticket: string | null; readonly limit: number }): Promise<HookRow[]> {
  return manager.query(
    `SELECT ${HOOK} FROM sandbox_hook WHERE organization_id = $1 AND sandbox = $2 AND ($3::text IS NULL OR ticket = $3) ORDER BY created_at DESC, seq DESC LIMIT $4`, [organization, sandbox, ticket, limit]);
}

/** Sends everything that waits or was given up at once again. */
export async function hurryHooks(manager: EntityManager, organization: OrganizationId, sandbox: string): Promise<void> {
  await manager.query(
    `UPDATE sandbox_hook SET state = 'waiting', due_at = clock_timestamp(), attempts = CASE WHEN state = 'dead' THEN 0 ELSE attempts END, ended_at = NULL
     WHERE organization_id = $1 AND sandbox = $2 AND state <> 'sent'`, [organization, sandbox]);
}

/**
 * Claims webhooks that are due: of each ticket only the first waiting one, so that they arrive in order. A claim is a lease:
 * whoever dies with it gives it back by letting it run out.
 */
export async function claimHooks(worker: pg.Pool, limit: number, leaseMs: number): Promise<ClaimedHook[]> {
  const { rows } = await worker.query<ClaimedHook>({
    name: 'sandbox-claim-hooks',
    text: `WITH head AS (
        SELECT h.sandbox, h.ticket, h.seq FROM sandbox_hook h
        WHERE h.state = 'waiting' AND h.due_at <= clock_timestamp() AND (h.leased_until IS NULL OR h.leased_until < clock_timestamp())
          AND NOT EXISTS (SELECT FROM sandbox_hook e WHERE e.sandbox = h.sandbox AND e.ticket = h.ticket AND e.seq < h.seq AND e.state = 'waiting')
        ORDER BY h.due_at LIMIT $1 FOR UPDATE OF h SKIP LOCKED)
      UPDATE sandbox_hook SET leased_until = clock_timestamp() + $2 * interval '1 millisecond', attempts = attempts + 1
      FROM head JOIN sandbox s ON s.name = head.sandbox
      WHERE sandbox_hook.sandbox = head.sandbox AND sandbox_hook.ticket = head.ticket AND sandbox_hook.seq = head.seq
      RETURNING sandbox_hook.organization_id AS organization, sandbox_hook.sandbox, sandbox_hook.ticket, sandbox_hook.seq::text AS seq, sandbox_hook.id, sandbox_hook.event,
        sandbox_hook.state, sandbox_hook.attempts, sandbox_hook.due_at AS "dueAt", sandbox_hook.last_error AS "lastError", sandbox_hook.created_at AS "createdAt",
        sandbox_hook.ended_at AS "endedAt", sandbox_hook.body, s.webhook_url AS "webhookUrl", s.webhook_secret AS "webhookSecret"`,
    values: [limit, leaseMs],
  });
  return rows;
}

/** Ends a claim: sent, given up, or again after `delayMs`. */
export async function endHook(worker: pg.Pool, hook: HookRow, end: { readonly state: 'sent' | 'dead' } | { readonly state: 'waiting'; readonly delayMs: number }, error: string | null): Promise<void> {
  await worker.query({
    name: 'sandbox-end-hook',
    text: `UPDATE sandbox_hook SET state = $5, last_error = $6, leased_until = NULL, due_at = clock_timestamp() + $7 * interval '1 millisecond',
        ended_at = CASE WHEN $5 = 'waiting' THEN NULL ELSE clock_timestamp() END
      WHERE organization_id = $1 AND sandbox = $2 AND ticket = $3 AND seq = $4`,
    values: [hook.organization, hook.sandbox, hook.ticket, hook.seq, end.state, error, 'delayMs' in end ? end.delayMs : 0],
  });
}

/** Forgets webhooks that ended and answers to keys, older than `days`. */
export async function sweepSandboxes(worker: pg.Pool, days: number): Promise<void> {
  await worker.query(`DELETE FROM sandbox_hook WHERE state <> 'waiting' AND ended_at < now() - $1 * interval '1 day'`, [days]);
  await worker.query(`DELETE FROM sandbox_request WHERE at < now() - $1 * interval '1 day'`, [days]);
}
