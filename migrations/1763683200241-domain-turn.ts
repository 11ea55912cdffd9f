import type { MigrationInterface, QueryRunner } from 'typeorm';
import { organizationRows } from './row-security.js';

/** Up to when the mails to a domain have their turns: a rate that all instances keep together. */
export class DomainTurn1763683200241 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE domain_turn (
      organization_id uuid NOT NULL, endpoint text NOT NULL, domain text NOT NULL, taken_until timestamptz NOT NULL, PRIMARY KEY (organization_id, endpoint, domain)) WITH (fillfactor = 70)`);
    for (const statement of organizationRows('domain_turn', { app: '' })) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
