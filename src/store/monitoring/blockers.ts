import type pg from 'pg';

/** A session that others wait for, itself waiting for nobody. */
export interface Blocker {
  readonly pid: number;
  /** Tells its transaction from those before and after it. */
  readonly transaction: string;
  readonly user: string;
  /** Empty where it did not say. */
  readonly application: string;
  /** How many sessions wait for it now. */
  readonly waiting: number;
}

/** From what every role may see: of other users' sessions `pg_stat_activity` shows little more than who they are. */
const BLOCKERS = `
SELECT b.pid, min(held.virtualtransaction) AS transaction, coalesce(b.usename, '') AS "user", coalesce(b.application_name, '') AS application, count(DISTINCT waiting.pid)::int4 AS waiting
FROM (SELECT DISTINCT pid FROM pg_locks WHERE NOT granted) waiting
CROSS JOIN LATERAL unnest(pg_blocking_pids(waiting.pid)) AS blocking (pid)
JOIN pg_stat_activity b ON b.pid = blocking.pid
JOIN pg_locks held ON held.pid = b.pid AND held.granted
WHERE b.datname = current_database() AND NOT EXISTS (SELECT FROM pg_locks w WHERE w.pid = b.pid AND NOT w.granted)
GROUP BY b.pid, b.usename, b.application_name`;

/** The sessions of this database for whose locks others wait at this moment. */
export async function readBlockers(on: pg.Pool): Promise<Blocker[]> {
  return (await on.query<Blocker>(BLOCKERS)).rows;
}
