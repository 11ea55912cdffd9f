import type { MigrationInterface, QueryRunner } from 'typeorm';
import { organizationRows } from './row-security.js';

const TABLES: Readonly<Record<string, string>> = {
  // What somebody gave by signing in at an endpoint's system in person. The tokens are sealed; the version grows with each that replace them.
  endpoint_connection: `CREATE TABLE endpoint_connection (
    organization_id uuid NOT NULL, endpoint text NOT NULL, fingerprint text NOT NULL, tokens bytea NOT NULL, version integer NOT NULL DEFAULT 1,
    connected_at timestamptz NOT NULL DEFAULT now(), connected_by text NOT NULL, renewed_at timestamptz, renewing_until timestamptz,
    refused_at timestamptz, refused_reason text,
    PRIMARY KEY (organization_id, endpoint), FOREIGN KEY (organization_id, endpoint) REFERENCES endpoint (organization_id, id) ON DELETE CASCADE)`,

  // Somebody is on the way there. Good once, for the session that began it; the verifier is sealed.
  endpoint_consent: `CREATE TABLE endpoint_consent (
    organization_id uuid NOT NULL, state_hash bytea NOT NULL, endpoint text NOT NULL, person_id uuid NOT NULL REFERENCES person ON DELETE CASCADE,
    session_id uuid NOT NULL REFERENCES person_session ON DELETE CASCADE, fingerprint text NOT NULL, verifier bytea NOT NULL, redirect_uri text NOT NULL,
    begun_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, state_hash), FOREIGN KEY (organization_id, endpoint) REFERENCES endpoint (organization_id, id) ON DELETE CASCADE)`,
};

export class EndpointConnection1763683200210 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [table, definition] of Object.entries(TABLES)) {
      await runner.query(definition);
      for (const statement of organizationRows(table, table === 'endpoint_connection' ? { worker: 'SELECT, UPDATE' } : { worker: '' })) await runner.query(statement);
    }
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
