import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../../scripts/embedded-postgres.mjs';
import { oncePerRun } from './once-per-run.js';
import { noteServer, runFolder } from './run-folder.mjs';

/** A Redis that other tests use too: write only below `prefix`, never flush it. */
export interface SharedRedis {
  readonly url: string;
  readonly prefix: string;
}

/** A Redis that belongs to one test: flush it, stop it, start it again on the same port. */
export interface OwnRedis {
  readonly url: string;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/**
 * The Redis of this run: REDIS_URL, else the one on 127.0.0.1:6379, else a server of the run's own where the program is
 * installed; undefined where none of these can be had. The prefix is new at each call.
 */
export async function sharedRedis(): Promise<SharedRedis | undefined> {
  const url = await oncePerRun('redis', async () => {
    const given = process.env['REDIS_URL'];
    if (given) return given;
    if (await answers(6379)) return 'redis://127.0.0.1:6379';
    if (!hasRedisServer()) return null;
    const port = await freePort();
    const server = await launch(port);
    noteServer(runFolder(), 'redis', server.pid ?? 0, 'SIGTERM');
    server.unref();
    return `redis://127.0.0.1:${port}`;
  });
  return url === null ? undefined : { url, prefix: `parley-test-${randomBytes(6).toString('hex')}` };
}

/** Whether `ownRedis` can work here. */
export function hasRedisServer(): boolean {
  return redisProgram() !== undefined;
}

/** Debian's redis-tools holds the server too: the program named redis-check-rdb is one when it is called redis-server. */
function redisProgram(): string | undefined {
  return ['redis-server', 'redis-check-rdb'].find((program) => spawnSync(program, ['--version'], { argv0: 'redis-server' }).status === 0);
}

/** Starts a Redis for one test alone, without persistence. The test stops it. */
export async function ownRedis(): Promise<OwnRedis> {
  const port = await freePort();
  let server = await launch(port);
  noteServer(runFolder(), `redis-${port}`, server.pid ?? 0, 'SIGTERM');
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      await ended;
    },
    start: async () => {
      server = await launch(port);
      noteServer(runFolder(), `redis-${port}`, server.pid ?? 0, 'SIGTERM');
    },
  };
}

async function launch(port: number): Promise<ChildProcess> {
  const folder = join(runFolder(), `redis-${port}`);
  await mkdir(folder, { recursive: true });
  const server = spawn(redisProgram() ?? 'redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no',
    '--dir', folder, '--maxmemory-policy', 'noeviction'], { stdio: 'ignore', detached: true, argv0: 'redis-server' });
  for (const end = Date.now() + 10_000; !(await answers(port));) {
    if (Date.now() > end) throw new Error(`redis-server does not answer on port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return server;
}

/** Whether something on this port of 127.0.0.1 says PONG to a PING. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port, timeout: 500 });
    const finish = (isRedis: boolean): void => {
      socket.destroy();
      resolve(isRedis);
    };
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (bytes: Buffer) => { finish(bytes.toString().startsWith('+PONG')); });
    socket.once('error', () => { finish(false); });
    socket.once('timeout', () => { finish(false); });
  });
}
