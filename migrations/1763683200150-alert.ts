import type { MigrationInterface, QueryRunner } from 'typeorm';
import { organizationRows } from './row-security.js';

const TABLES: Readonly<Record<string, string>> = {
  // Where alerts go. The target is sealed: addresses of chat hooks are secrets.
  alert_route: `CREATE TABLE alert_route (
    organization_id uuid NOT NULL, id uuid PRIMARY KEY, name text NOT NULL, kind text NOT NULL, target bytea NOT NULL, shown text NOT NULL,
    alert_kinds text[] NOT NULL DEFAULT '{}', enabled boolean NOT NULL DEFAULT true,
    verified_at timestamptz, code_hash bytea, code_until timestamptz, code_tries smallint NOT NULL DEFAULT 0,
    last_sent_at timestamptz, last_error text, created_at timestamptz NOT NULL DEFAULT now(), UNIQUE (organization_id, name))`,

  // A state that somebody should know of, from when it began to when it ended.
  alert: `CREATE TABLE alert (
    organization_id uuid NOT NULL, id uuid PRIMARY KEY, kind text NOT NULL, subject text NOT NULL, detail text NOT NULL, count integer NOT NULL,
    since timestamptz NOT NULL, raised_at timestamptz NOT NULL DEFAULT now(), resolved_at timestamptz)`,

  // One piece of news for one route: written with the change, sent afterwards.
  alert_notice: `CREATE TABLE alert_notice (
    organization_id uuid NOT NULL, id uuid PRIMARY KEY, alert_id uuid NOT NULL, route_id uuid NOT NULL REFERENCES alert_route (id) ON DELETE CASCADE,
    change text NOT NULL, state text NOT NULL DEFAULT 'WAITING', attempts smallint NOT NULL DEFAULT 0, next_at timestamptz NOT NULL DEFAULT now(),
    error text, created_at timestamptz NOT NULL DEFAULT now())`,
};

const INDEXES = [
  `CREATE UNIQUE INDEX alert_open ON alert (organization_id, kind, subject) WHERE resolved_at IS NULL`,
  `CREATE INDEX alert_feed ON alert (organization_id, id)`,
  `CREATE INDEX alert_notice_waiting ON alert_notice (route_id, id) WHERE state = 'WAITING'`,
  // Few rows are ever blocked: looked through every few seconds.
  `CREATE INDEX conversation_blocked ON conversation (organization_id) WHERE blocked IS NOT NULL`,
];

export class Alert1763683200150 implements MigrationInterface {
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
