import type pg from 'pg';
import type { OrganizationId } from '../organization.js';
import { texts } from './binary-array.js';
import { run } from './statement.js';

/** An endpoint whose addresses are meant. */
export interface AddressPlace {
  readonly organization: OrganizationId;
  readonly endpoint: string;
}

/** An address from which a delivery came back. */
export interface BouncedAddress extends AddressPlace {
  readonly address: string;
  readonly reason: string;
  readonly deliveryId: string;
  /** So many in a row are enough to send nothing there any more. */
  readonly most: number;
}

const KNOWN = `SELECT b.address, b.bounces, b.reason, b.suppressed_at IS NOT NULL FROM bounced_address b WHERE b.organization_id = $1::uuid AND b.endpoint = $2 AND b.address = ANY ($3::text[])`;

/** What is known of those of the addresses from which something came back. */
export async function knownAddresses(on: pg.Pool, { organization, endpoint }: AddressPlace, addresses: readonly string[]): Promise<{ readonly address: string; readonly bounces: number; readonly reason: string; readonly isSuppressed: boolean }[]> {
  const rows = await run<[string, number, string, boolean]>(on, 'known-addresses', KNOWN, [organization, endpoint, texts(addresses)]);
  return rows.map(([address, bounces, reason, isSuppressed]) => ({ address, bounces, reason, isSuppressed }));
}

/** What was taken longer ago than this and has not come back has arrived. */
const ARRIVED = `b.taken_at < now() - interval '1 day'`;
const IN_A_ROW = `CASE WHEN ${ARRIVED} THEN 1 ELSE b.bounces + 1 END`;

/** Only what a delivery of this endpoint tells counts, and each delivery once. */
const BOUNCE = `INSERT INTO bounced_address AS b (organization_id, endpoint, address, bounces, reason, delivery_id, suppressed_at)
SELECT d.organization_id, e.id, $3, 1, $4, d.id, CASE WHEN $6::int4 <= 1 THEN now() END FROM delivery d JOIN endpoint e ON e.organization_id = d.organization_id AND e.id = d.endpoint
WHERE d.organization_id = $1::uuid AND d.endpoint = $2 AND d.id = $5::uuid
ON CONFLICT (organization_id, endpoint, address) DO UPDATE SET bounces = ${IN_A_ROW}, reason = excluded.reason, delivery_id = excluded.delivery_id, last_at = now(), taken_at = NULL,
  first_at = CASE WHEN ${ARRIVED} THEN now() ELSE b.first_at END, suppressed_at = coalesce(b.suppressed_at, CASE WHEN ${IN_A_ROW} >= $6::int4 THEN now() END)
WHERE b.delivery_id <> excluded.delivery_id
RETURNING suppressed_at = now()`;

/** Counts what came back; answers the addresses that nothing is sent to from now on. */
export async function countBounces(on: pg.Pool | pg.PoolClient, bounced: readonly BouncedAddress[]): Promise<BouncedAddress[]> {
  const suppressed: BouncedAddress[] = [];
  for (const one of bounced) {
    const rows = await run<[boolean | null]>(on, 'count-bounce', BOUNCE, [one.organization, one.endpoint, one.address.slice(0, 320), one.reason.replaceAll('\0', '').slice(0, 500), one.deliveryId, one.most]);
    if (rows[0]?.[0] === true) suppressed.push(one);
  }
  return suppressed;
}

const TAKEN = `UPDATE bounced_address b SET taken_at = coalesce(b.taken_at, now()) WHERE b.organization_id = $1::uuid AND b.endpoint = $2 AND b.address = ANY ($3::text[])`;

/** Deliveries to these addresses were taken. */
export async function noteTaken(on: pg.Pool, { organization, endpoint }: AddressPlace, addresses: readonly string[]): Promise<void> {
  await run(on, 'addresses-taken', TAKEN, [organization, endpoint, texts(addresses)]);
}

const ALIVE = `DELETE FROM bounced_address b WHERE b.organization_id = $1::uuid AND b.endpoint = $2 AND b.address = ANY ($3::text[]) RETURNING b.address, b.suppressed_at IS NOT NULL`;

/** Forgets what came back from addresses that somebody writes from; answers those that may be sent to again. */
export async function forgetBounces(on: pg.Pool | pg.PoolClient, { organization, endpoint }: AddressPlace, addresses: readonly string[]): Promise<string[]> {
  if (addresses.length === 0) return [];
  const rows = await run<[string, boolean]>(on, 'addresses-alive', ALIVE, [organization, endpoint, texts(addresses)]);
  return rows.flatMap(([address, wasSuppressed]) => (wasSuppressed ? [address] : []));
}
