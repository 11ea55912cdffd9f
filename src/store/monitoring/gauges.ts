import type pg from 'pg';

export interface LaneGauge {
  readonly stage: 'normalize' | 'route' | 'deliver';
  readonly ready: number;
  readonly oldestSeconds: number;
}

export interface Gauges {
  readonly lanes: readonly LaneGauge[];
  readonly troubled: ReadonlyMap<string, number>;
  readonly delayed: number;
}

/** A scrape must stay cheap with a million waiting lanes: counts stop here. */
const MOST_COUNTED = 100_000;

const READY = `ready_at <= now() AND ready_at < 'infinity' AND claim IS NULL`;

const lanes = (table: string): string => `SELECT count(*)::int4 AS ready, coalesce(extract(epoch FROM now() - min(ready_at)), 0)::float8 AS oldest
  FROM (SELECT ready_at FROM ${table} WHERE ${READY} ORDER BY ready_at LIMIT ${MOST_COUNTED}) r`;

/** What waits in the store, over all organizations. */
export async function readGauges(pool: pg.Pool): Promise<Gauges> {
  const stages = [['normalize', 'receive_lane'], ['route', 'conversation'], ['deliver', 'ticket_link']] as const;
  const counted = await Promise.all(stages.map(async ([stage, table]) => {
    const { rows } = await pool.query<{ ready: number; oldest: number }>({ name: `gauge-${stage}`, text: lanes(table) });
    return { stage, ready: rows[0]?.ready ?? 0, oldestSeconds: rows[0]?.oldest ?? 0 };
  }));
  const troubled = await pool.query<{ state: string; count: number }>({ name: 'gauge-troubled', text: `SELECT state, count(*)::int4 AS count FROM (SELECT state FROM troubled_delivery LIMIT ${MOST_COUNTED}) t GROUP BY state` });
  const delayed = await pool.query<{ count: number }>({ name: 'gauge-delayed', text: `SELECT count(*)::int4 AS count FROM (SELECT 1 FROM delayed_execution WHERE state = 'WAITING' LIMIT ${MOST_COUNTED}) d` });
  return { lanes: counted, troubled: new Map(troubled.rows.map((row) => [row.state, row.count])), delayed: delayed.rows[0]?.count ?? 0 };
}

/** The newest message, the newest change of the work list and of the newest acts on many of an organization: moved when something happened. */
export async function readPulse(pool: pg.Pool, organization: string): Promise<{ readonly message: string; readonly trouble: string; readonly finished: string; readonly bulk: string }> {
  const { rows } = await pool.query<{ message: string; trouble: string; finished: string; bulk: string }>({
    name: 'pulse',
    text: `SELECT coalesce((SELECT id::text FROM message WHERE organization_id = $1 ORDER BY id DESC LIMIT 1), '') AS message,
      coalesce((SELECT max(since)::text || count(*) FROM (SELECT since FROM troubled_delivery WHERE organization_id = $1 ORDER BY delivery_id DESC LIMIT 1000) t), '') AS trouble,
      coalesce((SELECT max(finished_at)::text FROM (SELECT finished_at FROM delivery WHERE organization_id = $1 ORDER BY id DESC LIMIT 20) d), '') AS finished,
      coalesce((SELECT max(updated_at)::text FROM (SELECT updated_at FROM bulk_operation WHERE organization_id = $1 ORDER BY id DESC LIMIT 20) b), '') AS bulk`,
    values: [organization],
  });
  return rows[0] ?? { message: '', trouble: '', finished: '', bulk: '' };
}
