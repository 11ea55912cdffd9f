import type { MigrationInterface, QueryRunner } from 'typeorm';
import { organizationRows } from './row-security.js';

/** Addresses from which deliveries came back, and those that nothing is sent to any more. */
export class BouncedAddress1763683200240 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // taken_at: since when a delivery was taken there that has not come back; delivery_id: the last one that did.
    await runner.query(`CREATE TABLE bounced_address (
      organization_id uuid NOT NULL, endpoint text NOT NULL, address text NOT NULL, bounces integer NOT NULL, reason text NOT NULL, delivery_id uuid NOT NULL,
      first_at timestamptz NOT NULL DEFAULT now(), last_at timestamptz NOT NULL DEFAULT now(), taken_at timestamptz, suppressed_at timestamptz,
      PRIMARY KEY (organization_id, endpoint, address), FOREIGN KEY (organization_id, endpoint) REFERENCES endpoint (organization_id, id) ON DELETE CASCADE)`);
    await runner.query('CREATE INDEX bounced_address_suppressed ON bounced_address (organization_id, endpoint) WHERE suppressed_at IS NOT NULL');
    for (const statement of organizationRows('bounced_address', { app: 'SELECT, DELETE' })) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
