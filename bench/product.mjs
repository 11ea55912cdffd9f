// The product as it is delivered: the built server as a process of its own, on a database of its own.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { dropDatabase } from '../scripts/drop-database.mjs';
import { freePort } from '../scripts/embedded-postgres.mjs';
import { SERVER_FLAGS } from '../scripts/project.mjs';
import { residentMbOf } from './processor-time.mjs';

const READY_LIMIT_MS = 60_000;
const MEMORY_STEP_MS = 250;
const API_KEY = 'key-of-the-bench-key-of-the-bench-key';
const PASSWORD = 'password of the bench';

/** How the source shows who it is. */
export const SOURCE_AUTHORIZATION = `Basic ${Buffer.from(`source:${PASSWORD}`).toString('base64')}`;
export const SOURCE_PASSWORD = PASSWORD;
export const INBOUND_PATH = '/api/v1/inbound/source/incident';

/** Runs one statement on the server of `url`. */
export function runStatement(url, text) {
  return onServer(url, async (client) => (await client.query(text)).rows);
}

/** Gives a connection to the server of `url` to `act`, and closes it. */
export async function onServer(url, act) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await act(client);
  } finally {
    await client.end();
  }
}

/** Starts Parley with a new database on the given server. `redisUrl` null: wake-ups go through PostgreSQL. `flags`: of Node itself, such as those of its profiler. */
export async function startProduct({ serverUrl, redisUrl, entry, folder, flags = [] }) {
  const name = `parley_bench_${randomBytes(4).toString('hex')}`;
  await runStatement(serverUrl, `create database ${name}`);
  const databaseUrl = Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;
  const dataDir = mkdtempSync(join(folder, 'parley-'));
  const port = await freePort();
  const logFile = join(dataDir, 'output.log');
  const output = openSync(logFile, 'a');
  const beganAt = performance.now();
  const child = spawn(process.execPath, [...SERVER_FLAGS, ...flags, entry], {
    // The channel ends it when this process ends, however that happens.
    stdio: ['ignore', output, output, 'ipc'],
    env: {
      PATH: process.env.PATH, HOST: '127.0.0.1', PORT: String(port), PARLEY_DATA_DIR: dataDir, PARLEY_DEMO: 'false', PARLEY_BOOTSTRAP_API_KEY: API_KEY, PARLEY_LOG_LEVEL: 'info',
      DATABASE_URL: databaseUrl, ...(redisUrl === null ? {} : { REDIS_URL: redisUrl }),
    },
  });
  closeSync(output);
  const exited = new Promise((resolve) => { child.once('exit', resolve); });
  const product = {
    url: `http://127.0.0.1:${port}`, pid: child.pid, databaseUrl, ...watchMemory(child.pid),
    readyMs: 0,
    stop: async () => {
      product.endWatch();
      child.kill('SIGTERM');
      await exited;
      await onServer(serverUrl, (client) => dropDatabase(client, name));
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  try {
    await untilReady(product.url, child);
  } catch (error) {
    const said = readFileSync(logFile, 'utf8').slice(-2_000);
    await product.stop();
    throw new Error(`${error.message}\n${said}`, { cause: error });
  }
  product.readyMs = Math.round(performance.now() - beganAt);
  return product;
}

async function untilReady(url, child) {
  for (const until = performance.now() + READY_LIMIT_MS; performance.now() < until;) {
    if (child.exitCode !== null) throw new Error('Parley has ended instead of getting ready.');
    const isReady = await fetch(`${url}/api/openapi.json`, { method: 'HEAD' }).then((answer) => answer.status < 500, () => false);
    if (isReady) return;
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
  throw new Error('Parley did not get ready.');
}

/** Looks at the memory of a process now and then; `peakMb()` tells the most since the last `forgetPeak()`. */
function watchMemory(pid) {
  let peak = null;
  const look = () => { peak = Math.max(peak ?? 0, residentMbOf(pid) ?? 0) || null; };
  const timer = setInterval(look, MEMORY_STEP_MS);
  return { peakMb: () => (peak === null ? null : Math.round(peak)), forgetPeak: () => { peak = null; look(); }, endWatch: () => clearInterval(timer) };
}

/** Asks the product's API; throws where it refuses. */
export async function ask(product, method, path, body) {
  const answer = await fetch(`${product.url}/api/v1${path}`, {
    method, headers: { authorization: `Bearer ${API_KEY}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
