import type pg from 'pg';
import { HELD_OF_LATE } from '../pipeline/held-back.js';

/** A state of an organization that somebody should know of. */
export interface ConditionRow {
  readonly organization: string;
  readonly kind: 'credentials' | 'target-down' | 'dead-deliveries' | 'held-deliveries' | 'failed-messages' | 'loop' | 'contradictions' | 'stopped-conversations' | 'queue-age' | 'held-mails' | 'suppressed-addresses';
  /** The endpoint, or empty. */
  readonly subject: string;
  readonly detail: string;
  readonly count: number;
  readonly since: Date;
}

/** Looking must stay cheap with a million dead deliveries: counts stop here. */
const MOST_COUNTED = 100_000;
/** A message that waits longer than this without a reason is told of. */
const MOST_WAIT = `interval '60 seconds'`;

/** Messages that failed longer ago were told of; nobody must clear them away. */
const FAILED_OF_LATE = `interval '1 hour'`;

/** Addresses stay given up until they are lifted; nobody is to be reminded of that for ever. */
const SUPPRESSED_OF_LATE = `interval '1 day'`;

const READY = `ready_at < now() - ${MOST_WAIT} AND ready_at < 'infinity' AND claim IS NULL`;

const CONDITIONS = `
SELECT organization_id::text AS organization, 'credentials' AS kind, endpoint AS subject, coalesce(last_error, paused_reason) AS detail, 1 AS count, paused_at AS since
  FROM endpoint_runtime WHERE paused_reason IS NOT NULL
UNION ALL
SELECT organization_id::text, 'target-down', endpoint, coalesce(last_error, ''), failures_in_row, coalesce(last_success_at, last_failure_at, now())
  FROM endpoint_runtime WHERE circuit <> 'closed' AND paused_reason IS NULL
UNION ALL
SELECT organization_id::text, CASE state WHEN 'DEAD' THEN 'dead-deliveries' ELSE 'held-deliveries' END, endpoint, min(reason), count(*)::int4, min(since)
  FROM (SELECT * FROM troubled_delivery WHERE state IN ('DEAD', 'HELD') LIMIT ${MOST_COUNTED}) t GROUP BY organization_id, state, endpoint
UNION ALL
SELECT organization_id::text, 'failed-messages', endpoint, min(reason), count(*)::int4, min(failed_at)
  FROM (SELECT * FROM failed_message WHERE failed_at > now() - ${FAILED_OF_LATE} ORDER BY failed_at DESC LIMIT ${MOST_COUNTED}) f GROUP BY organization_id, endpoint
UNION ALL
SELECT organization_id::text, CASE blocked WHEN 'LOOP' THEN 'loop' ELSE 'stopped-conversations' END, '', min(blocked), count(*)::int4, min(updated_at)
  FROM (SELECT * FROM conversation WHERE blocked IS NOT NULL AND blocked <> 'AWAITING_CREATE' LIMIT ${MOST_COUNTED}) c GROUP BY organization_id, blocked = 'LOOP', CASE blocked WHEN 'LOOP' THEN 'loop' ELSE 'stopped-conversations' END
UNION ALL
SELECT organization_id::text, 'contradictions', '', 'references or answers name tickets of other conversations', count(*)::int4, min(happened_at)
  FROM (SELECT * FROM conversation_event WHERE attention LIMIT ${MOST_COUNTED}) e GROUP BY organization_id
UNION ALL
SELECT organization_id::text, 'held-mails', endpoint, max(reason), sum(count)::int4, min(since) FROM held_back WHERE last_at > now() - ${HELD_OF_LATE} GROUP BY organization_id, endpoint
UNION ALL
SELECT organization_id::text, 'suppressed-addresses', endpoint, min(address || ': ' || reason), count(*)::int4, min(suppressed_at)
  FROM bounced_address WHERE suppressed_at > now() - ${SUPPRESSED_OF_LATE} GROUP BY organization_id, endpoint
UNION ALL
SELECT organization_id::text, 'queue-age', '', 'messages wait to be routed', count(*)::int4, min(ready_at)
  FROM (SELECT * FROM conversation WHERE ${READY} ORDER BY ready_at LIMIT 1000) c GROUP BY organization_id
UNION ALL
SELECT organization_id::text, 'queue-age', endpoint, 'messages wait to be read', count(*)::int4, min(ready_at)
  FROM (SELECT * FROM receive_lane WHERE ${READY} ORDER BY ready_at LIMIT 1000) r GROUP BY organization_id, endpoint`;

/** Everything that is not as it should be, over all organizations. */
async function readConditions(client: pg.PoolClient): Promise<ConditionRow[]> {
  // The pipeline's connections avoid sequential scans; one over a handful of endpoints is what is wanted here.
  const { rows } = await client.query<ConditionRow>(CONDITIONS);
  return rows;
}

/** An endpoint that has maintenance windows, as its document says them. */
export interface MaintainedEndpoint {
  readonly organization: string;
  readonly endpoint: string;
  readonly windows: readonly unknown[];
  /** The database's clock. */
  readonly nowMs: number;
}

/** Every endpoint with maintenance windows, over all organizations. */
async function readMaintained(client: pg.PoolClient): Promise<MaintainedEndpoint[]> {
  const { rows } = await client.query<MaintainedEndpoint>(
    `SELECT organization_id::text AS organization, id AS endpoint, maintenance AS windows, (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs" FROM endpoint WHERE json_array_length(maintenance) > 0`);
  return rows;
}

/**
 * Both, in the transaction of `client`. Where `mayBeLocked` (somebody is known to keep tables locked) and they cannot be read, null, and the transaction goes on;
 * otherwise that is an error.
 */
export async function readStates(client: pg.PoolClient, mayBeLocked: boolean): Promise<{ readonly conditions: ConditionRow[]; readonly maintained: MaintainedEndpoint[] } | null> {
  await client.query('SAVEPOINT states');
  try {
    return { conditions: await readConditions(client), maintained: await readMaintained(client) };
  } catch (error) {
    if (!mayBeLocked) throw error;
    await client.query('ROLLBACK TO SAVEPOINT states');
    return null;
  }
}

/** The id of an organization; null where there is none of that name. */
export async function organizationBySlug(client: pg.PoolClient, slug: string): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>('SELECT id::text FROM organization WHERE slug = $1', [slug]);
  return rows[0]?.id ?? null;
}
