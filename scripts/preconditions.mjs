// What must hold before anything is started. Each failure is one sentence that says what to do.
import { statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { StartFailure } from './start-failure.mjs';

const ANSWER_LIMIT_MS = 30_000;
const OLDEST_VERSION = 15;
const LEAST_FREE_MB = 100;
const LEAST_FREE_FOR_NEW_DATABASE_MB = 300;

/** An empty PostgreSQL takes 60 MB, its first day of log some more; a full disk stops it in the middle of a write. */
export function requireFreeSpace(folder, hasDatabase) {
  const { bavail, bsize } = statfsSync(folder);
  const freeMb = Math.floor((bavail * bsize) / 1024 ** 2);
  const neededMb = hasDatabase ? LEAST_FREE_MB : LEAST_FREE_FOR_NEW_DATABASE_MB;
  if (freeMb < neededMb) throw new StartFailure(`The disk of ${folder} is nearly full (${freeMb} MB free, ${neededMb} needed): free some space and start again.`);
}

/** Listens for a moment where the application will. */
export async function requireFreePort(host, port) {
  const server = createServer();
  const failure = await new Promise((resolve) => {
    server.once('error', resolve);
    server.listen(port, host, () => resolve(undefined));
  });
  await new Promise((resolve) => server.close(resolve));
  if (failure === undefined) return;
  if (failure.code === 'EADDRINUSE') throw new StartFailure(`Port ${port} is taken by another program: stop it, or choose another one with PORT=…`);
  if (failure.code === 'EACCES') throw new StartFailure(`This user may not listen on port ${port}: choose one above 1023 with PORT=…`);
  throw new StartFailure(`Parley cannot listen on ${host}:${port} (${failure.code}): check HOST and PORT.`);
}

/** Waits until the PostgreSQL of DATABASE_URL answers, at most 30 s, and looks at its version. */
export async function requirePostgres(url) {
  const { default: pg } = await import('pg');
  const place = describe(url);
  const end = Date.now() + ANSWER_LIMIT_MS;
  for (let isFirst = true; ; isFirst = false) {
    const outcome = await ask(pg, url);
    if ('version' in outcome) {
      if (outcome.version >= OLDEST_VERSION) return;
      throw new StartFailure(`The PostgreSQL ${place} has version ${outcome.version}; Parley needs ${OLDEST_VERSION} or newer.`);
    }
    const { error } = outcome;
    if (/^(28|3D|42)/.test(error.code ?? '')) throw new StartFailure(`The PostgreSQL ${place} does not let Parley in: ${error.message}.`);
    if (Date.now() >= end) throw new StartFailure(`The PostgreSQL ${place} does not answer within ${ANSWER_LIMIT_MS / 1000} s (${error.code ?? error.message}): check DATABASE_URL.`);
    if (isFirst) console.log(`parley: waiting for the PostgreSQL ${place} …`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function ask(pg, url) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, query_timeout: 5000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query("select current_setting('server_version_num')::int / 10000 as version");
    return { version: rows[0].version };
  } catch (error) {
    return { error };
  } finally {
    void client.end().catch(() => {});
  }
}

/** Host, port and database of a connection URL, never its password. */
function describe(url) {
  if (!URL.canParse(url)) throw new StartFailure('DATABASE_URL is no URL: it should look like postgres://user:password@host:5432/database.');
  const { hostname, port, pathname } = new URL(url);
  return `at ${hostname || 'localhost'}:${port || 5432}${pathname === '/' ? '' : pathname}`;
}
