import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The request of an attempt that did not succeed, as JSON and without secrets; null of all others. */
export class AttemptRequest1763683200201 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE attempt ADD COLUMN request text');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
