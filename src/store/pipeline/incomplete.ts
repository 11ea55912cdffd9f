import type pg from 'pg';
import type { Database } from '../database.js';
import type { OrganizationId } from '../organization.js';
import { texts, uuids } from './binary-array.js';
import { noteFailed } from './failed-message.js';
import type { PollLane } from './poll-lane.js';
import { run } from './statement.js';

/** The channel whose owner completes the requests of an endpoint. */
export const COMPLETION_CHANNEL = '~complete';

/** A request that leaves out what must be fetched before it can be read. */
export interface IncompleteRequest {
  readonly id: string;
  readonly entityType: string;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: string;
  readonly body: Uint8Array;
  readonly attempts: number;
  readonly ageMs: number;
}

const PARK = `WITH i AS (INSERT INTO incomplete_request (organization_id, id, endpoint) SELECT u.org, u.id, u.ep FROM unnest($1::uuid[], $2::uuid[], $3::text[]) u(org, id, ep) ON CONFLICT (id) DO NOTHING)
INSERT INTO poll_lane AS p (organization_id, endpoint, channel) SELECT DISTINCT u.org, u.ep, '${COMPLETION_CHANNEL}' FROM unnest($1::uuid[], $2::uuid[], $3::text[]) u(org, id, ep)
ON CONFLICT (organization_id, endpoint, channel) DO UPDATE SET ready_at = now()`;

/** Takes requests out of the way of others until they are complete; whoever completes them is woken. */
export async function parkRequests(client: pg.PoolClient, organization: OrganizationId, endpoint: string, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await run(client, 'park-requests', PARK, [uuids(ids.map(() => organization)), uuids(ids), texts(ids.map(() => endpoint))]);
}

const DUE = `SELECT i.id::text, r.entity_type, r.content_type, r.headers, r.query, r.body, i.attempts, (extract(epoch FROM now() - i.since) * 1000)::float8
FROM incomplete_request i JOIN raw_request r ON r.id = i.id WHERE i.organization_id = $1::uuid AND i.endpoint = $2 AND i.due_at <= now() ORDER BY i.id LIMIT $3::int4`;

/** Requests of an endpoint that are to be completed now, oldest first. */
export async function dueIncomplete(pool: pg.Pool, lane: PollLane, most: number): Promise<IncompleteRequest[]> {
  const rows = await run<[string, string, string, Record<string, string> | null, string | null, Buffer, number, number]>(pool, 'due-incomplete', DUE, [lane.organization, lane.endpoint, most]);
  return rows.map(([id, entityType, contentType, headers, query, body, attempts, ageMs]) => ({ id, entityType, contentType, headers: headers ?? {}, query: query ?? '', body, attempts, ageMs }));
}

const GUARD = `SELECT 1 / count(*) FROM (SELECT 1 FROM poll_lane WHERE organization_id = $1::uuid AND endpoint = $2 AND channel = $3 AND claim = $4::int8 FOR UPDATE) g`;
const guard = (client: pg.PoolClient, lane: PollLane): Promise<unknown> => run(client, 'guard-poll', GUARD, [lane.organization, lane.endpoint, lane.channel, lane.claim.toString()]);

const COMPLETE = `WITH lane AS (INSERT INTO receive_lane AS t (organization_id, endpoint, last_seq, ready_at) VALUES ($1::uuid, $2, 1, now())
  ON CONFLICT (organization_id, endpoint) DO UPDATE SET last_seq = t.last_seq + 1, ready_at = CASE WHEN t.ready_at = 'infinity' THEN now() ELSE t.ready_at END RETURNING last_seq),
d AS (DELETE FROM incomplete_request WHERE id = $3::uuid)
UPDATE raw_request r SET completion = $4::bytea, seq = lane.last_seq FROM lane WHERE r.id = $3::uuid AND r.organization_id = $1::uuid`;

/** Puts a request that is complete now at the end of its endpoint's receive lane. Divides by zero where the lane is not ours any more. */
export async function commitCompletion(database: Database, lane: PollLane, id: string, completion: Uint8Array): Promise<void> {
  await database.asWorker(async (client) => {
    await guard(client, lane);
    await run(client, 'complete-request', COMPLETE, [lane.organization, lane.endpoint, id, completion]);
  });
}

const LATER = `UPDATE incomplete_request SET attempts = attempts + 1, due_at = now() + $2::float8 * interval '1 millisecond', last_error = $3 WHERE id = $1::uuid`;

/** Lets a request wait; it blocks nobody. */
export async function postponeCompletion(pool: pg.Pool, id: string, afterMs: number, error: string): Promise<void> {
  await run(pool, 'postpone-completion', LATER, [id, afterMs, error]);
}

const END = `WITH d AS (DELETE FROM incomplete_request WHERE id = $3::uuid RETURNING id)
INSERT INTO message (organization_id, id, raw_id, endpoint, entity_type, state, reason, finished_at) SELECT $1::uuid, $4::uuid, d.id, $2, $5, 'FAILED', $6, now() FROM d`;

/** Ends a request that cannot be completed, visibly. */
export async function endIncomplete(database: Database, lane: PollLane, request: Pick<IncompleteRequest, 'id' | 'entityType'>, message: { readonly id: string; readonly reason: string }): Promise<void> {
  await database.asWorker(async (client) => {
    await guard(client, lane);
    await run(client, 'end-incomplete', END, [lane.organization, lane.endpoint, request.id, message.id, request.entityType, message.reason]);
    await noteFailed(client, [{ organization: lane.organization, id: message.id }]);
  });
}
