import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When nothing is sent to an endpoint, as its document says it. */
export class Maintenance1763683200160 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE endpoint ADD COLUMN maintenance json NOT NULL DEFAULT '[]'`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
