import type pg from 'pg';
import type { SharedState } from '../../core/delivery/shared-state.js';
import type { Database } from '../database.js';
import { instants, texts, uuids } from './binary-array.js';
import { run } from './statement.js';

export interface EndpointKey {
  readonly organization: string;
  readonly endpoint: string;
}

/** A state as it was read; `stored` is whatever the column holds. */
export interface StoredState extends EndpointKey {
  readonly stored: unknown;
}

const ENSURE = `INSERT INTO endpoint_runtime (organization_id, endpoint) SELECT u.org, u.ep FROM unnest($1::uuid[], $2::text[]) u(org, ep) ORDER BY u.org, u.ep COLLATE "C" ON CONFLICT DO NOTHING`;

/** A crash of the database may forget the last of these states: everything in them comes again. So nobody waits for the disk. */
const LOCK = `SELECT r.organization_id::text, r.endpoint, r.shared_state, (extract(epoch FROM clock_timestamp()) * 1000)::float8, (SELECT set_config('synchronous_commit', 'off', true)),
  (SELECT coalesce(json_agg(i.id), '[]') FROM instance i WHERE i.stopped_at IS NULL AND i.heartbeat_at > now() - interval '12 seconds')
FROM endpoint_runtime r JOIN unnest($1::uuid[], $2::text[]) u(org, ep) ON r.organization_id = u.org AND r.endpoint = u.ep ORDER BY r.organization_id, r.endpoint COLLATE "C" FOR UPDATE OF r`;

const WRITE = `UPDATE endpoint_runtime r SET shared_state = u.state::jsonb, circuit = u.circuit, open_until = u.until, state_at = now()
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[]) u(org, ep, state, circuit, until) WHERE r.organization_id = u.org AND r.endpoint = u.ep`;

/**
 * Changes what all instances know of endpoints, one instance after the other: reads the states under their locks, lets `decide` say what they become
 * (it is given the database's clock in milliseconds and the instances that live), and writes that. Answers that instant.
 */
export async function exchangeStates(database: Database, keys: readonly EndpointKey[], decide: (key: EndpointKey, stored: unknown, at: { readonly nowMs: number; readonly live: readonly number[] }) => SharedState): Promise<number> {
  const named = [uuids(keys.map((key) => key.organization)), texts(keys.map((key) => key.endpoint))];
  return database.asWorker(async (client) => {
    let rows = await run<[string, string, unknown, number, string, number[]]>(client, 'lock-endpoint-states', LOCK, named);
    if (rows.length < keys.length) {
      await run(client, 'ensure-endpoint-states', ENSURE, named);
      rows = await run(client, 'lock-endpoint-states', LOCK, named);
    }
    const nowMs = Math.floor(rows[0]?.[3] ?? 0);
    const states = rows.map(([organization, endpoint, stored]) => ({ organization, endpoint, state: decide({ organization, endpoint }, stored, { nowMs, live: rows[0]![5] }) }));
    await run(client, 'write-endpoint-states', WRITE, [
      uuids(states.map((one) => one.organization)), texts(states.map((one) => one.endpoint)), texts(states.map(({ state }) => JSON.stringify(state))),
      texts(states.map(({ state }) => SHOWN[state.circuit.state])), instants(states.map(({ state }) => (state.circuit.state === 'open' ? state.circuit.untilMs : null))),
    ]);
    return nowMs;
  });
}

const SHOWN = { closed: 'closed', open: 'open', probing: 'half-open' } as const;

const CHANGED = `SELECT organization_id::text, endpoint, shared_state FROM endpoint_runtime WHERE state_at > now() - $1::int4 * interval '1 second'`;

/** States that somebody changed within the last seconds. */
export async function changedStates(pool: pg.Pool, withinSeconds: number): Promise<StoredState[]> {
  const rows = await run<[string, string, unknown]>(pool, 'changed-endpoint-states', CHANGED, [withinSeconds]);
  return rows.map(([organization, endpoint, stored]) => ({ organization, endpoint, stored }));
}
