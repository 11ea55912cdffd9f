import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Refresh tokens of settings that the target replaces are kept as those of a person's consent are; the pipeline begins with them. */
export class TokenSeed1763683200211 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('GRANT INSERT ON endpoint_connection TO parley_worker');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
