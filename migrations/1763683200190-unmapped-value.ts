import type { MigrationInterface, QueryRunner } from 'typeorm';
import { organizationRows } from './row-security.js';

/** What tables of rules had no row for: counted beside the traffic, so that a missing row is seen without anybody looking at messages. */
export class UnmappedValue1763683200190 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE unmapped_value (
      organization_id uuid NOT NULL, id text NOT NULL,     -- of rule, table and folded values
      table_id text NOT NULL,                              -- of rule and table: only so many values of one are kept
      rule_id text NOT NULL, rule_version integer NOT NULL,
      mapping text NOT NULL,                               -- where the table stands in that version
      sources text[] NOT NULL, targets text[] NOT NULL, held text[] NOT NULL, has_default boolean NOT NULL,
      count bigint NOT NULL, first_at timestamptz NOT NULL, last_at timestamptz NOT NULL, message_id uuid NOT NULL,
      seen_at timestamptz, seen_by text,
      PRIMARY KEY (organization_id, id)
    ) WITH (fillfactor = 80)`);
    await runner.query('CREATE INDEX unmapped_value_table ON unmapped_value (organization_id, table_id)');
    await runner.query('CREATE INDEX unmapped_value_rule ON unmapped_value (organization_id, rule_id)');
    for (const statement of organizationRows('unmapped_value', { app: 'SELECT, UPDATE, DELETE' })) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
