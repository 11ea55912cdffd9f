import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';

/** One line of the audit log. `seq` counts from 1 in each organization. */
export interface AuditEntry {
  readonly seq: string;
  /** To the millisecond, so that it hashes the same after a round trip. */
  readonly at: Date;
  readonly actorKind: string;
  readonly actorId: string;
  readonly actorName: string;
  readonly action: string;
  readonly subject: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly previousHash: Buffer;
  readonly hash: Buffer;
}

/** Every one that is set must hold. Texts compare in any case. */
export interface AuditFilter {
  /** Part of the name of whoever did it. */
  readonly actor?: string;
  /** A whole action, or the word before its first dot. */
  readonly action?: string;
  /** Part of what was acted on: its kind, its id. */
  readonly subject?: string;
  readonly from?: Date;
  /** Before it. */
  readonly to?: Date;
}

/** Both ends of a chain: its newest entry, and the newest of those that are not kept any more (0: none are missing). */
export interface AuditEnds {
  readonly seq: string;
  readonly hash: Buffer;
  readonly forgottenSeq: string;
  readonly forgottenHash: Buffer;
}

const ENTRY = `SELECT seq::text, at, actor_kind AS "actorKind", actor_id AS "actorId", actor_name AS "actorName", action, subject, details,
  previous_hash AS "previousHash", hash FROM audit_entry WHERE organization_id = $1`;

/** The audit log of one organization, in one transaction. */
export class AuditStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  /** The end of the chain, locked until this transaction ends, and the database's time. */
  async lockHead(): Promise<{ readonly seq: string; readonly hash: Buffer; readonly now: Date }> {
    await this.manager.query(`INSERT INTO audit_head (organization_id, seq, hash) VALUES ($1, 0, $2) ON CONFLICT DO NOTHING`, [this.organization, Buffer.alloc(32)]);
    const [row] = await this.manager.query<{ seq: string; hash: Buffer; now: Date }[]>(
      `SELECT seq::text, hash, date_trunc('milliseconds', clock_timestamp()) AS now FROM audit_head WHERE organization_id = $1 FOR UPDATE`, [this.organization]);
    if (row === undefined) throw new Error('The audit log has no head.');
    return row;
  }

  async append(entry: AuditEntry): Promise<void> {
    await this.manager.query(
      `INSERT INTO audit_entry (organization_id, seq, at, actor_kind, actor_id, actor_name, action, subject, details, previous_hash, hash)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [this.organization, entry.seq, entry.at, entry.actorKind, entry.actorId, entry.actorName, entry.action, entry.subject,
        JSON.stringify(entry.details), entry.previousHash, entry.hash]);
    await this.manager.query('UPDATE audit_head SET seq = $2, hash = $3 WHERE organization_id = $1', [this.organization, entry.seq, entry.hash]);
  }

  /** Entries newest first, from before `before`. */
  newestFirst(filter: AuditFilter, before: string | null, limit: number): Promise<AuditEntry[]> {
    const { sql, values } = conditions(filter, [this.organization, before, limit]);
    return this.manager.query<AuditEntry[]>(`${ENTRY} AND ($2::bigint IS NULL OR seq < $2)${sql} ORDER BY audit_entry.seq DESC LIMIT $3`, values);
  }

  /** Entries oldest first, from after `after`: for the check of the chain, and to take them along. */
  oldestFirst(filter: AuditFilter, after: string, limit: number): Promise<AuditEntry[]> {
    const { sql, values } = conditions(filter, [this.organization, after, limit]);
    return this.manager.query<AuditEntry[]>(`${ENTRY} AND seq > $2${sql} ORDER BY audit_entry.seq LIMIT $3`, values);
  }

  /** The end of the chain as it was last written, and where it begins since older entries were forgotten; null where nothing was written. */
  async head(): Promise<AuditEnds | null> {
    const [row] = await this.manager.query<AuditEnds[]>(
      'SELECT seq::text, hash, forgotten_seq::text AS "forgottenSeq", forgotten_hash AS "forgottenHash" FROM audit_head WHERE organization_id = $1', [this.organization]);
    return row ?? null;
  }
}

function conditions({ actor, action, subject, from, to }: AuditFilter, values: unknown[]): { readonly sql: string; readonly values: unknown[] } {
  const sql: string[] = [];
  const add = (condition: (place: string) => string, value: unknown): void => {
    if (value === undefined) return;
    values.push(value);
    sql.push(` AND ${condition(`$${values.length}`)}`);
  };
  add((place) => `position(lower(${place}::text) IN lower(actor_name)) > 0`, actor);
  add((place) => `(action = lower(${place}::text) OR starts_with(action, lower(${place}::text) || '.'))`, action);
  add((place) => `position(lower(${place}::text) IN lower(subject)) > 0`, subject);
  add((place) => `at >= ${place}::timestamptz`, from);
  add((place) => `at < ${place}::timestamptz`, to);
  return { sql: sql.join(''), values };
}
