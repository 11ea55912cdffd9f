import type pg from 'pg';
import { uuidFloor } from '../pipeline/uuid.js';
import type { Slice } from './slice.js';
import { LEVEL_STEPS } from './steps.js';

/** The instant that a UUIDv7 tells. */
const instantOf = (id: string): string => `to_timestamp(('x' || translate(left(${id}::text, 13), '-', ''))::bit(48)::int8 / 1000.0)`;

/** Accepted is when the request came, not when it was read; where they are the same, the message says so without taking an id apart. */
const ACCEPTED = `CASE WHEN m.raw_id IS NULL OR m.raw_id = m.id THEN m.received_at ELSE ${instantOf('m.raw_id')} END`;

/** What a delivery that was not done at once waited while its target stood still, by why. */
const WAITED = `SELECT ${['suspended', 'maintenance', 'credentials', 'circuit'].map((cause) => `coalesce(sum(extract(epoch FROM least(coalesce(e.until_at, now()), x.ended) - greatest(e.from_at, d.created_at))) FILTER (WHERE e.cause = '${cause}'), 0)::float8 AS ${cause}`).join(', ')}
    FROM endpoint_stop e WHERE x.ended > d.created_at + interval '1 second' AND e.organization_id = $1 AND e.endpoint = d.endpoint AND e.from_at < x.ended AND coalesce(e.until_at, now()) > d.created_at`;

/** Of most slices no endpoint stood still: then nothing is looked up per delivery. */
const NO_WAIT = 'SELECT 0::float8 AS suspended, 0::float8 AS maintenance, 0::float8 AS credentials, 0::float8 AS circuit';
const STOOD = `SELECT 1 FROM endpoint_stop WHERE organization_id = $1 AND coalesce(until_at, 'infinity') > $2 LIMIT 1`;

const deliveriesSql = (waited: string): string => `SELECT t.source, t.target, t.state, width_bucket(t.took, $4::float8[]) AS step, width_bucket(t.took - t.stood, $4::float8[]) AS own,
  count(*)::int AS count, sum(t.retries)::int AS retries, sum(t.suspended) AS suspended, sum(t.maintenance) AS maintenance, sum(t.credentials) AS credentials, sum(t.circuit) AS circuit
FROM (SELECT m.endpoint AS source, d.endpoint AS target, d.state, greatest(d.attempts - 1, 0) AS retries, w.*, w.suspended + w.maintenance + w.credentials + w.circuit AS stood,
    CASE WHEN d.state = 'SENT' THEN greatest(extract(epoch FROM d.finished_at - ${ACCEPTED}), 0)::float8 END AS took
  FROM delivery d JOIN message m ON m.organization_id = d.organization_id AND m.id = d.message_id
  CROSS JOIN LATERAL (SELECT coalesce(d.finished_at, now()) AS ended) x CROSS JOIN LATERAL (${waited}) w
  WHERE d.organization_id = $1 AND d.id >= $2 AND d.id < $3) t GROUP BY 1, 2, 3, 4, 5`;

const MESSAGES = `SELECT endpoint AS source, count(*)::int AS count FROM message WHERE organization_id = $1 AND id >= $2 AND id < $3 AND kind <> 1 GROUP BY 1`;

const ADD = `INSERT INTO report_pair (organization_id, begins_at, source, target, accepted, sent, dead, held, waiting, skipped, retries, took, took_own, suspended_s, maintenance_s, credentials_s, circuit_s)
SELECT $1, $2, p.* FROM json_to_recordset($3::json) AS p(source text, target text, accepted int, sent int, dead int, held int, waiting int, skipped int, retries int, took int[], "tookOwn" int[], suspended float8, maintenance float8, credentials float8, circuit float8)`;

type Waits = Record<'suspended' | 'maintenance' | 'credentials' | 'circuit', number>;
type Group = Waits & { source: string; target: string; state: string; step: number | null; own: number | null; count: number; retries: number };
type Pair = Waits & { source: string; target: string; accepted: number; sent: number; dead: number; held: number; waiting: number; skipped: number; retries: number; took: number[]; tookOwn: number[] };

const COLUMN_OF: Readonly<Record<string, 'sent' | 'dead' | 'held' | 'skipped'>> = { SENT: 'sent', DEAD: 'dead', HELD: 'held', SKIPPED: 'skipped', CANCELLED: 'skipped' };
const DAY_MS = 24 * 3_600_000;
const SOONEST_MS = 60_000;
/** What is open is looked at again when it is so much older. */
const AGE_PARTS = 24;

/** Counts a slice of an organization, whatever was counted of it before; the same rows give the same counts. Runs as the pipeline's role, in one transaction. */
export async function countSlice(client: pg.Client, organization: string, { fromMs, untilMs }: Slice, nowMs: number): Promise<void> {
  const range = [organization, uuidFloor(fromMs), uuidFloor(untilMs)];
  const begins = new Date(fromMs);
  await client.query('BEGIN');
  try {
    const { rows: groups } = await client.query<Group>(deliveriesSql(((await client.query(STOOD, [organization, begins])).rowCount ?? 0) > 0 ? WAITED : NO_WAIT), [...range, LEVEL_STEPS]);
    const { rows: received } = await client.query<{ source: string; count: number }>(MESSAGES, range);
    const pairs = pairsOf(groups, received);
    const open = pairs.some(({ dead, held, waiting }) => dead + held + waiting > 0);
    const deliveries = groups.reduce((sum, { count }) => sum + count, 0);
    const messages = received.reduce((sum, { count }) => sum + count, 0);
    // Nothing vanishes but by retention: then what was counted stays.
    const { rowCount } = await client.query(
      `INSERT INTO report_slice AS s (organization_id, begins_at, ends_at, deliveries, messages, recount_at) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (organization_id, begins_at) DO UPDATE SET deliveries = excluded.deliveries, messages = excluded.messages, recount_at = excluded.recount_at WHERE s.deliveries <= excluded.deliveries AND s.messages <= excluded.messages`,
      [organization, begins, new Date(untilMs), deliveries, messages, recountAt(untilMs, nowMs, open)]);
    if (rowCount === 1) {
      await client.query('DELETE FROM report_pair WHERE organization_id = $1 AND begins_at = $2', [organization, begins]);
      await client.query(ADD, [organization, begins, JSON.stringify(pairs)]);
    } else await client.query('UPDATE report_slice SET recount_at = NULL WHERE organization_id = $1 AND begins_at = $2', [organization, begins]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/** What is open changes, ever more seldom as it grows older; what was sent may turn out to have failed within a day. */
function recountAt(untilMs: number, nowMs: number, open: boolean): Date | null {
  const ageMs = Math.max(0, nowMs - untilMs);
  if (open) return new Date(nowMs + Math.max(SOONEST_MS, ageMs / AGE_PARTS));
  return ageMs < DAY_MS ? new Date(untilMs + DAY_MS) : null;
}

function pairsOf(groups: readonly Group[], received: readonly { source: string; count: number }[]): Pair[] {
  const pairs = new Map<string, Pair>();
  const pairAt = (source: string, target: string): Pair => {
    const key = JSON.stringify([source, target]);
    let pair = pairs.get(key);
    if (pair === undefined) pairs.set(key, (pair = { source, target, accepted: 0, sent: 0, dead: 0, held: 0, waiting: 0, skipped: 0, retries: 0, took: [], tookOwn: [], suspended: 0, maintenance: 0, credentials: 0, circuit: 0 }));
    return pair;
  };
  for (const { source, count } of received) pairAt(source, '').accepted += count;
  for (const { source, target, state, step, own, count, retries, ...waits } of groups) {
    const pair = pairAt(source, target);
    pair[COLUMN_OF[state] ?? 'waiting'] += count;
    pair.retries += retries;
    for (const cause of ['suspended', 'maintenance', 'credentials', 'circuit'] as const) pair[cause] += waits[cause];
    if (step !== null && own !== null) {
      add(pair.took, step, count);
      add(pair.tookOwn, own, count);
    }
  }
  for (const pair of pairs.values()) if (pair.took.join() === pair.tookOwn.join()) pair.tookOwn = [];
  return [...pairs.values()];
}

/** Steps after the last one with something in it are left out. */
function add(counts: number[], step: number, count: number): void {
  while (counts.length <= step) counts.push(0);
  counts[step]! += count;
}
