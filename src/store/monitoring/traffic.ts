import type pg from 'pg';
import type { EntityManager } from '../data-source.js';

/** Upper ends, in seconds, of the steps in which times to deliver are counted; the last step is open. */
export const TOOK_STEPS = [0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3_600] as const;

const KEEP_DAYS = 9;

/** What moved from one endpoint to another in one minute, to be added to what is known of it; where `target` is empty, what was received. */
export interface TrafficChange {
  readonly organization: string;
  readonly source: string;
  readonly target: string;
  /** Begin of the minute. */
  readonly minuteMs: number;
  readonly received: number;
  readonly sent: number;
  readonly failed: number;
  /** One count per step of `TOOK_STEPS`, and one beyond them. */
  readonly took: readonly number[];
}

const STEPS = TOOK_STEPS.map((_, index) => index).concat(TOOK_STEPS.length);

const ADD = `INSERT INTO traffic_minute AS t (organization_id, minute, source, target, received, sent, failed, took)
  SELECT organization, to_timestamp("minuteMs" / 1000), source, target, received, sent, failed, took
  FROM json_to_recordset($1::json) AS c(organization uuid, "minuteMs" float8, source text, target text, received int, sent int, failed int, took int[])
  ORDER BY organization, "minuteMs", source COLLATE "C", target COLLATE "C"
  ON CONFLICT (organization_id, minute, source, target) DO UPDATE SET received = t.received + excluded.received, sent = t.sent + excluded.sent, failed = t.failed + excluded.failed,
    took = ARRAY[${STEPS.map((step) => `coalesce(t.took[${step + 1}], 0) + coalesce(excluded.took[${step + 1}], 0)`).join(', ')}]`;

/** Adds to the counts; all or nothing. Several processes may add to the same minute. */
export async function addTraffic(pool: pg.Pool, changes: readonly TrafficChange[]): Promise<void> {
  if (changes.length > 0) await pool.query(ADD, [JSON.stringify(changes)]);
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
