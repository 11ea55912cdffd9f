import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { eventually } from '../../support/eventually.js';
import { noteDaemon } from '../live-folder.js';

/** Both systems come with this user, and read their files as it. */
const USER = 'www-data';
const STARTED_WITHIN_MS = 60_000;

/** Where Debian puts what is needed, the filled databases included: those are copied, never used. */
export const DEBIAN = {
  rtServer: '/usr/share/request-tracker5/libexec/rt-server', rtDatabase: '/var/lib/dbconfig-common/sqlite3/request-tracker5/rtdb',
  redmine: '/usr/share/redmine', redmineDatabase: '/var/lib/dbconfig-common/sqlite3/redmine/instances/default/redmine_default',
} as const;

/** Why the test cannot run here; null where it can. */
export function whatIsMissing(): string | null {
  const missing = Object.values(DEBIAN).filter((path) => !existsSync(path));
  if (missing.length > 0) return `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not there: request-tracker5 and redmine with SQLite are not installed`;
  if (spawnSync('puma', ['--version']).status !== 0) return 'puma is not installed';
  if (spawnSync('which', ['rt-mailgate']).status !== 0) return 'rt5-clients, with rt-mailgate, is not installed';
  return process.getuid?.() === 0 ? null : `only root can start them as ${USER}`;
}

const words = (environment: Readonly<Record<string, string>>): string[] => ['--reuid', USER, '--regid', USER, '--init-groups', 'env', 'HOME=/tmp', ...Object.entries(environment).map(([name, value]) => `${name}=${value}`)];

/** Runs a program to its end; answers what it wrote. */
export function runAs(environment: Readonly<Record<string, string>>, program: readonly string[], cwd = '/'): string {
  const { status, stdout, stderr } = spawnSync('setpriv', [...words(environment), ...program], { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program.join(' ')} ended with ${status}: ${stderr.slice(-2_000)}`);
  return stdout;
}

/** Gives a folder to the user. */
export function hand(folder: string): void {
  spawnSync('chown', ['-R', `${USER}:${USER}`, folder]);
}

/** An HTTP server of somebody else, that can be stopped and started again. */
export class Daemon {
  private child: ChildProcess | undefined;

  constructor(private readonly environment: Readonly<Record<string, string>>, private readonly program: readonly string[], private readonly isUp: () => Promise<boolean>) {}

  async start(): Promise<void> {
    this.child = spawn('setpriv', [...words(this.environment), ...this.program], { cwd: '/', stdio: 'ignore' });
    noteDaemon(basename(this.program[0] ?? ''), this.child.pid);
    await eventually(async () => { if (!(await this.isUp().catch(() => false))) throw new Error(`${this.program[0]} is not up`); }, STARTED_WITHIN_MS);
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    child.kill('SIGTERM');
    await ended;
  }
}

/** Somebody who uses a system over HTTP; anything but success is an error. */
export async function must(url: string, headers: Readonly<Record<string, string>>, { method = 'GET', body, form }: { readonly method?: string; readonly body?: unknown; readonly form?: FormData | Uint8Array<ArrayBuffer> } = {}): Promise<unknown> {
  const answer = await fetch(url, { method, headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, body: form ?? (body === undefined ? null : JSON.stringify(body)) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url} was answered ${answer.status}: ${text.slice(0, 500)}`);
  return text === '' ? null : (JSON.parse(text) as unknown);
}

/** Looks every half second, so that looking costs the systems nothing. */
export async function untilTrue(look: () => void | Promise<void>, withinMs: number): Promise<void> {
  for (const end = Date.now() + withinMs; ; await new Promise((resolve) => setTimeout(resolve, 500))) {
    try {
      return await look();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}
