import type { MigrationInterface, QueryRunner } from 'typeorm';
import { organizationRows } from './row-security.js';

const TABLES: Readonly<Record<string, string>> = {
  // One act on many: planned, then started; its row lock is what makes one process at a time work on it.
  bulk_operation: `CREATE TABLE bulk_operation (
    organization_id uuid NOT NULL, id uuid NOT NULL,
    action text NOT NULL, selection jsonb NOT NULL, digest bytea NOT NULL,
    state text NOT NULL DEFAULT 'PLANNING',       -- PLANNING, PLANNED, RUNNING, DONE, CANCELLED
    planned_to jsonb,                             -- how far planning has come
    is_cut boolean NOT NULL DEFAULT false,        -- more was found than one plan takes
    groups jsonb NOT NULL DEFAULT '[]',           -- what was found, by endpoint, state and reason
    total integer NOT NULL DEFAULT 0, done integer NOT NULL DEFAULT 0, failed integer NOT NULL DEFAULT 0, skipped integer NOT NULL DEFAULT 0,
    created_by jsonb NOT NULL, started_by jsonb, cancelled_by jsonb,
    created_at timestamptz NOT NULL DEFAULT now(), started_at timestamptz, finished_at timestamptz, updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id))`,

  // What it is about, one row each; its outcome is written in the transaction of the act itself.
  bulk_item: `CREATE TABLE bulk_item (
    organization_id uuid NOT NULL, bulk_id uuid NOT NULL, subject uuid NOT NULL,
    endpoint text NOT NULL, state_then text NOT NULL, reason_then text NOT NULL DEFAULT '',
    outcome text,                                 -- DONE, FAILED, SKIPPED; null: not yet
    reason text, tries smallint NOT NULL DEFAULT 0, not_before timestamptz, finished_at timestamptz,
    PRIMARY KEY (organization_id, bulk_id, subject),
    FOREIGN KEY (organization_id, bulk_id) REFERENCES bulk_operation ON DELETE CASCADE)`,

  // What a delivery carried before an operator changed it.
  delivery_edit: `CREATE TABLE delivery_edit (
    organization_id uuid NOT NULL, delivery_id uuid NOT NULL, number integer NOT NULL,
    body_before bytea NOT NULL, edited_by text NOT NULL, reason text, edited_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, delivery_id, number))`,
};

const INDEXES = [
  // Few at a time, whatever the history: the look of every second is at this index.
  `CREATE INDEX bulk_operation_open ON bulk_operation (updated_at) WHERE state IN ('PLANNING', 'RUNNING')`,
  `CREATE INDEX bulk_item_open ON bulk_item (organization_id, bulk_id, subject) WHERE outcome IS NULL`,
];

export class BulkOperation1763683200100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [table, definition] of Object.entries(TABLES)) {
      await runner.query(definition);
      for (const statement of organizationRows(table)) await runner.query(statement);
    }
    for (const index of INDEXES) await runner.query(index);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
