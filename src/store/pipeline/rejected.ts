import type pg from 'pg';
import type { OrganizationId } from '../organization.js';
import { bytes, int2s, int4s, texts, uuids } from './binary-array.js';
import { run } from './statement.js';
import { newId } from './uuid.js';

/** A request that was refused after its sender was known. */
export interface RejectedRequest {
  readonly organization: OrganizationId;
  readonly endpoint: string;
  readonly entityType: string;
  readonly status: number;
  readonly code: string;
  readonly reason: string;
  /** Where it came from. */
  readonly address: string;
  /** JSON; no secret is in it. */
  readonly headers: string;
  readonly contentType: string;
  readonly body: Uint8Array;
}

const KEPT_BYTES = 65_536;
/** Of each endpoint the newest are kept; trimmed each time this many more have come. */
const KEPT_PER_ENDPOINT = 1_000;

const KEEP = `INSERT INTO rejected_request (organization_id, id, endpoint, entity_type, status, reason, content_type, body, code, address, headers, size)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::int2[], $6::text[], $7::text[], $8::bytea[], $9::text[], $10::text[], $11::text[], $12::int4[])`;

const TRIM = `DELETE FROM rejected_request r USING unnest($1::uuid[], $2::text[]) e(org, ep)
WHERE r.organization_id = e.org AND r.endpoint = e.ep AND r.id < (
  SELECT x.id FROM rejected_request x WHERE x.organization_id = e.org AND x.endpoint = e.ep ORDER BY x.id DESC OFFSET ${KEPT_PER_ENDPOINT} LIMIT 1)`;

/** Text as a column can hold it. */
const storable = (text: string): string => text.replaceAll('\0', '').slice(0, 500).toWellFormed();

/** Keeps refused requests, the first 64 kB of each, the newest thousand per endpoint. */
export async function keepRejected(on: pg.Pool, requests: readonly RejectedRequest[]): Promise<void> {
  await run(on, 'keep-rejected', KEEP, [
    uuids(requests.map((r) => r.organization)), uuids(requests.map(() => newId())), texts(requests.map((r) => storable(r.endpoint))), texts(requests.map((r) => storable(r.entityType))),
    int2s(requests.map((r) => r.status)), texts(requests.map((r) => storable(r.reason))), texts(requests.map((r) => storable(r.contentType))), bytes(requests.map((r) => r.body.subarray(0, KEPT_BYTES))),
    texts(requests.map((r) => r.code)), texts(requests.map((r) => storable(r.address))), texts(requests.map((r) => r.headers)), int4s(requests.map((r) => r.body.byteLength)),
  ]);
  const endpoints = [...new Map(requests.map((r) => [`${r.organization} ${r.endpoint}`, r])).values()];
  await run(on, 'trim-rejected', TRIM, [uuids(endpoints.map((r) => r.organization)), texts(endpoints.map((r) => storable(r.endpoint)))]);
}
