import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readSettings, type Settings } from '../../src/config/settings.js';
import { firstStart, openInstallationKey, tellFirstStart } from '../../src/identity/index.js';
import { Database } from '../../src/store/database.js';
import { StoreUnreachable, waitForPostgres } from '../../src/store/reach.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

let own: TestDatabase;
let database: Database;
let folder: string;
beforeEach(async () => {
  own = await createDatabase();
  database = await Database.open(own.url, () => {});
  folder = await mkdtemp(join(tmpdir(), 'parley-key-'));
});
afterEach(async () => {
  await database.close();
  await own.drop();
  await rm(folder, { recursive: true });
});

const settings = (environment: Readonly<Record<string, string>> = {}): Settings => {
  const read = readSettings({ PARLEY_DATA_DIR: folder, ...environment });
  if ('problems' in read) throw new Error(read.problems.join('; '));
  return read.settings;
};
const aKey = (): string => randomBytes(32).toString('base64');

describe('the encryption key', () => {
  it('is generated once, for the owner\'s eyes only, and found again', async () => {
    const first = await openInstallationKey(settings(), database);
    const file = join(folder, 'secret.key');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(Buffer.from((await readFile(file, 'utf8')).trim(), 'base64')).toHaveLength(32);
    expect((await openInstallationKey(settings(), database)).id).toEqual(first.id);
  });

  it('is the same for two processes that start on one folder at once', async () => {
    const keys = await Promise.all([openInstallationKey(settings(), database), openInstallationKey(settings(), database)]);
    expect(keys[0].id).toEqual(keys[1].id);
  });

  it('that does not fit the database is refused with one sentence', async () => {
    await openInstallationKey(settings({ PARLEY_ENCRYPTION_KEY: aKey() }), database);
    await expect(openInstallationKey(settings({ PARLEY_ENCRYPTION_KEY: aKey() }), database)).rejects.toThrow('The encryption key (PARLEY_ENCRYPTION_KEY) is not the one this database was encrypted with.');
    await writeFile(join(folder, 'other.key'), aKey());
    await expect(openInstallationKey(settings({ PARLEY_ENCRYPTION_KEY_FILE: join(folder, 'other.key') }), database)).rejects.toThrow('The encryption key (PARLEY_ENCRYPTION_KEY_FILE) is not');
  });

  it('that was lost is not replaced by a new one', async () => {
    await openInstallationKey(settings(), database);
    await rm(join(folder, 'secret.key'));
    await expect(openInstallationKey(settings(), database)).rejects.toThrow('restore');
    await expect(stat(join(folder, 'secret.key'))).rejects.toThrow('ENOENT');
  });

  it('has 32 bytes in base64', async () => {
    await expect(openInstallationKey(settings({ PARLEY_ENCRYPTION_KEY: 'too short' }), database)).rejects.toThrow('PARLEY_ENCRYPTION_KEY must hold 32 bytes in base64');
    await expect(openInstallationKey(settings({ PARLEY_ENCRYPTION_KEY_FILE: join(folder, 'none') }), database)).rejects.toThrow('cannot be read (ENOENT)');
  });
});

describe('the first start', () => {
  it('makes the organization and its administrator once, however many instances start', async () => {
    const made = await Promise.all(Array.from({ length: 4 }, () => firstStart(database, settings({ PARLEY_BOOTSTRAP_API_KEY: 'x'.repeat(32) }))));
    expect(made.filter((one) => one !== null)).toHaveLength(1);
    const [counts] = await database.app.query<Record<string, number>[]>(`SELECT (SELECT count(*)::int FROM organization) AS organizations, (SELECT count(*)::int FROM person) AS people`);
    expect(counts).toEqual({ organizations: 1, people: 1 });
  });

  it('shows a generated password once, and a given one never', async () => {
    const made = (await firstStart(database, settings()))!;
    expect(made.password).toMatch(/^[\w-]{20}$/);
    expect(tellFirstStart(made)).toContain(made.password!);
    expect(await firstStart(database, settings())).toBeNull();
    expect(tellFirstStart({ email: 'a@b', password: null })).toContain('PARLEY_ADMIN_PASSWORD');
  });

  it('makes a bootstrap key that is given later, and no revoked one again', async () => {
    const later = settings({ PARLEY_BOOTSTRAP_API_KEY: 'k'.repeat(32) });
    await firstStart(database, settings());
    await firstStart(database, later);
    await firstStart(database, later);
    const { rows } = await database.worker.query<{ n: number }>('SELECT count(*)::int AS n FROM api_key');
    expect(rows[0]?.n).toBe(1);
  });
});

describe('a PostgreSQL', () => {
  it('that does not answer in time is told in one sentence, without its password', async () => {
    const waited = waitForPostgres('postgres://u:hidden@127.0.0.1:1/parley', 600);
    await expect(waited).rejects.toThrow(StoreUnreachable);
    await expect(waited).rejects.toThrow(/^PostgreSQL at 127\.0\.0\.1:1\/parley did not answer within 1 s \(.*\)\.$/);
    await expect(waited).rejects.not.toThrow('hidden');
  });

  it('that refuses is not waited for', async () => {
    const missing = new URL(own.url);
    missing.pathname = '/no_such_database';
    const longerThanThisTestMayTakeMs = 3_600_000;
    await expect(waitForPostgres(missing.href, longerThanThisTestMayTakeMs)).rejects.toThrow('refuses the connection');
  });

  it('that answers is good', async () => {
    await expect(waitForPostgres(own.url)).resolves.toBeUndefined();
  });
});
