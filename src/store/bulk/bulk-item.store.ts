import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';
import type { BulkGroup } from './bulk-operation.store.js';

export const BULK_OUTCOMES = ['DONE', 'FAILED', 'SKIPPED'] as const;
export type BulkOutcome = (typeof BULK_OUTCOMES)[number];

/** One delivery or message of a bulk operation; `outcome` is null until its turn has come. */
export interface BulkItemRow {
  readonly subject: string;
  readonly endpoint: string;
  readonly stateThen: string;
  readonly reasonThen: string;
  readonly outcome: BulkOutcome | null;
  readonly reason: string | null;
  readonly tries: number;
  readonly finishedAt: Date | null;
}

/** What came of one item. `later`: it could not be touched at this moment. */
export type BulkItemEnd =
  | { readonly subject: string; readonly outcome: BulkOutcome; readonly reason: string | null }
  | { readonly subject: string; readonly outcome: 'later'; readonly reason: string };

const ITEM = `SELECT subject, endpoint, state_then AS "stateThen", reason_then AS "reasonThen", outcome, reason, tries, finished_at AS "finishedAt" FROM bulk_item WHERE organization_id = $1 AND bulk_id = $2`;

/** Groups that a plan shows; the rest is in its total. */
const MOST_GROUPS = 50;

/** What one bulk operation is about, in one transaction. */
export class BulkItemStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager, private readonly bulk: string) {}

  /** Those whose turn has come, oldest first. */
  open(limit: number): Promise<BulkItemRow[]> {
    return this.manager.query<BulkItemRow[]>(`${ITEM} AND outcome IS NULL AND (not_before IS NULL OR not_before <= now()) ORDER BY subject LIMIT $3`, [this.organization, this.bulk, limit]);
  }

  async hasOpen(): Promise<boolean> {
    return (await this.manager.query<unknown[]>('SELECT 1 FROM bulk_item WHERE organization_id = $1 AND bulk_id = $2 AND outcome IS NULL LIMIT 1', [this.organization, this.bulk])).length > 0;
  }

  /** A page in the order of ids, after the id of a cursor. `outcome`: `OPEN` for those without one. */
  page(outcome: BulkOutcome | 'OPEN' | null, after: string | null, limit: number): Promise<BulkItemRow[]> {
    const condition = outcome === null ? '' : outcome === 'OPEN' ? ' AND outcome IS NULL' : ' AND outcome = $5';
    return this.manager.query<BulkItemRow[]>(`${ITEM} AND ($3::uuid IS NULL OR subject > $3)${condition} ORDER BY subject LIMIT $4`,
      [this.organization, this.bulk, after, limit, ...(outcome === null || outcome === 'OPEN' ? [] : [outcome])]);
  }

  /** The largest groups first. */
  groups(): Promise<BulkGroup[]> {
    return this.manager.query<BulkGroup[]>(
      `SELECT endpoint, state_then AS state, reason_then AS reason, count(*)::int AS count FROM bulk_item WHERE organization_id = $1 AND bulk_id = $2
       GROUP BY 1, 2, 3 ORDER BY count DESC, 1, 2, 3 LIMIT ${MOST_GROUPS}`, [this.organization, this.bulk]);
  }

  /** Writes what came of a batch. */
  async end(ends: readonly BulkItemEnd[]): Promise<void> {
    await this.manager.query(
      `UPDATE bulk_item i SET outcome = nullif(u.outcome, 'later'), reason = u.reason, tries = i.tries + 1,
         finished_at = CASE WHEN u.outcome = 'later' THEN NULL ELSE now() END, not_before = CASE WHEN u.outcome = 'later' THEN now() + interval '1 second' END
       FROM unnest($3::uuid[], $4::text[], $5::text[]) u(subject, outcome, reason) WHERE i.organization_id = $1 AND i.bulk_id = $2 AND i.subject = u.subject`,
      [this.organization, this.bulk, ends.map((one) => one.subject), ends.map((one) => one.outcome), ends.map((one) => one.reason)]);
  }
}
