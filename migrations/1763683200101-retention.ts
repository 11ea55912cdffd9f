import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How far back an organization's people see; where the kept part of the audit log begins, so that its chain can still be followed
 * when the oldest entries are gone; and who may take those away: the pipeline's role, which the API never is.
 */
export class Retention1763683200101 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      'ALTER TABLE organization ADD COLUMN shown_days integer CHECK (shown_days > 0)',
      `ALTER TABLE audit_head ADD COLUMN forgotten_seq bigint NOT NULL DEFAULT 0, ADD COLUMN forgotten_hash bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex')`,
      'GRANT SELECT, DELETE ON audit_entry TO parley_worker',
      'GRANT SELECT ON audit_head TO parley_worker',
      'GRANT UPDATE (forgotten_seq, forgotten_hash) ON audit_head TO parley_worker',
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
