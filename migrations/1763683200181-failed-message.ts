import type { MigrationInterface, QueryRunner } from 'typeorm';
import { organizationRows } from './row-security.js';

/** Messages that ended as FAILED of late, for alerts. An index of states would make every change of a message's state write to it. */
export class FailedMessage1763683200181 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE failed_message (
      organization_id uuid NOT NULL, message_id uuid NOT NULL, endpoint text NOT NULL, reason text NOT NULL, failed_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (organization_id, message_id))`);
    await runner.query('CREATE INDEX failed_message_age ON failed_message (failed_at)');
    for (const statement of organizationRows('failed_message')) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
