import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '../../scripts/embedded-postgres.mjs';
import { ApiClient } from './api-client.js';
import { newDataFolder } from './parley-process.js';
import { noteServer, runFolder } from './run-folder.mjs';

const ROOT = join(import.meta.dirname, '../..');
const READY_LIMIT_MS = 120_000;

/** The key with all rights that every application of the tests is started with. */
export const API_KEY = 'test-key-0123456789-0123456789-0123456789';

export interface ApplicationOptions {
  readonly databaseUrl: string;
  readonly redisUrl?: string;
  /** Default: a new one. The same again makes the next application the successor of the one that ran on it. */
  readonly dataDir?: string;
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Folder of the project whose build is started. Default: this one. */
  readonly project?: string;
}

/** The application alone, as a process of its own, over a database that somebody else runs: what a test may kill at will. */
export interface Application {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly dataDir: string;
  /** The administrator's key. */
  readonly api: ApiClient;
  output(): string;
  /** Resolves when it says that it listens. */
  readonly ready: Promise<void>;
  /** Resolves with the exit code, or the signal that ended it. */
  readonly exited: Promise<number | string | null>;
  kill(signal?: NodeJS.Signals): Promise<number | string | null>;
}

/** Starts the application without waiting for it. */
export async function launchApplication({ databaseUrl, redisUrl, dataDir = newDataFolder(), port, env = {}, project = ROOT }: ApplicationOptions): Promise<Application> {
  const listenOn = port ?? await freePort();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(project, 'dist/src/main.js')], {
    env: {
      PATH: process.env['PATH'], HOME: process.env['HOME'], HOST: '127.0.0.1', PARLEY_DEMO: 'false', PARLEY_BOOTSTRAP_API_KEY: API_KEY, PARLEY_LOG_LEVEL: 'warn',
      DATABASE_URL: databaseUrl, ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }), ...env, PORT: String(listenOn), PARLEY_DATA_DIR: dataDir,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ready = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes: Buffer) => {
        output += bytes.toString();
        if (output.includes('Parley is ready: ')) resolve();
      });
    }
  });
  const exited = new Promise<number | string | null>((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  if (child.pid !== undefined) noteServer(runFolder(), `application-${child.pid}`, child.pid, 'SIGKILL');
  const url = `http://127.0.0.1:${listenOn}`;
  return {
    url, port: listenOn, pid: child.pid ?? 0, dataDir, api: new ApiClient(url, `Bearer ${API_KEY}`), output: () => output, ready, exited,
    kill: (signal = 'SIGKILL') => { child.kill(signal); return exited; },
  };
}

/** Starts the application and waits until it is ready; fails with what it wrote when it ends before. */
export async function startApplication(options: ApplicationOptions): Promise<Application> {
  const application = await launchApplication(options);
  await untilReady(application);
  return application;
}

/** Waits until the application says that it listens. */
export async function untilReady(application: Application): Promise<void> {
  const limit = setTimeout(() => void application.kill('SIGKILL'), READY_LIMIT_MS);
  const end = application.exited.then(() => { throw new Error(`Parley ended before it was ready:\n${application.output()}`); });
  end.catch(() => undefined);
  await Promise.race([application.ready, end]);
  clearTimeout(limit);
}
