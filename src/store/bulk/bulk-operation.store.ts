import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';
import type { BulkSelection, PlannedTo } from './bulk-selection.js';

export const BULK_STATES = ['PLANNING', 'PLANNED', 'RUNNING', 'DONE', 'CANCELLED'] as const;
export type BulkState = (typeof BULK_STATES)[number];

/** Who planned, started or cancelled it: as the audit log wants it. */
export interface BulkActor {
  readonly kind: 'person' | 'api-key' | 'system';
  readonly id: string;
  readonly name: string;
}

/** How many were found at an endpoint in a state for a reason. */
export interface BulkGroup {
  readonly endpoint: string;
  readonly state: string;
  readonly reason: string;
  readonly count: number;
}

export interface BulkCounts {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
}

/** One act on many, as stored. */
export interface BulkRow extends BulkCounts {
  readonly id: string;
  readonly action: string;
  readonly selection: BulkSelection;
  readonly digest: Buffer;
  readonly state: BulkState;
  readonly plannedTo: PlannedTo | null;
  readonly isCut: boolean;
  readonly groups: readonly BulkGroup[];
  readonly createdBy: BulkActor;
  readonly startedBy: BulkActor | null;
  readonly cancelledBy: BulkActor | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly updatedAt: Date;
  /** How long ago it was planned, by the database's clock. */
  readonly ageSeconds: number;
}

const ROW = `SELECT id, action, selection, digest, state, planned_to AS "plannedTo", is_cut AS "isCut", groups, total, done, failed, skipped,
  created_by AS "createdBy", started_by AS "startedBy", cancelled_by AS "cancelledBy", created_at AS "createdAt", started_at AS "startedAt", finished_at AS "finishedAt", updated_at AS "updatedAt",
  extract(epoch FROM now() - created_at)::float8 AS "ageSeconds" FROM bulk_operation WHERE organization_id = $1`;

/** The bulk operations of one organization, in one transaction. */
export class BulkOperationStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  async create(row: Pick<BulkRow, 'id' | 'action' | 'selection' | 'digest' | 'createdBy'>): Promise<void> {
    await this.manager.query(`INSERT INTO bulk_operation (organization_id, id, action, selection, digest, created_by) VALUES ($1, $2, $3, $4, $5, $6)`,
      [this.organization, row.id, row.action, JSON.stringify(row.selection), row.digest, JSON.stringify(row.createdBy)]);
  }

  async find(id: string): Promise<BulkRow | null> {
    return (await this.manager.query<BulkRow[]>(`${ROW} AND id = $2`, [this.organization, id]))[0] ?? null;
  }

  /** Newest first, before the id of a cursor. */
  page(before: string | null, limit: number): Promise<BulkRow[]> {
    return this.manager.query<BulkRow[]>(`${ROW} AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`, [this.organization, before, limit]);
  }

  /** The operation under its lock, for whoever changes it or works on it. */
  async lock(id: string): Promise<BulkRow | null> {
    return (await this.manager.query<BulkRow[]>(`${ROW} AND id = $2 FOR UPDATE`, [this.organization, id]))[0] ?? null;
  }

  /** The same, but null at once where another process works on it at this moment. */
  async tryLock(id: string): Promise<BulkRow | null> {
    return (await this.manager.query<BulkRow[]>(`${ROW} AND id = $2 FOR UPDATE SKIP LOCKED`, [this.organization, id]))[0] ?? null;
  }

  async notePlanned(id: string, { total, plannedTo, isCut }: Pick<BulkRow, 'total' | 'plannedTo' | 'isCut'>): Promise<void> {
    await this.manager.query('UPDATE bulk_operation SET total = $3, planned_to = $4, is_cut = $5, updated_at = now() WHERE organization_id = $1 AND id = $2',
      [this.organization, id, total, plannedTo === null ? null : JSON.stringify(plannedTo), isCut]);
  }

  async planned(id: string, groups: readonly BulkGroup[]): Promise<void> {
    await this.manager.query(`UPDATE bulk_operation SET state = 'PLANNED', groups = $3, updated_at = now() WHERE organization_id = $1 AND id = $2`, [this.organization, id, JSON.stringify(groups)]);
  }

  async start(id: string, by: BulkActor): Promise<void> {
    await this.manager.query(`UPDATE bulk_operation SET state = 'RUNNING', started_by = $3, started_at = now(), updated_at = now() WHERE organization_id = $1 AND id = $2`, [this.organization, id, JSON.stringify(by)]);
  }

  async progress(id: string, { done, failed, skipped }: Omit<BulkCounts, 'total'>): Promise<void> {
    await this.manager.query(
      `UPDATE bulk_operation SET done = done + $3, failed = failed + $4, skipped = skipped + $5, updated_at = now() WHERE organization_id = $1 AND id = $2`, [this.organization, id, done, failed, skipped]);
  }

  async finish(id: string): Promise<void> {
    await this.manager.query(`UPDATE bulk_operation SET state = 'DONE', finished_at = now(), updated_at = now() WHERE organization_id = $1 AND id = $2`, [this.organization, id]);
  }

  async cancel(id: string, by: BulkActor): Promise<void> {
    await this.manager.query(
      `UPDATE bulk_operation SET state = 'CANCELLED', cancelled_by = $3, finished_at = now(), updated_at = now() WHERE organization_id = $1 AND id = $2`, [this.organization, id, JSON.stringify(by)]);
  }
}
