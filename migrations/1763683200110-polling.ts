import type { MigrationInterface, QueryRunner } from 'typeorm';
import { organizationRows } from './row-security.js';

/** What is fetched by ourselves: a channel's row is its lane, as the rows of other lanes are: due time, claim, and the cursor. */
export class Polling1763683200110 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE poll_lane (
      organization_id uuid NOT NULL, endpoint text NOT NULL, channel text NOT NULL, cursor jsonb,
      ready_at timestamptz NOT NULL DEFAULT now(), claim bigint, crash_count smallint NOT NULL DEFAULT 0,
      failures_in_row integer NOT NULL DEFAULT 0, last_poll_at timestamptz, last_success_at timestamptz, last_error text,
      last_count integer NOT NULL DEFAULT 0, fetched bigint NOT NULL DEFAULT 0,
      PRIMARY KEY (organization_id, endpoint, channel)
    ) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_limit = 2000)`);
    await runner.query(`CREATE INDEX poll_lane_ready ON poll_lane (ready_at) WHERE ready_at < 'infinity'`);
    for (const statement of organizationRows('poll_lane')) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
