import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Ready conversations are claimed in turns of their organizations, so that one with a hundred thousand of them does not stand before all others.
 * One index takes the other's place: each costs every message a write.
 */
export class FairClaim1763683200090 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX conversation_ready_by_organization ON conversation (organization_id, ready_at) WHERE ready_at < 'infinity'`);
    await runner.query('DROP INDEX conversation_ready');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
