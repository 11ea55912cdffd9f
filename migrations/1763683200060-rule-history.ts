import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was done to one rule, endpoint or key is asked for by its subject; how long a translation may take is a setting. */
export class RuleHistory1763683200060 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX audit_entry_subject ON audit_entry (organization_id, subject, seq)');
    await runner.query('ALTER TABLE translation_setting ADD COLUMN time_limit_ms integer NOT NULL DEFAULT 10000');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
