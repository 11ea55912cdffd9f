import type pg from 'pg';
import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';

/** Values of one table that are kept; a table that lacks more is told enough by these. */
export const MOST_VALUES = 200;

/** How often values met a table that has no row for them, to be added to what is known of it. */
export interface UnmappedChange {
  readonly organization: string;
  /** Of rule, table and folded values. */
  readonly id: string;
  /** Of rule and table. */
  readonly tableId: string;
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly mapping: string;
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  readonly held: readonly string[];
  readonly hasDefault: boolean;
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** The latest message that brought them. */
  readonly messageId: string;
}

export interface UnmappedRow {
  readonly id: string;
  readonly ruleId: string;
  readonly rule: string;
  readonly ruleVersion: number;
  readonly mapping: string;
  readonly sources: string[];
  readonly targets: string[];
  readonly held: string[];
  readonly hasDefault: boolean;
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly messageId: string;
  readonly seenAt: Date | null;
  readonly seenBy: string | null;
}

/** Every filter that is set must hold. */
export interface UnmappedFilter {
  readonly rule?: string | undefined;
  /** Those that somebody has seen, or those that nobody has. */
  readonly seen: boolean;
}

const LIST = (column: string): string => `ARRAY(SELECT json_array_elements_text(c.${column}))`;

/** What a version met that is in use no more is left out: the next one may have a row for it. */
const ADD = `WITH c AS MATERIALIZED (
    SELECT c.*, EXISTS (SELECT FROM unmapped_value k WHERE k.organization_id = c.organization AND k.id = c.id) AS known
    FROM json_to_recordset($1::json) AS c(organization uuid, id text, "tableId" text, "ruleId" text, "ruleVersion" int, mapping text, sources json, targets json, held json, "hasDefault" boolean,
      count int8, "firstMs" float8, "lastMs" float8, "messageId" uuid)
    JOIN rule r ON r.organization_id = c.organization AND r.rule_id = c."ruleId" AND r.current_version = c."ruleVersion" AND r.deleted_at IS NULL),
  n AS (SELECT c.*, row_number() OVER (PARTITION BY c.organization, c."tableId", c.known ORDER BY c.count DESC, c.id) AS place,
      (SELECT count(*) FROM unmapped_value k WHERE k.organization_id = c.organization AND k.table_id = c."tableId") AS kept FROM c)
  INSERT INTO unmapped_value AS u (organization_id, id, table_id, rule_id, rule_version, mapping, sources, targets, held, has_default, count, first_at, last_at, message_id)
  SELECT c.organization, c.id, c."tableId", c."ruleId", c."ruleVersion", c.mapping, ${LIST('sources')}, ${LIST('targets')}, ${LIST('held')}, c."hasDefault",
    c.count, to_timestamp(c."firstMs" / 1000), to_timestamp(c."lastMs" / 1000), c."messageId"
  FROM n c WHERE c.known OR c.kept + c.place <= ${MOST_VALUES} ORDER BY c.organization, c.id COLLATE "C"
  ON CONFLICT (organization_id, id) DO UPDATE SET count = u.count + excluded.count, first_at = least(u.first_at, excluded.first_at), last_at = greatest(u.last_at, excluded.last_at),
    message_id = excluded.message_id, rule_version = excluded.rule_version, mapping = excluded.mapping, has_default = excluded.has_default`;

/** Adds to the counts; all or nothing. Several processes may add to the same one. */
export async function addUnmapped(pool: pg.Pool, changes: readonly UnmappedChange[]): Promise<void> {
  if (changes.length > 0) await pool.query(ADD, [JSON.stringify(changes)]);
}

/** What the tables of an organization's rules had no row for, in one transaction. */
export class UnmappedStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  /** What came last first, behind an instant and an id. */
  page({ rule, seen }: UnmappedFilter, after: { readonly lastAt: string; readonly id: string } | null, limit: number): Promise<UnmappedRow[]> {
    return this.manager.query<UnmappedRow[]>(
      `SELECT u.id, u.rule_id AS "ruleId", r.name AS rule, u.rule_version AS "ruleVersion", u.mapping, u.sources, u.targets, u.held, u.has_default AS "hasDefault", u.count::float8 AS count,
         u.first_at AS "firstAt", u.last_at AS "lastAt", u.message_id AS "messageId", u.seen_at AS "seenAt", u.seen_by AS "seenBy"
       FROM unmapped_value u JOIN rule r ON r.organization_id = u.organization_id AND r.rule_id = u.rule_id
       WHERE u.organization_id = $1 AND (u.seen_at IS NOT NULL) = $2 AND ($3::text IS NULL OR u.rule_id = $3) AND ($4::timestamptz IS NULL OR (u.last_at, u.id) < ($4, $5))
       ORDER BY u.last_at DESC, u.id DESC LIMIT $6`, [this.organization, seen, rule ?? null, after?.lastAt ?? null, after?.id ?? null, limit]);
  }

  /** Marks them as seen by somebody, or as not seen; answers the ids that were there, with their rules. */
  async see(ids: readonly string[], by: string | null): Promise<{ readonly id: string; readonly ruleId: string; readonly held: readonly string[] }[]> {
    const [rows] = await this.manager.query<[{ id: string; ruleId: string; held: string[] }[], number]>(
      `UPDATE unmapped_value SET seen_at = CASE WHEN $3::text IS NULL THEN NULL ELSE now() END, seen_by = $3 WHERE organization_id = $1 AND id = ANY ($2::text[])
       RETURNING id, rule_id AS "ruleId", held`, [this.organization, ids, by]);
    return rows;
  }

  ofRule(ruleId: string): Promise<Pick<UnmappedRow, 'id' | 'mapping' | 'sources' | 'targets' | 'held'>[]> {
    return this.manager.query('SELECT id, mapping, sources, targets, held FROM unmapped_value WHERE organization_id = $1 AND rule_id = $2', [this.organization, ruleId]);
  }

  async forget(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.manager.query('DELETE FROM unmapped_value WHERE organization_id = $1 AND id = ANY ($2::text[])', [this.organization, ids]);
  }

  /** Their tables stand elsewhere now, in this version. */
  async place(places: readonly { readonly id: string; readonly mapping: string }[], version: number): Promise<void> {
    if (places.length === 0) return;
    await this.manager.query(`UPDATE unmapped_value u SET mapping = p.mapping, rule_version = $4 FROM unnest($2::text[], $3::text[]) p(id, mapping) WHERE u.organization_id = $1 AND u.id = p.id`,
      [this.organization, places.map(({ id }) => id), places.map(({ mapping }) => mapping), version]);
  }
}
