import type { MigrationInterface, QueryRunner } from 'typeorm';
import { organizationRows } from './row-security.js';

const TABLES: Readonly<Record<string, string>> = {
  // How far an organization's deliveries are counted.
  report_progress: `CREATE TABLE report_progress (organization_id uuid PRIMARY KEY, counted_until timestamptz NOT NULL)`,

  // A slice of time that was counted: an hour, a quarter of one where a month may begin in it.
  report_slice: `CREATE TABLE report_slice (
    organization_id uuid NOT NULL, begins_at timestamptz NOT NULL, ends_at timestamptz NOT NULL,
    deliveries integer NOT NULL, messages integer NOT NULL, -- counted in it: what is counted again after its rows were dropped must not be less
    recount_at timestamptz,                       -- when something in it may have changed; null: nothing will
    PRIMARY KEY (organization_id, begins_at))`,

  // What went from one endpoint to another in a slice, by when the delivery was made.
  report_pair: `CREATE TABLE report_pair (
    organization_id uuid NOT NULL, begins_at timestamptz NOT NULL,
    source text NOT NULL, target text NOT NULL,   -- target '': messages that were accepted from the source
    accepted integer NOT NULL DEFAULT 0,
    sent integer NOT NULL DEFAULT 0, dead integer NOT NULL DEFAULT 0, held integer NOT NULL DEFAULT 0, waiting integer NOT NULL DEFAULT 0, skipped integer NOT NULL DEFAULT 0,
    retries integer NOT NULL DEFAULT 0,
    took integer[] NOT NULL DEFAULT '{}',         -- sent ones by the time from accepted to delivered, in the steps of store/report/steps
    took_own integer[] NOT NULL DEFAULT '{}',     -- the same without what they waited while the target stood still; empty where that is the same
    suspended_s float8 NOT NULL DEFAULT 0, maintenance_s float8 NOT NULL DEFAULT 0, credentials_s float8 NOT NULL DEFAULT 0, circuit_s float8 NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, begins_at, source, target))`,

  // When an endpoint was not sent to, and why.
  endpoint_stop: `CREATE TABLE endpoint_stop (
    organization_id uuid NOT NULL, endpoint text NOT NULL, cause text NOT NULL, from_at timestamptz NOT NULL, until_at timestamptz,
    PRIMARY KEY (organization_id, endpoint, from_at))`,
};

/** Service levels, counted from deliveries after the fact, so that they outlive them. */
export class Report1763683200200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [table, definition] of Object.entries(TABLES)) {
      await runner.query(definition);
      for (const statement of organizationRows(table, { app: 'SELECT' })) await runner.query(statement);
    }
    await runner.query('CREATE INDEX report_slice_recount ON report_slice (recount_at) WHERE recount_at IS NOT NULL');
    await runner.query('CREATE INDEX endpoint_stop_open ON endpoint_stop (organization_id, endpoint) WHERE until_at IS NULL');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
