import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../scripts/embedded-postgres.mjs';
import { postgresProcessesIn, waitUntil } from '../../scripts/process-identity.mjs';
import { noteServer, runFolder } from './run-folder.mjs';

const ROOT = join(import.meta.dirname, '../..');
const READY_LIMIT_MS = 60_000;

/** The whole product as a process of its own, started as a user would. */
export interface ParleyProcess {
  readonly url: string;
  readonly dataDir: string;
  readonly pid: number;
  /** Everything it has written so far. */
  output(): string;
  /** Resolves with the exit code once the process has ended. */
  readonly exited: Promise<number | null>;
  /** Ctrl-C, once; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** kill -9 of the process that was started, not of its children. */
  kill(): Promise<void>;
}

export interface ParleyOptions {
  /** Default: a new one of this test run. */
  readonly dataDir?: string;
  readonly port?: number;
  /** On top of the defaults: embedded stores, no demo, listening on 127.0.0.1. */
  readonly env?: Readonly<Record<string, string>>;
  /** Which script below scripts/ starts it. `serve` is the image's command and builds nothing. */
  readonly script?: 'serve' | 'start';
}

/** Starts Parley without waiting for it. */
export async function launchParley({ dataDir = newDataFolder(), port, env = {}, script = 'serve' }: ParleyOptions = {}): Promise<ParleyProcess> {
  const listenOn = port ?? await freePort();
  const child = spawn(process.execPath, [join(ROOT, `scripts/${script}.mjs`)], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], PARLEY_DEMO: 'false', HOST: '127.0.0.1', ...env, PORT: String(listenOn), PARLEY_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a test that is interrupted must not interrupt it twice
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => { output += bytes.toString(); });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  if (child.pid !== undefined) noteServer(runFolder(), `parley-${child.pid}`, child.pid, 'SIGTERM');
  return {
    url: `http://127.0.0.1:${listenOn}`,
    dataDir,
    pid: child.pid ?? 0,
    output: () => output,
    exited,
    stop: () => { child.kill('SIGINT'); return exited; },
    kill: async () => { child.kill('SIGKILL'); await ended(child); },
  };
}

/** Starts Parley and waits until it is ready; fails with what it wrote when it ends before. */
export async function startParley(options: ParleyOptions = {}): Promise<ParleyProcess> {
  const parley = await launchParley(options);
  await untilReady(parley);
  return parley;
}

/** Waits until `/readyz` answers 200. */
export async function untilReady(parley: ParleyProcess): Promise<void> {
  let hasEnded = false;
  void parley.exited.then(() => { hasEnded = true; });
  for (const limit = Date.now() + READY_LIMIT_MS; ;) {
    const isReady = await fetch(`${parley.url}/readyz`, { signal: AbortSignal.timeout(2000) }).then(({ ok }) => ok, () => false);
    if (isReady) return;
    if (hasEnded) throw new Error(`Parley ended before it was ready:\n${parley.output()}`);
    if (Date.now() > limit) throw new Error(`Parley was not ready within ${READY_LIMIT_MS / 1000} s:\n${parley.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function newDataFolder(): string {
  const parent = join(runFolder(), 'data');
  mkdirSync(parent, { recursive: true, mode: 0o711 });
  return mkdtempSync(join(parent, 'parley-'));
}

/** Ids of all processes that work for a data folder: supervisor, application, PostgreSQL. */
export function processesOf(dataDir: string): number[] {
  const ours = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)
    .filter((pid) => readOrEmpty(`/proc/${pid}/environ`).split('\0').includes(`PARLEY_DATA_DIR=${dataDir}`));
  return [...ours, ...postgresProcessesIn(join(dataDir, 'pgdata'))];
}

/** Waits until nothing works for the data folder any more, then removes it. */
export async function removeDataFolder(dataDir: string): Promise<void> {
  if (!(await waitUntil(() => processesOf(dataDir).length === 0, 20_000))) throw new Error(`processes are left: ${processesOf(dataDir).join(', ')}`);
  rmSync(dataDir, { recursive: true, force: true });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => { resolve(); });
  });
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
