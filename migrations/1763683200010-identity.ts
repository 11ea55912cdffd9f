import type { MigrationInterface, QueryRunner } from 'typeorm';
import { instanceRows, organizationRows } from './row-security.js';

// A person may belong to several organizations: person, sessions and sign-in counters are the installation's.
const PERSON = [
  `CREATE TABLE person (
     id uuid PRIMARY KEY,
     email text NOT NULL, email_folded text NOT NULL UNIQUE, name text NOT NULL,
     password_hash text NOT NULL, password_changed_at timestamptz NOT NULL DEFAULT now(),
     created_at timestamptz NOT NULL DEFAULT now())`,
  ...instanceRows('person', { worker: 'SELECT' }),
  `CREATE TABLE person_session (
     id uuid PRIMARY KEY,
     person_id uuid NOT NULL REFERENCES person ON DELETE CASCADE,
     token_hash bytea NOT NULL UNIQUE,
     active_organization_id uuid REFERENCES organization ON DELETE SET NULL,
     address text NOT NULL, user_agent text NOT NULL,
     created_at timestamptz NOT NULL DEFAULT now(),
     last_seen_at timestamptz NOT NULL DEFAULT now(),
     expires_at timestamptz NOT NULL)`,
  `CREATE INDEX person_session_of_person ON person_session (person_id, created_at)`,
  `CREATE INDEX person_session_expiry ON person_session (expires_at)`,
  ...instanceRows('person_session', { worker: 'SELECT' }),
  // Counters of failed sign-ins, and (scope 'known') from where an account was signed in to before.
  `CREATE TABLE sign_in_counter (
     scope text NOT NULL CHECK (scope IN ('pair', 'account', 'network', 'known')),
     key bytea NOT NULL,
     failures integer NOT NULL DEFAULT 0,
     window_started_at timestamptz NOT NULL DEFAULT now(),
     blocked_until timestamptz,
     PRIMARY KEY (scope, key))`,
  `CREATE INDEX sign_in_counter_age ON sign_in_counter (window_started_at)`,
  ...instanceRows('sign_in_counter', { worker: 'SELECT' }),
];

const ORGANIZATION = [
  `CREATE TABLE membership (
     organization_id uuid NOT NULL REFERENCES organization,
     person_id uuid NOT NULL REFERENCES person,
     role text NOT NULL CHECK (role IN ('administrator', 'integrator', 'operator', 'viewer', 'partner')),
     created_at timestamptz NOT NULL DEFAULT now(),
     PRIMARY KEY (organization_id, person_id))`,
  `CREATE INDEX membership_of_person ON membership (person_id)`,
  ...organizationRows('membership', { worker: 'SELECT' }),
  `CREATE TABLE api_key (
     organization_id uuid NOT NULL REFERENCES organization,
     id uuid NOT NULL,
     name text NOT NULL, prefix text NOT NULL,
     hash bytea NOT NULL UNIQUE,
     permissions text[] NOT NULL,
     created_by text NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
     expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz,
     PRIMARY KEY (organization_id, id))`,
  ...organizationRows('api_key', { app: 'SELECT, INSERT, UPDATE', worker: 'SELECT' }),
  `CREATE TABLE inbound_credential (
     organization_id uuid NOT NULL REFERENCES organization,
     endpoint text NOT NULL,
     hash bytea NOT NULL,
     kind text NOT NULL CHECK (kind IN ('basic', 'bearer', 'url')),
     label text NOT NULL,
     created_at timestamptz NOT NULL DEFAULT now(),
     PRIMARY KEY (organization_id, endpoint, hash))`,
  ...organizationRows('inbound_credential', { worker: 'SELECT' }),
  `CREATE TABLE audit_entry (
     organization_id uuid NOT NULL REFERENCES organization,
     seq bigint NOT NULL,
     at timestamptz NOT NULL,
     actor_kind text NOT NULL, actor_id text NOT NULL, actor_name text NOT NULL,
     action text NOT NULL, subject text NOT NULL, details jsonb NOT NULL,
     previous_hash bytea NOT NULL, hash bytea NOT NULL,
     PRIMARY KEY (organization_id, seq))`,
  ...organizationRows('audit_entry', { app: 'SELECT, INSERT', worker: '' }),
  // The end of the chain: its row lock gives the order, and it shows when the newest entries were cut off.
  `CREATE TABLE audit_head (
     organization_id uuid PRIMARY KEY REFERENCES organization,
     seq bigint NOT NULL, hash bytea NOT NULL)`,
  ...organizationRows('audit_head', { app: 'SELECT, INSERT, UPDATE', worker: '' }),
  // Answers to administrative writes, kept a day for repeats with the same Idempotency-Key. Sealed: an answer may show a new key.
  `CREATE TABLE api_idempotency (
     organization_id uuid NOT NULL REFERENCES organization,
     principal text NOT NULL, route text NOT NULL, key text NOT NULL,
     request_hash bytea NOT NULL,
     claim uuid NOT NULL, claimed_at timestamptz NOT NULL DEFAULT now(),
     status integer, answer bytea,
     created_at timestamptz NOT NULL DEFAULT now(),
     PRIMARY KEY (organization_id, principal, route, key))`,
  `CREATE INDEX api_idempotency_age ON api_idempotency (organization_id, created_at)`,
  ...organizationRows('api_idempotency', { worker: '' }),
];

/**
 * The look-ups from a credential to its organization: what `parley_gate` may do, and all it may do.
 * They run as `parley_worker`, because nobody's organization is known yet.
 */
const GATE: readonly { readonly signature: string; readonly returns: string; readonly body: string }[] = [
  {
    signature: 'gate_api_key(key_hash bytea, slug_ text)',
    returns: 'TABLE (organization_id uuid, id uuid, name text, permissions text[], stale boolean)',
    body: `SELECT k.organization_id, k.id, k.name, k.permissions, k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 hour'
           FROM api_key k JOIN organization o ON o.id = k.organization_id
           WHERE k.hash = key_hash AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now()) AND (slug_ IS NULL OR o.slug = slug_)`,
  },
  {
    signature: 'gate_session(session_hash bytea, slug_ text, idle interval)',
    returns: 'TABLE (session_id uuid, person_id uuid, email text, name text, organization_id uuid, role text, stale boolean)',
    body: `SELECT s.id, p.id, p.email, p.name, m.organization_id, m.role, s.last_seen_at < now() - interval '1 minute'
           FROM person_session s
           JOIN person p ON p.id = s.person_id
           JOIN membership m ON m.person_id = p.id
           JOIN organization o ON o.id = m.organization_id
           WHERE s.token_hash = session_hash AND s.expires_at > now() AND s.last_seen_at > now() - idle
             AND CASE WHEN slug_ IS NULL THEN o.id = s.active_organization_id ELSE o.slug = slug_ END`,
  },
  {
    signature: 'gate_memberships(person uuid)',
    returns: 'TABLE (organization_id uuid, slug text, name text, role text)',
    body: `SELECT o.id, o.slug, o.name, m.role FROM membership m JOIN organization o ON o.id = m.organization_id WHERE m.person_id = person ORDER BY o.slug`,
  },
  {
    signature: 'gate_inbound(slug_ text, endpoint_ text, credential_hash bytea)',
    returns: 'TABLE (organization_id uuid, kind text)',
    body: `SELECT c.organization_id, c.kind FROM inbound_credential c JOIN organization o ON o.id = c.organization_id
           WHERE o.slug = slug_ AND c.endpoint = endpoint_ AND c.hash = credential_hash`,
  },
];

const gateFunction = ({ signature, returns, body }: (typeof GATE)[number]): string[] => {
  const name = signature.slice(0, signature.indexOf('('));
  return [
    `CREATE FUNCTION ${signature} RETURNS ${returns} LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ ${body} $$`,
    `REVOKE ALL ON FUNCTION ${name} FROM PUBLIC`,
    `GRANT EXECUTE ON FUNCTION ${name} TO parley_gate`,
    `ALTER FUNCTION ${name} OWNER TO parley_worker`,
  ];
};

export class Identity1763683200010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      ...PERSON, ...ORGANIZATION,
      // A function's owner needs CREATE on its schema at the moment it becomes the owner, and not after.
      `GRANT CREATE ON SCHEMA public TO parley_worker`,
      ...GATE.flatMap(gateFunction),
      `REVOKE CREATE ON SCHEMA public FROM parley_worker`,
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
