import type { MigrationInterface, QueryRunner } from 'typeorm';
import { organizationRows } from './row-security.js';

const TABLES: Readonly<Record<string, string>> = {
  // Who an organization lets say who its people are. The secret is sealed.
  sign_in_provider: `CREATE TABLE sign_in_provider (
    organization_id uuid NOT NULL REFERENCES organization, id uuid NOT NULL, name text NOT NULL, issuer text NOT NULL, client_id text NOT NULL, client_secret bytea,
    scopes text NOT NULL, enabled boolean NOT NULL, creates_people boolean NOT NULL, default_role text, role_claim text, role_map jsonb NOT NULL DEFAULT '[]',
    email_domains text[] NOT NULL DEFAULT '{}', created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, id), UNIQUE (organization_id, name))`,

  // Whom an issuer's subject is here. Stays when the person leaves the organization: they do not come back by themselves.
  person_identity: `CREATE TABLE person_identity (
    organization_id uuid NOT NULL REFERENCES organization, issuer text NOT NULL, subject text NOT NULL, person_id uuid NOT NULL REFERENCES person,
    linked_at timestamptz NOT NULL DEFAULT now(), last_used_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, issuer, subject))`,
};

/**
 * A session that an organization's provider opened is good in that organization only: else whoever sets the provider could become
 * a person of another organization.
 */
const GATE_SESSION = `CREATE FUNCTION gate_session(session_hash bytea, slug_ text, idle interval)
  RETURNS TABLE (session_id uuid, person_id uuid, email text, name text, organization_id uuid, role text, stale boolean, bound boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.id, p.id, p.email, p.name, m.organization_id, m.role, s.last_seen_at < now() - interval '1 minute', s.bound_organization_id IS NOT NULL
    FROM person_session s
    JOIN person p ON p.id = s.person_id
    JOIN membership m ON m.person_id = p.id
    JOIN organization o ON o.id = m.organization_id
    WHERE s.token_hash = session_hash AND s.expires_at > now() AND s.last_seen_at > now() - idle
      AND (s.bound_organization_id IS NULL OR s.bound_organization_id = o.id)
      AND CASE WHEN slug_ IS NULL THEN o.id = s.active_organization_id ELSE o.slug = slug_ END $$`;

export class SignInProvider1763683200170 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [table, definition] of Object.entries(TABLES)) {
      await runner.query(definition);
      for (const statement of organizationRows(table, { worker: '' })) await runner.query(statement);
    }
    const statements = [
      'ALTER TABLE person_session ADD COLUMN bound_organization_id uuid REFERENCES organization ON DELETE CASCADE',
      'DROP FUNCTION gate_session',
      'GRANT CREATE ON SCHEMA public TO parley_worker',
      GATE_SESSION,
      'REVOKE ALL ON FUNCTION gate_session FROM PUBLIC',
      'GRANT EXECUTE ON FUNCTION gate_session TO parley_gate',
      'ALTER FUNCTION gate_session OWNER TO parley_worker',
      'REVOKE CREATE ON SCHEMA public FROM parley_worker',
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
