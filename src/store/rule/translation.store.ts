import type pg from 'pg';
import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';

/** How an organization translates, as stored; the key sealed. */
export interface StoredTranslation {
  readonly provider: string;
  readonly url: string | null;
  readonly key: Buffer;
  readonly timeLimitMs: number;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

const READ = `SELECT provider, url, key, time_limit_ms AS "timeLimitMs", updated_at AS "updatedAt", updated_by AS "updatedBy" FROM translation_setting WHERE organization_id = $1`;

/** The translation settings of an organization, read as the pipeline. */
export async function readTranslation(organization: OrganizationId, worker: pg.Pool): Promise<StoredTranslation | null> {
  const { rows } = await worker.query<StoredTranslation>(READ, [organization]);
  return rows[0] ?? null;
}

/** The translation settings of one organization, in one transaction. */
export class TranslationStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  async find(): Promise<StoredTranslation | null> {
    const rows = await this.manager.query<StoredTranslation[]>(READ, [this.organization]);
    return rows[0] ?? null;
  }

  async save({ provider, url, key, timeLimitMs, updatedBy }: Omit<StoredTranslation, 'updatedAt'>): Promise<void> {
    await this.manager.query(
      `INSERT INTO translation_setting (organization_id, provider, url, key, time_limit_ms, updated_by) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (organization_id) DO UPDATE
       SET provider = excluded.provider, url = excluded.url, key = excluded.key, time_limit_ms = excluded.time_limit_ms, updated_at = now(), updated_by = excluded.updated_by`,
      [this.organization, provider, url, key, timeLimitMs, updatedBy]);
  }

  /** Answers whether there were any. */
  async remove(): Promise<boolean> {
    const [, count] = await this.manager.query<[unknown[], number]>('DELETE FROM translation_setting WHERE organization_id = $1', [this.organization]);
    return count > 0;
  }
}
