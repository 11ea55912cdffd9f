import type { MigrationInterface, QueryRunner } from 'typeorm';
import { organizationRows } from './row-security.js';

/** Requests that wait until what they leave out was fetched, and deliveries of several steps of which some are done. */
export class Completion1763683200111 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE raw_request ADD COLUMN completion bytea');
    await runner.query(`CREATE TABLE incomplete_request (
      organization_id uuid NOT NULL, id uuid PRIMARY KEY, endpoint text NOT NULL,
      since timestamptz NOT NULL DEFAULT now(), due_at timestamptz NOT NULL DEFAULT now(), attempts integer NOT NULL DEFAULT 0, last_error text)`);
    await runner.query('CREATE INDEX incomplete_request_due ON incomplete_request (organization_id, endpoint, due_at)');
    await runner.query('CREATE TABLE delivery_step (organization_id uuid NOT NULL, delivery_id uuid NOT NULL, name text NOT NULL, done jsonb NOT NULL, done_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (delivery_id, name))');
    for (const table of ['incomplete_request', 'delivery_step']) for (const statement of organizationRows(table)) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
