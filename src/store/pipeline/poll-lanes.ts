import type pg from 'pg';
import type { Database } from '../database.js';
import { organizationId, type OrganizationId } from '../organization.js';
import { texts, uuids } from './binary-array.js';
import type { Claim } from './lane.js';
import type { PollLane, PollPlace } from './poll-lane.js';
import { receiveRequests, type ReceivedRequest } from './receive-lanes.js';
import { findFirstRequests, repeatKeyText } from './repeat.js';
import { run } from './statement.js';

const placesOf = (places: readonly PollPlace[]): Buffer[] => [uuids(places.map((p) => p.organization)), texts(places.map((p) => p.endpoint)), texts(places.map((p) => p.channel))];

const ENSURE = `INSERT INTO poll_lane (organization_id, endpoint, channel) SELECT u.org, u.ep, u.ch FROM unnest($1::uuid[], $2::text[], $3::text[]) u(org, ep, ch)
JOIN endpoint e ON e.organization_id = u.org AND e.id = u.ep ORDER BY u.org, u.ep, u.ch ON CONFLICT DO NOTHING`;

/** Makes the lanes of channels that have none yet. */
export async function ensurePollLanes(pool: pg.Pool, places: readonly PollPlace[]): Promise<void> {
  if (places.length > 0) await run(pool, 'ensure-polls', ENSURE, placesOf(places));
}

const CLAIM = `WITH c AS MATERIALIZED (
  SELECT p.organization_id, p.endpoint, p.channel FROM unnest($1::uuid[], $2::text[], $3::text[]) u(org, ep, ch)
  JOIN poll_lane p ON p.organization_id = u.org AND p.endpoint = u.ep AND p.channel = u.ch
  WHERE p.ready_at <= now() AND p.ready_at < 'infinity' AND p.claim IS NULL ORDER BY p.ready_at LIMIT $5::int4 FOR UPDATE OF p SKIP LOCKED)
UPDATE poll_lane p SET claim = $4::int8, crash_count = p.crash_count + 1 FROM c WHERE p.organization_id = c.organization_id AND p.endpoint = c.endpoint AND p.channel = c.channel
RETURNING p.organization_id::text, p.endpoint, p.channel, p.cursor, p.crash_count, p.failures_in_row`;

/** Takes up to `most` of these channels that are due, longest due first. */
export async function claimPollLanes(pool: pg.Pool, places: readonly PollPlace[], claim: Claim, most: number): Promise<PollLane[]> {
  const rows = await run<[string, string, string, unknown, number, number]>(pool, 'claim-polls', CLAIM, [...placesOf(places), claim.toString(), most]);
  return rows.map(([organization, endpoint, channel, cursor, crashCount, failuresInRow]) => ({ organization: organizationId(organization), endpoint, channel, claim, cursor, crashCount, failuresInRow }));
}

const HELD = `SELECT organization_id::text, endpoint, channel, ready_at <= now() FROM poll_lane WHERE ready_at < 'infinity' AND claim = ANY ($1::int8[])`;

/** The lanes that these claims still hold, and whether they have become due: by schedule, or since somebody asked. */
export async function heldPollLanes(pool: pg.Pool, claims: readonly Claim[]): Promise<(PollPlace & { readonly isDue: boolean })[]> {
  const rows = await run<[string, string, string, boolean]>(pool, 'held-polls', HELD, [claims.map(String)]);
  return rows.map(([organization, endpoint, channel, isDue]) => ({ organization: organizationId(organization), endpoint, channel, isDue }));
}

/** What a poll that worked leaves. */
export interface PollFetched {
  readonly lane: PollLane;
  /** What was fetched, each with its repeat key. */
  readonly requests: readonly ReceivedRequest[];
  readonly cursor: unknown;
  readonly nextMs: number;
  /** Whether the claim stays: there is another page, or the owner waits for news. */
  readonly keep: boolean;
  readonly warning: string | null;
}

const MOST_AT_ONCE = 200;

const ADVANCE = `WITH g AS (UPDATE poll_lane SET cursor = $5::jsonb, ready_at = now() + $6::float8 * interval '1 millisecond', claim = CASE WHEN $7::bool THEN claim END, crash_count = CASE WHEN $7::bool THEN 1 ELSE 0 END,
    failures_in_row = 0, last_poll_at = now(), last_success_at = now(), last_error = $8::text, last_count = $9::int4, fetched = fetched + $9::int4
  WHERE organization_id = $1::uuid AND endpoint = $2 AND channel = $3 AND claim = $4::int8 RETURNING 1)
SELECT 1 / count(*) FROM g`;

/**
 * Accepts what was fetched and moves the cursor, in one transaction. What came before under the same key is left out. A key that somebody
 * else has just taken raises 23505 and a lane that is not ours any more divides by zero; nothing is written then. Answers how many were new.
 */
export async function commitFetched(database: Database, { lane, requests, cursor, nextMs, keep, warning }: PollFetched): Promise<number> {
  return database.asWorker(async (client) => {
    const keys = requests.flatMap((one) => (one.key === null ? [] : [{ organization: one.organization, endpoint: one.endpoint, key: one.key.key }]));
    const known = keys.length === 0 ? new Map<string, unknown>() : await findFirstRequests(client, keys);
    const fresh = requests.filter((one) => {
      const text = one.key === null ? null : repeatKeyText({ organization: one.organization, endpoint: one.endpoint, key: one.key.key });
      if (text === null) return true;
      if (known.has(text)) return false;
      known.set(text, null); // the same item twice on one page
      return true;
    });
    for (let at = 0; at < fresh.length; at += MOST_AT_ONCE) await receiveRequests(client, fresh.slice(at, at + MOST_AT_ONCE));
    await run(client, 'advance-poll', ADVANCE, [lane.organization, lane.endpoint, lane.channel, lane.claim.toString(), JSON.stringify(cursor ?? null), nextMs, keep, warning, fresh.length]);
    return fresh.length;
  });
}

const FAIL = `WITH g AS (UPDATE poll_lane SET ready_at = now() + $5::float8 * interval '1 millisecond', claim = NULL, crash_count = 0, failures_in_row = failures_in_row + 1, last_poll_at = now(), last_error = $6, last_count = 0
  WHERE organization_id = $1::uuid AND endpoint = $2 AND channel = $3 AND claim = $4::int8 RETURNING 1)
INSERT INTO endpoint_runtime AS r (organization_id, endpoint, last_failure_at, last_error) SELECT $1::uuid, $2, now(), 'polling: ' || $6 FROM g
ON CONFLICT (organization_id, endpoint) DO UPDATE SET last_failure_at = excluded.last_failure_at, last_error = excluded.last_error`;

/** Releases a lane whose poll failed until `nextMs` from now; shows why. Nothing happens where it is not ours any more. */
export async function commitPollFailure(pool: pg.Pool, lane: PollLane, error: string, nextMs: number): Promise<void> {
  await run(pool, 'fail-poll', FAIL, [lane.organization, lane.endpoint, lane.channel, lane.claim.toString(), nextMs, error]);
}

const RELEASE = `UPDATE poll_lane SET claim = NULL, crash_count = 0 WHERE organization_id = $1::uuid AND endpoint = $2 AND channel = $3 AND claim = $4::int8`;

/** Gives a lane back as it is; nothing happens where it is not ours any more. */
export async function releasePollLane(pool: pg.Pool, lane: PollLane): Promise<void> {
  await run(pool, 'release-poll', RELEASE, [lane.organization, lane.endpoint, lane.channel, lane.claim.toString()]);
}

const FORGET = `DELETE FROM poll_lane p WHERE p.organization_id = $1::uuid AND p.claim IS NULL AND NOT EXISTS (SELECT FROM endpoint e WHERE e.organization_id = p.organization_id AND e.id = p.endpoint)`;

/** Forgets the cursors of endpoints that were removed: another one of that name begins at the beginning. */
export async function forgetPollLanes(pool: pg.Pool, organization: OrganizationId): Promise<void> {
  await run(pool, 'forget-polls', FORGET, [organization]);
}
