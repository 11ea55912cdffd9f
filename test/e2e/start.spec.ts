import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresProcessesIn, waitUntil } from '../../scripts/process-identity.mjs';
import { launchParley, newDataFolder, processesOf, removeDataFolder, untilReady } from '../support/parley-process.js';
import type { ParleyProcess } from '../support/parley-process.js';

const started: ParleyProcess[] = [];
const start = async (options: Parameters<typeof launchParley>[0]): Promise<ParleyProcess> => {
  const parley = await launchParley(options);
  started.push(parley);
  await untilReady(parley);
  return parley;
};
/** One that finds no database says so after half a minute, which passes while others are tested. */
let withoutDatabase: Promise<{ readonly code: number | null; readonly output: string; readonly afterMs: number }>;
beforeAll(async () => {
  const begin = Date.now();
  const parley = await launchParley({ env: { DATABASE_URL: 'postgres://parley:secret@127.0.0.1:1/parley' } });
  withoutDatabase = parley.exited.then((code) => ({ code, output: parley.output().trim(), afterMs: Date.now() - begin }));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((parley) => parley.stop())); // what a test killed has ended already
});

const applicationOf = (dataDir: string): number => (JSON.parse(readFileSync(join(dataDir, 'parley.lock'), 'utf8')) as { application: { pid: number } }).application.pid;
const databaseOf = (dataDir: string): number => Number(readFileSync(join(dataDir, 'pgdata/postmaster.pid'), 'utf8').split('\n', 1)[0]);
const openFiles = (file: string): string => (statSync(file).mode & 0o777).toString(8);

describe('Parley on an empty data folder', () => {
  const dataDir = newDataFolder();
  afterAll(() => removeDataFolder(dataDir));

  it('starts its own database, says so, and leaves nothing behind on Ctrl-C', async () => {
    const parley = await start({ dataDir });
    expect(parley.output()).toContain('embedded PostgreSQL on 127.0.0.1:');
    expect(openFiles(join(dataDir, 'postgres.password'))).toBe('600');
    expect(openFiles(join(dataDir, 'database.url'))).toBe('600');
    expect(await parley.stop()).toBe(0);
    expect(processesOf(dataDir)).toEqual([]);
  });

  it('starts a second time on the same database', async () => {
    const parley = await start({ dataDir });
    expect(parley.output()).not.toContain('created the database');
  });

  it('refuses a second process on the same folder', async () => {
    await start({ dataDir });
    const second = await launchParley({ dataDir });
    expect(await second.exited).toBe(1);
    expect(second.output().trim()).toMatch(/^parley: Parley already runs on the data folder .* \(process \d+ on .*\): stop it first, or give this one its own PARLEY_DATA_DIR\.$/);
  });
});

describe('Parley after a kill -9', () => {
  const dataDir = newDataFolder();
  afterAll(() => removeDataFolder(dataDir));

  it('of the process that was started: the application ends by itself, and the next start works', async () => {
    const first = await start({ dataDir });
    const application = applicationOf(dataDir);
    await first.kill();
    const next = await start({ dataDir });
    expect(applicationOf(dataDir)).not.toBe(application);
    expect(await next.stop()).toBe(0);
    expect(processesOf(dataDir)).toEqual([]);
  });

  it('of the application: everything ends with a word, and the next start works', async () => {
    const first = await start({ dataDir });
    process.kill(applicationOf(dataDir), 'SIGKILL');
    expect(await first.exited).toBe(1);
    expect(first.output()).toContain('Parley has ended (SIGKILL)');
    expect(processesOf(dataDir)).toEqual([]);
    await start({ dataDir });
  });

  it('of the database: everything ends with a word, and the next start recovers it', async () => {
    const first = await start({ dataDir });
    process.kill(databaseOf(dataDir), 'SIGKILL');
    expect(await first.exited).toBe(1);
    expect(first.output()).toContain('the embedded PostgreSQL has ended unexpectedly');
    await start({ dataDir });
  });

  it('of all of them at once: the next start works', async () => {
    const first = await start({ dataDir });
    const [application, database] = [applicationOf(dataDir), databaseOf(dataDir)];
    await first.kill();
    for (const pid of [application, database]) process.kill(pid, 'SIGKILL');
    await start({ dataDir });
    expect(postgresProcessesIn(join(dataDir, 'pgdata'))).toContain(databaseOf(dataDir));
  });
});

describe('Parley that cannot start says why in one sentence', () => {
  const sentence = async (options: Parameters<typeof launchParley>[0]): Promise<string> => {
    const parley = await launchParley(options);
    expect(await parley.exited).toBe(1);
    return parley.output().trim();
  };

  it('when its port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', () => { resolve(); }));
    const { port } = other.address() as AddressInfo;
    try {
      expect(await sentence({ port })).toBe(`parley: Port ${port} is taken by another program: stop it, or choose another one with PORT=…`);
    } finally {
      await new Promise((resolve) => other.close(resolve)); // one that listens on keeps the test run from ending
    }
  });

  it('when PostgreSQL does not answer within 30 s', async () => {
    const { code, output, afterMs } = await withoutDatabase;
    expect(code).toBe(1);
    expect(output.split('\n').at(-1)).toBe('parley: The PostgreSQL at 127.0.0.1:1/parley does not answer within 30 s (ECONNREFUSED): check DATABASE_URL.');
    expect(output).not.toContain('secret');
    expect(afterMs).toBeGreaterThan(29_000);
  });

  it('when DATABASE_URL is none', async () => {
    expect(await sentence({ env: { DATABASE_URL: 'localhost' } })).toMatch(/^parley: DATABASE_URL is no URL/);
  });

  it('when the data folder is no folder', async () => {
    expect(await sentence({ dataDir: '/proc/version/data' })).toMatch(/^parley: The data folder \/proc\/version\/data cannot be written/);
  });
});

describe('Parley in a folder that its database may not enter', () => {
  const isRoot = process.getuid?.() === 0;
  const parent = mkdtempSync(join(tmpdir(), 'parley-private-')); // mode 0700, as /root is
  afterAll(() => { rmSync(parent, { recursive: true, force: true }); });

  (isRoot ? it : it.skip)('keeps the database elsewhere and notes where', async () => {
    const dataDir = join(parent, 'data');
    const parley = await start({ dataDir });
    const [home] = readFileSync(join(dataDir, 'database-location.txt'), 'utf8').split('\n');
    expect(home).toMatch(/^\/var\/lib\/parley\/[0-9a-f]{12}$/);
    await parley.stop();
    await start({ dataDir });
    await started.pop()?.stop();
    expect(await waitUntil(() => postgresProcessesIn(join(home ?? '', 'pgdata')).length === 0, 10_000)).toBe(true);
    rmSync(home ?? '', { recursive: true, force: true });
  });
});
