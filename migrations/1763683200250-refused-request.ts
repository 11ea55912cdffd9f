import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What somebody needs who looks at a refused request: the code of its reason, where it came from, its headers without secrets, how long its body was. */
export class RefusedRequest1763683200250 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE rejected_request
      ADD code text NOT NULL DEFAULT '', ADD address text NOT NULL DEFAULT '', ADD headers text NOT NULL DEFAULT '{}', ADD size integer NOT NULL DEFAULT 0`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
