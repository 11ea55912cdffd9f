import type { EntityManager } from 'typeorm';
import type { OrganizationId } from '../organization.js';

/** How far back the people of one organization see, in one transaction. */
export class ShownDaysStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  /** Null: as far as there is anything. */
  async read(): Promise<number | null> {
    return (await this.manager.query<{ days: number | null }[]>('SELECT shown_days AS days FROM organization WHERE id = $1', [this.organization]))[0]?.days ?? null;
  }

  /** The instant, in milliseconds by the database's clock, before which nothing is shown; null: everything is. */
  async fromMs(): Promise<number | null> {
    const [row] = await this.manager.query<{ from: number | null }[]>(
      `SELECT floor(extract(epoch FROM now() - shown_days * interval '1 day') * 1000)::float8 AS from FROM organization WHERE id = $1`, [this.organization]);
    return row?.from ?? null;
  }

  async write(days: number | null): Promise<void> {
    await this.manager.query('UPDATE organization SET shown_days = $2 WHERE id = $1', [this.organization, days]);
  }
}
