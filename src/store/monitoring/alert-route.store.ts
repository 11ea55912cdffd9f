import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';

/** A place that alerts go to, as stored; the target sealed. */
export interface AlertRouteRow {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly target: Buffer;
  /** What of the target may be shown. */
  readonly shown: string;
  /** Empty: all kinds. */
  readonly alertKinds: readonly string[];
  readonly enabled: boolean;
  readonly verifiedAt: Date | null;
  readonly codeHash: Buffer | null;
  readonly codeUntil: Date | null;
  readonly codeTries: number;
  readonly lastSentAt: Date | null;
  readonly lastError: string | null;
}

export type AlertRouteWrite = Pick<AlertRouteRow, 'id' | 'name' | 'kind' | 'target' | 'shown' | 'alertKinds' | 'enabled' | 'verifiedAt'>;

const ROUTE = `id, name, kind, target, shown, alert_kinds AS "alertKinds", enabled, verified_at AS "verifiedAt", code_hash AS "codeHash", code_until AS "codeUntil",
  code_tries AS "codeTries", last_sent_at AS "lastSentAt", last_error AS "lastError"`;

/** The alert routes of one organization, in one transaction. */
export class AlertRouteStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  all(): Promise<AlertRouteRow[]> {
    return this.manager.query<AlertRouteRow[]>(`SELECT ${ROUTE} FROM alert_route WHERE organization_id = $1 ORDER BY name COLLATE "C"`, [this.organization]);
  }

  /** Locked until the transaction ends. */
  async find(id: string): Promise<AlertRouteRow | null> {
    const [row] = await this.manager.query<AlertRouteRow[]>(`SELECT ${ROUTE} FROM alert_route WHERE organization_id = $1 AND id = $2 FOR UPDATE`, [this.organization, id]);
    return row ?? null;
  }

  /** Inserts or overwrites. A name that another route has raises 23505. */
  async save({ id, name, kind, target, shown, alertKinds, enabled, verifiedAt }: AlertRouteWrite): Promise<void> {
    await this.manager.query(
      `INSERT INTO alert_route (organization_id, id, name, kind, target, shown, alert_kinds, enabled, verified_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, target = excluded.target, shown = excluded.shown,
         alert_kinds = excluded.alert_kinds, enabled = excluded.enabled, verified_at = excluded.verified_at, last_error = NULL
       WHERE alert_route.organization_id = excluded.organization_id`,
      [this.organization, id, name, kind, target, shown, alertKinds, enabled, verifiedAt]);
  }

  async setCode(id: string, hash: Buffer, validMs: number): Promise<void> {
    await this.manager.query(`UPDATE alert_route SET code_hash = $3, code_until = now() + $4 * interval '1 millisecond', code_tries = 0 WHERE organization_id = $1 AND id = $2`, [this.organization, id, hash, validMs]);
  }

  async countTry(id: string): Promise<void> {
    await this.manager.query('UPDATE alert_route SET code_tries = code_tries + 1 WHERE organization_id = $1 AND id = $2', [this.organization, id]);
  }

  async verified(id: string): Promise<void> {
    await this.manager.query('UPDATE alert_route SET verified_at = now(), code_hash = NULL, code_until = NULL WHERE organization_id = $1 AND id = $2', [this.organization, id]);
  }

  /** Answers whether there was one. What it was still to be told goes with it. */
  async remove(id: string): Promise<boolean> {
    const [, count] = await this.manager.query<[unknown[], number]>('DELETE FROM alert_route WHERE organization_id = $1 AND id = $2', [this.organization, id]);
    return count > 0;
  }
}
