import { afterAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createDatabase } from '../support/database.js';

describe('a database of a test', () => {
  const made: { drop(): Promise<void> }[] = [];
  afterAll(() => Promise.all(made.map((database) => database.drop())));

  it('is one of its own and speaks UTF-8', async () => {
    const [one, other] = await Promise.all([createDatabase({ isEmpty: true }), createDatabase({ isEmpty: true })]);
    made.push(one, other);
    expect(one.name).not.toBe(other.name);
    const client = new pg.Client({ connectionString: one.url });
    await client.connect();
    const { rows } = await client.query<{ name: string; encoding: string }>("select current_database() as name, current_setting('server_encoding') as encoding");
    await client.end();
    expect(rows).toEqual([{ name: one.name, encoding: 'UTF8' }]);
  });

  it('has the tables of the migrations', async () => {
    const database = await createDatabase();
    made.push(database);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query<{ count: number }>("select count(*)::int as count from pg_tables where schemaname = 'public'");
    await client.end();
    expect(rows[0]?.count).toBeGreaterThan(5);
  });
});
