import type pg from 'pg';
import { run } from './statement.js';

/** What is held back after so long a time begins anew: alerts tell of it until then. */
export const HELD_OF_LATE = `interval '1 hour'`;

const NOTE = `INSERT INTO held_back AS h (organization_id, endpoint, reason, count) VALUES ($1::uuid, $2, $3, $4::int4)
ON CONFLICT (organization_id, endpoint, reason) DO UPDATE SET last_at = now(), since = CASE WHEN h.last_at < now() - ${HELD_OF_LATE} THEN now() ELSE h.since END,
  count = CASE WHEN h.last_at < now() - ${HELD_OF_LATE} THEN excluded.count ELSE h.count + excluded.count END`;

/** Counts messages that were held back, by why, in the transaction in which they ended. */
export async function noteHeldBack(client: pg.PoolClient, ended: readonly { readonly organization: string; readonly endpoint: string; readonly reason: string; readonly isHeldBack?: true }[]): Promise<void> {
  const counts = new Map<string, { organization: string; endpoint: string; reason: string; count: number }>();
  for (const { organization, endpoint, reason, isHeldBack } of ended) {
    if (isHeldBack !== true) continue;
    const key = `${organization} ${endpoint} ${reason}`;
    const known = counts.get(key) ?? { organization, endpoint, reason: reason.slice(0, 500), count: 0 };
    known.count += 1;
    counts.set(key, known);
  }
  for (const [, { organization, endpoint, reason, count }] of [...counts].toSorted(([one], [other]) => (one < other ? -1 : 1))) await run(client, 'note-held-back', NOTE, [organization, endpoint, reason, count]);
}
