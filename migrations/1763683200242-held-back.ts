import type { MigrationInterface, QueryRunner } from 'typeorm';
import { organizationRows } from './row-security.js';

/** Why messages were held back of late since too many came, counted, for alerts. */
export class HeldBack1763683200242 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE held_back (
      organization_id uuid NOT NULL, endpoint text NOT NULL, reason text NOT NULL, count integer NOT NULL, since timestamptz NOT NULL DEFAULT now(), last_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (organization_id, endpoint, reason))`);
    await runner.query('CREATE INDEX held_back_age ON held_back (last_at)');
    for (const statement of organizationRows('held_back', { app: '' })) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
