import type { MigrationInterface, QueryRunner } from 'typeorm';
import { instanceRows } from './row-security.js';

const ROLES = ['parley_app', 'parley_worker', 'parley_gate'];

/** Roles are the server's, not the database's: another database of the same server may be making them at this moment. */
const ensureRole = (role: string): string => `
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN
    BEGIN
      CREATE ROLE ${role} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
  END IF;
  FOR attempt IN 1..20 LOOP
    BEGIN
      -- Granted even to a member: since PostgreSQL 16, who makes a role is its member without the right to become it.
      EXECUTE format('GRANT ${role} TO %I', current_user);
      EXIT;
    EXCEPTION
      WHEN internal_error OR unique_violation THEN PERFORM pg_sleep(0.05);
      WHEN insufficient_privilege THEN
        IF pg_has_role(current_user, '${role}', 'MEMBER') THEN EXIT; END IF; -- prepared by somebody who may
        RAISE;
    END;
  END LOOP;
END $$`;

export class Foundation1763683200001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const role of ROLES) await runner.query(ensureRole(role));
    const statements = [
      `GRANT USAGE ON SCHEMA public TO ${ROLES.join(', ')}`,
      `CREATE TABLE installation (
         only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
         id uuid NOT NULL DEFAULT gen_random_uuid(),
         key_check bytea,
         created_at timestamptz NOT NULL DEFAULT now())`,
      `INSERT INTO installation DEFAULT VALUES`,
      ...instanceRows('installation', { app: 'SELECT, UPDATE', worker: 'SELECT' }),
      // A process that works; its heartbeat is what makes its claims valid.
      `CREATE TABLE instance (
         id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
         host text NOT NULL, pid integer NOT NULL, data_dir text NOT NULL, version text NOT NULL,
         started_at timestamptz NOT NULL DEFAULT now(),
         heartbeat_at timestamptz NOT NULL DEFAULT now(),
         stopped_at timestamptz)`,
      ...instanceRows('instance', { app: 'SELECT' }),
      `CREATE TABLE organization (
         id uuid PRIMARY KEY, slug text NOT NULL UNIQUE, name text NOT NULL,
         settings jsonb NOT NULL DEFAULT '{}', created_at timestamptz NOT NULL DEFAULT now())`,
      ...instanceRows('organization', { worker: 'SELECT' }),
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
