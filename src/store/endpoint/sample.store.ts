import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';
import { newId } from '../pipeline/uuid.js';

/** What was recorded besides the bytes of its body. */
export type Recorded =
  | { readonly kind: 'request'; readonly entityType: string; readonly contentType: string; readonly headers: Readonly<Record<string, string>>; readonly query: string }
  | { readonly kind: 'answer'; readonly entityType: string; readonly operation: 'CREATE' | 'UPDATE'; readonly step?: string; readonly status: number; readonly headers: Readonly<Record<string, string>> };

export interface Sample {
  readonly id: string;
  readonly name: string;
  readonly recorded: Recorded;
  readonly body: Buffer;
  /** What the settings should make of it. */
  readonly expected: unknown;
  readonly savedAt: Date;
  readonly savedBy: string;
}

/** Recorded samples of one organization's endpoints, in one transaction. */
export class SampleStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  async list(endpoint: string): Promise<Sample[]> {
    const rows = await this.manager.query<(Omit<Sample, 'recorded'> & { readonly kind: string; readonly recorded: object })[]>(
      `SELECT id, name, kind, recorded, body, expected, saved_at AS "savedAt", saved_by AS "savedBy" FROM endpoint_sample WHERE organization_id = $1 AND endpoint = $2 ORDER BY name`, [this.organization, endpoint]);
    return rows.map(({ kind, recorded, ...row }) => ({ ...row, recorded: { kind, ...recorded } as Recorded }));
  }

  /** Keeps a sample under its name, in the place of an earlier one; answers its id. */
  async save(endpoint: string, { name, recorded: { kind, ...recorded }, body, expected }: Pick<Sample, 'name' | 'recorded' | 'body' | 'expected'>, by: string): Promise<string> {
    const [row] = await this.manager.query<[{ id: string }]>(
      `INSERT INTO endpoint_sample (organization_id, id, endpoint, name, kind, recorded, body, expected, saved_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (organization_id, endpoint, name) DO UPDATE SET kind = excluded.kind, recorded = excluded.recorded, body = excluded.body, expected = excluded.expected, saved_at = now(), saved_by = excluded.saved_by RETURNING id`,
      [this.organization, newId(), endpoint, name, kind, JSON.stringify(recorded), body, JSON.stringify(expected), by]);
    return row.id;
  }

  async count(endpoint: string, besides: string): Promise<number> {
    const [row] = await this.manager.query<[{ count: number }]>('SELECT count(*)::int4 AS count FROM endpoint_sample WHERE organization_id = $1 AND endpoint = $2 AND name <> $3', [this.organization, endpoint, besides]);
    return row.count;
  }

  /** Answers the name of what was removed; null where there was none. */
  async remove(endpoint: string, id: string): Promise<string | null> {
    const [rows] = await this.manager.query<[{ name: string }[], number]>('DELETE FROM endpoint_sample WHERE organization_id = $1 AND endpoint = $2 AND id = $3 RETURNING name', [this.organization, endpoint, id]);
    return rows[0]?.name ?? null;
  }

  /** The request that a message of this endpoint came with, as far as it is kept. */
  async requestOf(endpoint: string, message: string): Promise<{ readonly recorded: Recorded; readonly body: Buffer } | null> {
    const [row] = await this.manager.query<{ entityType: string; contentType: string; headers: Record<string, string> | null; query: string | null; body: Buffer }[]>(
      `SELECT r.entity_type AS "entityType", r.content_type AS "contentType", r.headers, r.query, r.body FROM message m JOIN raw_request r ON r.organization_id = m.organization_id AND r.id = m.raw_id
       WHERE m.organization_id = $1 AND m.id = $3 AND m.endpoint = $2`, [this.organization, endpoint, message]);
    return row === undefined ? null : { recorded: { kind: 'request', entityType: row.entityType, contentType: row.contentType, headers: row.headers ?? {}, query: row.query ?? '' }, body: row.body };
  }

  /** The last answer to a delivery to this endpoint, as far as it is kept: without its headers. */
  async answerOf(endpoint: string, delivery: string): Promise<{ readonly recorded: Recorded; readonly body: Buffer } | null> {
    const [row] = await this.manager.query<{ entityType: string; operation: 'CREATE' | 'UPDATE'; status: number; body: Buffer }[]>(
      `SELECT d.entity_type AS "entityType", d.operation, a.http_status AS status, coalesce(a.answer, '') AS body FROM delivery d JOIN attempt a ON a.delivery_id = d.id AND a.organization_id = d.organization_id
       WHERE d.organization_id = $1 AND d.id = $3 AND d.endpoint = $2 AND a.http_status IS NOT NULL ORDER BY a.number DESC LIMIT 1`, [this.organization, endpoint, delivery]);
    return row === undefined ? null : { recorded: { kind: 'answer', entityType: row.entityType, operation: row.operation, status: row.status, headers: {} }, body: row.body };
  }
}
