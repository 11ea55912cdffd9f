import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../../scripts/embedded-postgres.mjs';
import type { RunningPostgres } from '../../scripts/embedded-postgres.mjs';
import { newDataFolder, removeDataFolder } from '../support/parley-process.js';

const ask = async (url: string, question: string): Promise<unknown> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ answer: unknown }>(question);
    return rows[0]?.answer;
  } finally {
    await client.end();
  }
};

describe('the embedded PostgreSQL', () => {
  const dataDir = newDataFolder();
  let running: RunningPostgres | undefined;
  const start = async (): Promise<RunningPostgres> => (running = await startPostgres({ dataDir, isDurable: false }));
  const stop = async (): Promise<void> => {
    await running?.stop();
    running = undefined;
  };
  afterEach(stop);
  afterAll(() => removeDataFolder(dataDir));

  it('serves a database whose owner is no superuser', async () => {
    const { url } = await start();
    expect(await ask(url, 'select rolsuper or rolbypassrls as answer from pg_roles where rolname = current_user')).toBe(false);
    expect(await ask(url, "select current_setting('server_encoding') || ' ' || datlocale as answer from pg_database where datname = current_database()")).toBe('UTF8 C.UTF-8');
    await ask(url, 'create table kept as select 42 as answer');
  });

  it('listens on this machine alone', async () => {
    const { adminUrl } = await start();
    expect(await ask(adminUrl, "select current_setting('listen_addresses') || current_setting('unix_socket_directories') as answer")).toBe('127.0.0.1');
  });

  it('still lets its owner in when the password file is lost', async () => {
    rmSync(join(dataDir, 'postgres.password'));
    expect(await ask((await start()).url, 'select answer from kept')).toBe(42);
  });

  it('does not touch a stranger that now has the process id in an old pid file', async () => {
    const stranger = spawn('sleep', ['60']);
    writeFileSync(join(dataDir, 'pgdata/postmaster.pid'), `${stranger.pid ?? 0}\n${join(dataDir, 'pgdata')}\n0\n1\n\n127.0.0.1\n0\nready\n`);
    expect(await ask((await start()).url, 'select answer from kept')).toBe(42);
    expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null]);
    stranger.kill();
  });

  it('stops the server that a killed start left behind, and has its data', async () => {
    const left = await start();
    const next = await start();
    expect(await left.exited).toBe(0);
    expect(await ask(next.url, 'select answer from kept')).toBe(42);
    expect(next.pid).not.toBe(left.pid);
  });

  it('begins anew where making the database was cut off', async () => {
    const other = newDataFolder();
    mkdirSync(join(other, 'pgdata.part'));
    writeFileSync(join(other, 'pgdata.part/PG_VERSION'), '18\n');
    const server = await startPostgres({ dataDir: other, isDurable: false });
    expect(await ask(server.url, 'select 1 as answer')).toBe(1);
    expect(existsSync(join(other, 'pgdata.part'))).toBe(false);
    await server.stop();
    await removeDataFolder(other);
  });

  it('refuses a database that another major version made, and leaves it as it is', async () => {
    const file = join(dataDir, 'pgdata/PG_VERSION');
    const version = readFileSync(file, 'utf8');
    writeFileSync(file, '17\n');
    await expect(startPostgres({ dataDir })).rejects.toThrow(/was made by PostgreSQL 17, and this Parley brings PostgreSQL \d+: see docs\/operate\/upgrade\.md/);
    writeFileSync(file, version);
    expect(await ask((await start()).url, 'select answer from kept')).toBe(42);
  });
});
