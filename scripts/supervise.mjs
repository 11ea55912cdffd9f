// Starts what the application needs, then the application, and stops all of it in the opposite order. The application
// cannot do this itself: it could not stop the database after its own end.
import { spawn } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres } from './embedded-postgres.mjs';
import { holdFolder } from './folder-lock.mjs';
import { requireFreePort, requireFreeSpace, requirePostgres } from './preconditions.mjs';
import { isAlive, waitUntil } from './process-identity.mjs';
import { dataFolder, SERVER_FLAGS, variable } from './project.mjs';

const STOP_LIMIT_MS = 25_000;
const SAME_PRESS_MS = 1000; // Ctrl-C arrives twice, from the terminal and from npm

/** Runs the application until it ends or a signal says so. Answers the exit code. */
export async function supervise({ entry, environment = {} }) {
  const dataDir = dataFolder();
  const lock = await holdFolder(dataDir);
  const signals = listenForSignals();
  let postgres;
  try {
    await endLeftApplication(lock.left);
    if (variable('PARLEY_ROLE') !== 'worker') await requireFreePort(variable('HOST') ?? '0.0.0.0', Number(variable('PORT') ?? 8080));
    postgres = await provideStore(dataDir);
    if (signals.isStopping) return 0;
    const env = { ...process.env, ...environment, PARLEY_DATA_DIR: dataDir, ...(postgres && { DATABASE_URL: postgres.url }) };
    return await runApplication({ entry, env, lock, signals, postgres });
  } finally {
    if (postgres !== undefined) {
      rmSync(addressFile(dataDir), { force: true });
      await postgres.stop();
    }
    lock.release();
  }
}

async function provideStore(dataDir) {
  const url = variable('DATABASE_URL');
  if (url !== undefined) {
    await requirePostgres(url);
    return undefined;
  }
  requireFreeSpace(dataDir, ['pgdata', 'database-location.txt'].some((name) => existsSync(join(dataDir, name))));
  const postgres = await startPostgres({ dataDir, log: say });
  writeFileSync(addressFile(dataDir), `${postgres.url}\n`, { mode: 0o600 }); // for the command line and for backups
  say(`embedded PostgreSQL on 127.0.0.1:${postgres.port}`);
  return postgres;
}

async function runApplication({ entry, env, lock, signals, postgres }) {
  // Its own process group, so that Ctrl-C reaches it once, from here. The channel tells it when this process is killed.
  const app = spawn(process.execPath, [...SERVER_FLAGS, entry], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env, detached: true });
  const ended = new Promise((resolve) => {
    app.once('error', (error) => resolve({ error }));
    app.once('exit', (code, signal) => resolve({ code, signal }));
  });
  if (app.pid !== undefined) lock.note(app.pid);
  signals.onStop((isImpatient) => {
    app.kill(isImpatient ? 'SIGKILL' : 'SIGTERM');
    setTimeout(() => app.kill('SIGKILL'), STOP_LIMIT_MS).unref();
  });
  let isStoreLost = false;
  void postgres?.exited.then(() => {
    if (signals.isStopping || app.exitCode !== null) return;
    isStoreLost = true;
    say(`the embedded PostgreSQL has ended unexpectedly (see ${postgres.logFile}); stopping`);
    app.kill('SIGTERM');
    setTimeout(() => app.kill('SIGKILL'), STOP_LIMIT_MS).unref();
  });
  const { code, signal, error } = await ended;
  if (error !== undefined) throw error;
  if (signals.isStopping) say('stopped');
  else if (code !== 0) say(`Parley has ended (${signal ?? `exit code ${code}`})`);
  return isStoreLost ? 1 : signals.isStopping ? 0 : code ?? 1;
}

/** Signals that ask to stop. A second Ctrl-C, later than the first press, asks not to wait. */
function listenForSignals() {
  let stoppedAt = 0;
  let act = () => {};
  const stop = () => {
    const isImpatient = stoppedAt > 0 && Date.now() - stoppedAt > SAME_PRESS_MS;
    if (stoppedAt > 0 && !isImpatient) return;
    stoppedAt ||= Date.now();
    if (!isImpatient) say('stopping …');
    act(isImpatient);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', stop); // nobody reads any more: `npm start | head`
  if (process.channel !== undefined) process.on('disconnect', stop); // started by an older Node that was killed
  return {
    get isStopping() { return stoppedAt > 0; },
    onStop: (handler) => {
      act = handler;
      if (stoppedAt > 0) handler(false);
    },
  };
}

/** The application notices that its supervisor was killed and ends; it may need a moment, or be stuck. */
async function endLeftApplication(left) {
  if (left === undefined) return;
  say(`waiting for the application of an earlier start (process ${left.pid}) to end`);
  if (await waitUntil(() => !isAlive(left), 3000)) return;
  for (const [signal, limitMs] of [['SIGTERM', 10_000], ['SIGKILL', 5000]]) {
    if (isAlive(left)) process.kill(left.pid, signal);
    if (await waitUntil(() => !isAlive(left), limitMs)) return;
  }
}

function addressFile(dataDir) {
  return join(dataDir, 'database.url');
}

function say(line) {
  console.log(`parley: ${line}`);
}
