import type pg from 'pg';
import type { OrganizationId } from '../organization.js';
import { texts, uuids } from './binary-array.js';
import { run } from './statement.js';

export interface RepeatKey {
  readonly organization: OrganizationId;
  readonly endpoint: string;
  readonly key: string;
}

/** What a request is known by when it comes again. */
export interface RequestKey {
  readonly key: string;
  /** A repeat has the same; another one is refused. */
  readonly bodyHash: Uint8Array;
  /** After so many milliseconds the same key is no repeat any more; where absent, as long as keys are kept. */
  readonly forMs?: number;
}

/** The first request under a key. */
export interface FirstRequest {
  readonly messageId: string;
  readonly bodyHash: Buffer;
}

const FIND = `SELECT k.organization_id::text, k.endpoint, k.key, k.message_id::text, k.body_hash
FROM unnest($1::uuid[], $2::text[], $3::text[]) u(org, ep, key) JOIN inbound_key k ON k.organization_id = u.org AND k.endpoint = u.ep AND k.key = u.key`;

export const repeatKeyText = (key: RepeatKey): string => `${key.organization} ${key.endpoint} ${key.key}`;

/** The requests that came first under these keys, by `repeatKeyText`. */
export async function findFirstRequests(on: pg.Pool | pg.PoolClient, keys: readonly RepeatKey[]): Promise<Map<string, FirstRequest>> {
  const rows = await run<[OrganizationId, string, string, string, Buffer]>(on, 'find-repeats', FIND, [uuids(keys.map((k) => k.organization)), texts(keys.map((k) => k.endpoint)), texts(keys.map((k) => k.key))]);
  return new Map(rows.map(([organization, endpoint, key, messageId, bodyHash]) => [repeatKeyText({ organization, endpoint, key }), { messageId, bodyHash }]));
}

const FORGET = `DELETE FROM inbound_key k USING unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[]) u(org, ep, key, id)
WHERE k.organization_id = u.org AND k.endpoint = u.ep AND k.key = u.key AND k.message_id = u.id`;

/** Gives back keys whose time is over; one that somebody else has taken meanwhile stays. */
export async function forgetRequests(on: pg.Pool | pg.PoolClient, over: readonly (RepeatKey & { readonly messageId: string })[]): Promise<void> {
  if (over.length > 0) await run(on, 'forget-requests', FORGET, [uuids(over.map((k) => k.organization)), texts(over.map((k) => k.endpoint)), texts(over.map((k) => k.key)), uuids(over.map((k) => k.messageId))]);
}

const CLAIM = `INSERT INTO inbound_key (organization_id, endpoint, key, message_id, body_hash)
SELECT u.org, u.ep, u.key, u.id, ''::bytea FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[]) u(org, ep, key, id) ORDER BY u.org, u.ep, u.key ON CONFLICT DO NOTHING RETURNING message_id::text`;

/** Takes event ids that a normalized message carries; returns the messages that were first. */
export async function takeEventIds(on: pg.PoolClient, events: readonly (RepeatKey & { readonly messageId: string })[]): Promise<Set<string>> {
  if (events.length === 0) return new Set();
  const rows = await run<[string]>(on, 'take-event-ids', CLAIM, [uuids(events.map((e) => e.organization)), texts(events.map((e) => e.endpoint)), texts(events.map((e) => e.key)), uuids(events.map((e) => e.messageId))]);
  return new Set(rows.map(([id]) => id));
}
