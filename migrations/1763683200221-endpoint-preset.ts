import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which preset an endpoint was made from, in which version, and what that said then: a newer one is joined with what was changed since. */
export class EndpointPreset1763683200221 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE endpoint ADD COLUMN preset json');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
