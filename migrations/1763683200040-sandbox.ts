import type { MigrationInterface, QueryRunner } from 'typeorm';
import { organizationRows } from './row-security.js';

/** The built-in ticket tools: systems of their own that happen to keep their rows here. */
const TABLES: Readonly<Record<string, string>> = {
  // Names are the installation's: they stand in addresses.
  sandbox: `CREATE TABLE sandbox (
    organization_id uuid NOT NULL REFERENCES organization,
    name text PRIMARY KEY CHECK (name ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    title text NOT NULL, prefix text NOT NULL,
    next_number bigint NOT NULL DEFAULT 1001,
    token_hash bytea NOT NULL,
    webhook_url text,
    webhook_secret bytea,                         -- sealed
    options json NOT NULL DEFAULT '{}',
    faults json NOT NULL DEFAULT '{}',
    fault_budget integer,                         -- faulty requests that are left; null: no end
    created_at timestamptz NOT NULL DEFAULT now())`,

  sandbox_ticket: `CREATE TABLE sandbox_ticket (
    organization_id uuid NOT NULL, sandbox text NOT NULL REFERENCES sandbox ON DELETE CASCADE, id text NOT NULL,
    number bigint NOT NULL,
    title text NOT NULL, description text NOT NULL, state text NOT NULL, priority text NOT NULL, team text NOT NULL, caller text NOT NULL,
    custom json NOT NULL DEFAULT '{}',
    external_reference text, correlation_id text,
    locked_by text, version integer NOT NULL DEFAULT 1,
    hook_seq bigint NOT NULL DEFAULT 0,           -- place of the newest webhook, taken under the ticket's row lock
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(), created_by text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (sandbox, id))`,

  sandbox_comment: `CREATE TABLE sandbox_comment (
    organization_id uuid NOT NULL, sandbox text NOT NULL, ticket text NOT NULL, id uuid NOT NULL,
    author text NOT NULL, visibility text NOT NULL CHECK (visibility IN ('public', 'internal')), text text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (sandbox, ticket, id),
    FOREIGN KEY (sandbox, ticket) REFERENCES sandbox_ticket ON DELETE CASCADE)`,

  sandbox_attachment: `CREATE TABLE sandbox_attachment (
    organization_id uuid NOT NULL, sandbox text NOT NULL, ticket text NOT NULL, id uuid NOT NULL,
    name text NOT NULL, content_type text NOT NULL, size integer NOT NULL, content bytea NOT NULL,
    author text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (sandbox, ticket, id),
    FOREIGN KEY (sandbox, ticket) REFERENCES sandbox_ticket ON DELETE CASCADE)`,

  sandbox_history: `CREATE TABLE sandbox_history (
    organization_id uuid NOT NULL, sandbox text NOT NULL, ticket text NOT NULL, id uuid NOT NULL,
    actor text NOT NULL, event text NOT NULL, changes json NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (sandbox, ticket, id),
    FOREIGN KEY (sandbox, ticket) REFERENCES sandbox_ticket ON DELETE CASCADE)`,

  // Answers to writes with an Idempotency-Key.
  sandbox_request: `CREATE TABLE sandbox_request (
    organization_id uuid NOT NULL, sandbox text NOT NULL REFERENCES sandbox ON DELETE CASCADE, key text NOT NULL,
    request_hash bytea NOT NULL, status integer, body json,
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (sandbox, key))`,

  // Webhooks on their way: of each ticket only the first waiting one is sent.
  sandbox_hook: `CREATE TABLE sandbox_hook (
    organization_id uuid NOT NULL, sandbox text NOT NULL, ticket text NOT NULL, seq bigint NOT NULL,
    id uuid NOT NULL, event text NOT NULL, body bytea NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'dead')),
    attempts integer NOT NULL DEFAULT 0, due_at timestamptz NOT NULL, leased_until timestamptz,
    last_error text, created_at timestamptz NOT NULL DEFAULT clock_timestamp(), ended_at timestamptz,
    PRIMARY KEY (sandbox, ticket, seq),
    FOREIGN KEY (sandbox, ticket) REFERENCES sandbox_ticket ON DELETE CASCADE)`,
};

const INDEXES = [
  `CREATE INDEX sandbox_of_organization ON sandbox (organization_id, name)`,
  `CREATE INDEX sandbox_ticket_newest ON sandbox_ticket (sandbox, updated_at DESC, id)`,
  `CREATE INDEX sandbox_ticket_reference ON sandbox_ticket (sandbox, external_reference) WHERE external_reference IS NOT NULL`,
  `CREATE INDEX sandbox_ticket_correlation ON sandbox_ticket (sandbox, correlation_id) WHERE correlation_id IS NOT NULL`,
  `CREATE INDEX sandbox_request_age ON sandbox_request (at)`,
  `CREATE INDEX sandbox_hook_due ON sandbox_hook (due_at) WHERE state = 'waiting'`,
  `CREATE INDEX sandbox_hook_ended ON sandbox_hook (ended_at) WHERE state <> 'waiting'`,
];

export class Sandbox1763683200040 implements MigrationInterface {
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
