import type pg from 'pg';
import type { EntityManager } from '../data-source.js';
import { uuidFloor } from '../pipeline/uuid.js';

/** Upper ends, in seconds, of the steps in which times to deliver are counted; the last step is open. */
export const TOOK_STEPS = [0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3_600] as const;

const MINUTE_MS = 60_000;
/** Ids are made a moment before their rows: so much earlier a scan begins than the minute it counts. */
const ID_SLACK_MS = 10_000;
const KEEP_DAYS = 9;

const COUNT_RECEIVED = `INSERT INTO traffic_minute (organization_id, minute, source, received)
  SELECT $1, minute, endpoint, count(*) FROM (
    SELECT date_trunc('minute', received_at) AS minute, endpoint FROM message WHERE organization_id = $1 AND id >= $2 AND kind <> 1) m
  WHERE minute >= $3 GROUP BY 2, 3
  ON CONFLICT (organization_id, minute, source, target) DO UPDATE SET received = excluded.received WHERE traffic_minute.received <> excluded.received`;

const STEPS = TOOK_STEPS.map((_, index) => index).concat(TOOK_STEPS.length);

const COUNT_SENT = `INSERT INTO traffic_minute (organization_id, minute, source, target, sent, failed, took)
  SELECT $1, minute, source, target, count(*) FILTER (WHERE step IS NOT NULL), count(*) FILTER (WHERE state = 'DEAD'),
    ARRAY[${STEPS.map((step) => `count(*) FILTER (WHERE step = ${step})`).join(', ')}]::int[]
  FROM (
    SELECT date_trunc('minute', d.created_at) AS minute, m.endpoint AS source, d.endpoint AS target, d.state,
      CASE WHEN d.state = 'SENT' THEN width_bucket(extract(epoch FROM d.finished_at - d.created_at)::float8, ARRAY[${TOOK_STEPS.join(', ')}]::float8[]) END AS step
    FROM delivery d JOIN message m ON m.organization_id = d.organization_id AND m.id = d.message_id
    WHERE d.organization_id = $1 AND d.id >= $2) s
  WHERE minute >= $3 GROUP BY 2, 3, 4
  ON CONFLICT (organization_id, minute, source, target) DO UPDATE SET sent = excluded.sent, failed = excluded.failed, took = excluded.took
  WHERE (traffic_minute.sent, traffic_minute.failed, traffic_minute.took) IS DISTINCT FROM (excluded.sent, excluded.failed, excluded.took)`;

/** Counts anew everything since the minute of `fromMs`, for each organization in which something moved since. One process at a time; false where another one counts. */
export async function countTraffic(client: pg.PoolClient, fromMs: number): Promise<boolean> {
  const { rows: [lock] } = await client.query<{ got: boolean }>(`SELECT pg_try_advisory_xact_lock(hashtext('parley.traffic')) AS got`);
  if (lock?.got !== true) return false;
  const minuteMs = Math.floor(fromMs / MINUTE_MS) * MINUTE_MS;
  const floor = uuidFloor(minuteMs - ID_SLACK_MS);
  const { rows } = await client.query<{ id: string }>(`SELECT id FROM organization o
    WHERE EXISTS (SELECT 1 FROM message m WHERE m.organization_id = o.id AND m.id >= $1) OR EXISTS (SELECT 1 FROM delivery d WHERE d.organization_id = o.id AND d.id >= $1)`, [floor]);
  for (const { id } of rows) {
    const values = [id, floor, new Date(minuteMs)];
    await client.query({ name: 'traffic-received', text: COUNT_RECEIVED, values });
    await client.query({ name: 'traffic-sent', text: COUNT_SENT, values });
  }
  return true;
}

/** Removes what nobody looks at any more. */
export async function forgetTraffic(pool: pg.Pool): Promise<void> {
  await pool.query(`DELETE FROM traffic_minute t USING organization o WHERE t.organization_id = o.id AND t.minute < now() - make_interval(days => $1)`, [KEEP_DAYS]);
}

/** One row of traffic over some time: received where `target` is empty, else sent from there to here. */
export interface TrafficRow {
  readonly at: Date;
  readonly source: string;
  readonly target: string;
  readonly received: number;
  readonly sent: number;
  readonly failed: number;
  /** One count per step of `TOOK_STEPS`, and one beyond them. */
  readonly took: readonly number[];
}

/** Traffic of an organization from `from` (a whole step) on, in steps of `stepMs`. */
export function readTraffic(manager: EntityManager, organization: string, from: Date, stepMs: number): Promise<TrafficRow[]> {
  const sums = STEPS.map((step) => `coalesce(sum(took[${step + 1}]), 0)::int`).join(', ');
  return manager.query<TrafficRow[]>(`SELECT to_timestamp(floor(extract(epoch FROM minute) / $3::int) * $3::int) AS at, source, target,
      sum(received)::int AS received, sum(sent)::int AS sent, sum(failed)::int AS failed, ARRAY[${sums}] AS took
    FROM traffic_minute WHERE organization_id = $1 AND minute >= $2 GROUP BY 1, 2, 3 ORDER BY 1`, [organization, from, stepMs / 1_000]);
}
