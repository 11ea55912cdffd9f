import type { EntityManager } from 'typeorm';

/** The one row about this installation. */
export class InstallationStore {
  constructor(private readonly manager: EntityManager) {}

  /** The check value of the key that secrets are sealed with; null before the first start. */
  async keyCheck(): Promise<Buffer | null> {
    const [row] = await this.manager.query<{ key_check: Buffer | null }[]>('SELECT key_check FROM installation');
    return row?.key_check ?? null;
  }

  /** Sets the check value if none is set yet, and answers the one that holds: of several first processes, one wins. */
  async claimKeyCheck(check: Buffer): Promise<Buffer> {
    await this.manager.query('UPDATE installation SET key_check = $1 WHERE key_check IS NULL', [check]);
    return (await this.keyCheck()) ?? check;
  }

  async id(): Promise<string> {
    const [row] = await this.manager.query<{ id: string }[]>('SELECT id FROM installation');
    if (row === undefined) throw new Error('The table installation has no row.');
    return row.id;
  }

  /** Holds others up until this transaction ends. */
  async lockFirstStart(): Promise<void> {
    await this.manager.query('SELECT pg_advisory_xact_lock(7270540)');
  }
}
