import type { MigrationInterface, QueryRunner } from 'typeorm';
import { organizationRows } from './row-security.js';

export class Translation1763683200050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE translation_setting (
      organization_id uuid PRIMARY KEY, provider text NOT NULL, url text, key bytea NOT NULL, updated_at timestamptz NOT NULL DEFAULT now(), updated_by text NOT NULL)`);
    for (const statement of organizationRows('translation_setting')) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
