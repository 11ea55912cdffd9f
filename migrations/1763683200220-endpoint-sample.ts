import type { MigrationInterface, QueryRunner } from 'typeorm';
import { organizationRows } from './row-security.js';

/** Requests and answers of a system that were recorded, with what the settings should make of them. */
export class EndpointSample1763683200220 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE endpoint_sample (
      organization_id uuid NOT NULL, id uuid NOT NULL, endpoint text NOT NULL, name text NOT NULL, kind text NOT NULL CHECK (kind IN ('request', 'answer')),
      recorded json NOT NULL, body bytea NOT NULL, expected json NOT NULL, saved_at timestamptz NOT NULL DEFAULT now(), saved_by text NOT NULL,
      PRIMARY KEY (organization_id, id), UNIQUE (organization_id, endpoint, name),
      FOREIGN KEY (organization_id, endpoint) REFERENCES endpoint (organization_id, id) ON DELETE CASCADE)`);
    for (const statement of organizationRows('endpoint_sample', { worker: '' })) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
