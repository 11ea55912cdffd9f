import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which sign-in provider vouched for whoever opened a session: they may want to sign out there, too. */
export class SessionProvider1763683200171 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE person_session ADD COLUMN provider_id uuid');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
