import type { MigrationInterface, QueryRunner } from 'typeorm';
import { organizationRows } from './row-security.js';

/** Documents are `json`, not `jsonb`: they come back with the keys in the order in which their author wrote them, and are never searched in. */
const TABLES: Readonly<Record<string, string>> = {
  // Rises in the transaction of every change of rules or endpoints; its row lock lets one change of an organization through at a time.
  configuration_revision: `CREATE TABLE configuration_revision (
    organization_id uuid PRIMARY KEY, revision bigint NOT NULL DEFAULT 1, changed_at timestamptz NOT NULL DEFAULT now())`,

  endpoint: `CREATE TABLE endpoint (
    organization_id uuid NOT NULL, id text NOT NULL CHECK (id ~ '^[a-z0-9][a-z0-9_.-]{0,63}$'),
    name text NOT NULL, adapter text NOT NULL,
    status text NOT NULL DEFAULT 'ACTIVE' CHECK (status IN ('ACTIVE', 'SUSPENDED')),
    settings json NOT NULL DEFAULT '{}',          -- without secrets
    secrets bytea,                                -- sealed: JSON pointer in settings -> text
    entity_types json NOT NULL DEFAULT '[]',
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(), created_by text,
    updated_at timestamptz NOT NULL DEFAULT now(), updated_by text,
    PRIMARY KEY (organization_id, id))`,

  // Deleted rules stay: traces and deliveries name them.
  rule: `CREATE TABLE rule (
    organization_id uuid NOT NULL, rule_id text NOT NULL, name text NOT NULL, name_folded text COLLATE "C" NOT NULL,
    current_version integer NOT NULL, last_version integer NOT NULL, enabled boolean NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), created_by text,
    updated_at timestamptz NOT NULL DEFAULT now(), deleted_at timestamptz,
    PRIMARY KEY (organization_id, rule_id))`,

  rule_version: `CREATE TABLE rule_version (
    organization_id uuid NOT NULL, rule_id text NOT NULL, version integer NOT NULL,
    document json NOT NULL,                       -- without what is told by the other columns
    change_description text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(), created_by text,
    activated_at timestamptz, activated_by text,
    PRIMARY KEY (organization_id, rule_id, version),
    FOREIGN KEY (organization_id, rule_id) REFERENCES rule)`,

  // Which versions took part together; traces name the set, so that a decision can be explained later.
  rule_set: `CREATE TABLE rule_set (
    organization_id uuid NOT NULL, id text NOT NULL, members json NOT NULL, first_used_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id))`,
};

const INDEXES = [`CREATE INDEX rule_name ON rule (organization_id, name_folded, rule_id) WHERE deleted_at IS NULL`];

export class Configuration1763683200020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [table, definition] of Object.entries(TABLES)) {
      await runner.query(definition);
      for (const statement of organizationRows(table, { worker: 'SELECT' })) await runner.query(statement);
    }
    for (const index of INDEXES) await runner.query(index);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
