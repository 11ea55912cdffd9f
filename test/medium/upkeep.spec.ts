import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { ensurePartitions } from '../../src/store/pipeline/partition.js';
import { forgetRepeats } from '../../src/store/pipeline/upkeep.js';
import { newId, uuidFloor } from '../../src/store/pipeline/uuid.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

const DAY_MS = 24 * 3_600_000;

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

describe('upkeep', () => {
  it('makes the partitions of the coming weeks, with the same row-level security, and may be done twice', async () => {
    const inTenWeeks = Date.now() + 70 * DAY_MS;
    await ensurePartitions(database.url, inTenWeeks);
    await ensurePartitions(database.url, inTenWeeks);
    const { rows } = await owner.query<{ forced: boolean; policies: number }>(
      `SELECT c.relforcerowsecurity AS forced, (SELECT count(*)::int FROM pg_policy p WHERE p.polrelid = c.oid) AS policies FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'message'::regclass`);
    expect(rows.length).toBeGreaterThanOrEqual(12);
    expect(rows.every((row) => row.forced && row.policies === 2)).toBe(true);
  });

  it('forgets the keys of requests that are older than a week, and no others', async () => {
    const organization = newId();
    const key = (name: string, ageDays: number): Promise<unknown> => owner.query(
      `SET ROLE parley_worker; INSERT INTO inbound_key VALUES ('${organization}', 'e', '${name}', '${uuidFloor(Date.now() - ageDays * DAY_MS)}', ''); RESET ROLE`);
    await key('old', 8);
    await key('young', 6);
    await key('new', 0);
    expect(await forgetRepeats(database.url, Date.now())).toBe(1);
    await owner.query('SET ROLE parley_worker');
    const { rows } = await owner.query<{ key: string }>('SELECT key FROM inbound_key WHERE organization_id = $1 ORDER BY key', [organization]);
    await owner.query('RESET ROLE');
    expect(rows.map((row) => row.key)).toEqual(['new', 'young']);
  });
});
