import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createDatabase, type TestDatabase } from '../support/database.js';

/** Tables without an organization's rows; everything else must force row-level security. A table is added here with a reason. */
const EXEMPT: Readonly<Record<string, string>> = {
  migration: 'what was migrated',
  installation: 'the one row about the installation',
  instance: 'processes',
  organization: 'the organizations themselves',
  person: 'people may belong to several organizations',
  person_session: 'sessions of people',
  sign_in_counter: 'failed sign-ins of people who may not exist',
};

let database: TestDatabase;
let owner: pg.Client;
beforeAll(async () => {
  database = await createDatabase();
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

interface Table {
  readonly name: string;
  readonly secured: boolean;
  readonly forced: boolean;
  readonly has_organization: boolean;
  readonly organization_required: boolean;
  readonly policies: string[];
  readonly owner: string;
}

const TABLES = `SELECT c.relname AS name, c.relrowsecurity AS secured, c.relforcerowsecurity AS forced, pg_get_userbyid(c.relowner) AS owner,
  a.attname IS NOT NULL AS has_organization, coalesce(a.attnotnull, false) AS organization_required,
  coalesce((SELECT array_agg(p.policyname::text ORDER BY p.policyname) FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = c.relname), '{}') AS policies
  FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY c.relname`;

const tables = async (): Promise<Table[]> => (await owner.query<Table>(TABLES)).rows;

describe('every table', () => {
  it('forces row-level security with a policy for each role, or stands in the list of exceptions', async () => {
    const found = await tables();
    expect(found.length).toBeGreaterThan(10);
    const open = found.filter((table) => !(table.name in EXEMPT)).filter((table) => {
      const policies = table.policies;
      return !table.secured || !table.forced || !table.has_organization || !table.organization_required || !policies.includes('organization') || !policies.includes('pipeline');
    });
    expect(open.map(({ name }) => name)).toEqual([]);
  });

  it('of the list of exceptions exists and holds no organization\'s rows', async () => {
    const found = await tables();
    expect(Object.keys(EXEMPT).filter((name) => !found.some((table) => table.name === name))).toEqual([]);
    expect(found.filter((table) => table.name in EXEMPT && table.has_organization).map(({ name }) => name)).toEqual([]);
  });

  it('belongs to none of the roles that work with it', async () => {
    expect((await tables()).filter((table) => table.owner.startsWith('parley_app') || table.owner.startsWith('parley_worker') || table.owner.startsWith('parley_gate')).map(({ name }) => name)).toEqual([]);
  });
});

describe('a connection as parley_app', () => {
  it('sees no row of any organization before it has said whose it wants, and none of others after', async () => {
    await owner.query(`INSERT INTO organization (id, slug, name) VALUES ('00000000-0000-0000-0000-00000000000a', 'a', 'A'), ('00000000-0000-0000-0000-00000000000b', 'b', 'B')`);
    await owner.query(`INSERT INTO person (id, email, email_folded, name, password_hash) VALUES ('00000000-0000-0000-0000-000000000001', 'x', 'x', 'x', 'x')`);
    // Forced security binds the owner too: rows are written as the pipeline's role, or where that may not, as the app.
    const app = new pg.Client({ connectionString: database.url, options: '-c role=parley_app' });
    await app.connect();
    try {
      for (const organization of ['a', 'b']) {
        await app.query('BEGIN');
        await app.query(`SELECT set_config('parley.organization', '00000000-0000-0000-0000-00000000000${organization}', true)`);
        await app.query(`INSERT INTO membership (organization_id, person_id, role) VALUES ('00000000-0000-0000-0000-00000000000${organization}', '00000000-0000-0000-0000-000000000001', 'viewer')`);
        await app.query(`INSERT INTO audit_head (organization_id, seq, hash) VALUES ('00000000-0000-0000-0000-00000000000${organization}', 0, '')`);
        await app.query('COMMIT');
      }
      const count = async (table: string): Promise<number> => (await app.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]!.n;
      expect([await count('membership'), await count('audit_head')]).toEqual([0, 0]);
      await app.query(`BEGIN`);
      await app.query(`SELECT set_config('parley.organization', '00000000-0000-0000-0000-00000000000a', true)`);
      expect([await count('membership'), await count('audit_head')]).toEqual([1, 1]);
      expect((await app.query(`UPDATE membership SET role = 'administrator' WHERE organization_id = '00000000-0000-0000-0000-00000000000b'`)).rowCount).toBe(0);
      await expect(app.query(`INSERT INTO membership (organization_id, person_id, role) VALUES ('00000000-0000-0000-0000-00000000000b', '00000000-0000-0000-0000-000000000001', 'viewer')`)).rejects.toThrow('row-level security');
      await app.query('ROLLBACK');
      // A setting left over from the last transaction is none.
      expect(await count('membership')).toBe(0);
    } finally {
      await app.end();
    }
  });

  it('reads 0 rows of every organization table it may read at all', async () => {
    const app = new pg.Client({ connectionString: database.url, options: '-c role=parley_app' });
    await app.connect();
    try {
      for (const { name } of (await tables()).filter((table) => !(table.name in EXEMPT))) {
        const outcome = await app.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${name}`).then(({ rows }) => rows[0]!.n, (error: { code?: string }) => error.code);
        expect([name, outcome]).toEqual([name, outcome === '42501' ? '42501' : 0]);
      }
    } finally {
      await app.end();
    }
  });

  it('can write the audit log but neither change nor delete in it', async () => {
    const app = new pg.Client({ connectionString: database.url, options: '-c role=parley_app' });
    await app.connect();
    try {
      await expect(app.query(`UPDATE audit_entry SET action = 'x'`)).rejects.toThrow('permission denied');
      await expect(app.query(`DELETE FROM audit_entry`)).rejects.toThrow('permission denied');
      await expect(app.query(`TRUNCATE audit_entry`)).rejects.toThrow('permission denied');
    } finally {
      await app.end();
    }
  });
});

describe('a connection as parley_gate', () => {
  it('can look up credentials by their hash and read no table at all', async () => {
    const gate = new pg.Client({ connectionString: database.url, options: '-c role=parley_gate' });
    await gate.connect();
    try {
      expect((await gate.query(`SELECT * FROM gate_api_key('\\x00', NULL)`)).rowCount).toBe(0);
      for (const { name } of await tables()) await expect(gate.query(`SELECT FROM ${name}`)).rejects.toThrow('permission denied');
    } finally {
      await gate.end();
    }
  });

  it('is the only one of the roles that may', async () => {
    const { rows } = await owner.query<{ name: string; grantees: string[] }>(
      `SELECT p.proname AS name, p.prosecdef, array_agg(DISTINCT CASE acl.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(acl.grantee)::text END) FILTER (WHERE acl.grantee <> p.proowner) AS grantees
       FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) acl WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef GROUP BY 1, 2`);
    expect(rows.length).toBeGreaterThanOrEqual(4);
    for (const row of rows) expect(row).toMatchObject({ grantees: ['parley_gate'] });
  });
});
