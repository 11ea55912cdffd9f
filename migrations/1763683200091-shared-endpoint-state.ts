import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What all instances know together of an endpoint: circuit, pause it asked for, what is left of its rate limit. Null: nothing yet. */
export class SharedEndpointState1763683200091 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE endpoint_runtime ADD COLUMN shared_state jsonb, ADD COLUMN state_at timestamptz');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
