import type { Database } from '../database.js';
import type { AddressPlace } from './bounced-address.js';
import { run } from './statement.js';

/** An attempt that waits for its turn at the domains it goes to. */
export interface Turn extends AddressPlace {
  readonly deliveryId: string;
  /** From 1. */
  readonly attempt: number;
  readonly domains: readonly string[];
  /** So long after the one before, in milliseconds. */
  readonly everyMs: number;
  /** So many may go at once after a pause. */
  readonly burst: number;
}

const GIVEN = `SELECT greatest(0, extract(epoch FROM (s.done->>'at')::timestamptz - clock_timestamp()) * 1000)::float8 FROM delivery_step s WHERE s.delivery_id = $1::uuid AND s.organization_id = $2::uuid AND s.name = $3`;

const TAKE = `INSERT INTO domain_turn AS t (organization_id, endpoint, domain, taken_until) VALUES ($1::uuid, $2, $3, clock_timestamp() + $4::float8 * interval '1 millisecond')
ON CONFLICT (organization_id, endpoint, domain) DO UPDATE SET taken_until = greatest(t.taken_until, clock_timestamp()) + $4::float8 * interval '1 millisecond'
RETURNING greatest(0, extract(epoch FROM t.taken_until - clock_timestamp()) * 1000 - $4::float8 * $5::int4)::float8`;

const KEEP = `INSERT INTO delivery_step (organization_id, delivery_id, name, done) VALUES ($1::uuid, $2::uuid, $3, jsonb_build_object('at', clock_timestamp() + $4::float8 * interval '1 millisecond')) ON CONFLICT (delivery_id, name) DO NOTHING`;

/**
 * How many milliseconds it is until an attempt's turn; 0: it is now. A turn is given once: who waits for one has a place that nobody takes, in
 * whichever process it comes back.
 */
export function turnMs(database: Database, { organization, endpoint, deliveryId, attempt, domains, everyMs, burst }: Turn): Promise<number> {
  const name = `turn ${attempt}`;
  return database.asWorker(async (client) => {
    const [given] = await run<[number]>(client, 'turn-given', GIVEN, [deliveryId, organization, name]);
    if (given !== undefined) return Math.ceil(given[0]);
    let waitMs = 0;
    // In one order for all, so that nobody waits for somebody who waits for him.
    for (const domain of domains.toSorted()) {
      const [taken] = await run<[number]>(client, 'take-turn', TAKE, [organization, endpoint, domain.slice(0, 255), everyMs, burst]);
      waitMs = Math.max(waitMs, Math.ceil(taken?.[0] ?? 0));
    }
    if (waitMs > 0) await run(client, 'keep-turn', KEEP, [organization, deliveryId, name, waitMs]);
    return waitMs;
  });
}
