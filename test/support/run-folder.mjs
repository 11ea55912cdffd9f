// Plain JavaScript, since jest loads its global set-up without the transform that the tests have.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import pg from 'pg';
import { dropDatabase } from '../../scripts/drop-database.mjs';
import { identify, isAlive, waitUntil } from '../../scripts/process-identity.mjs';

/** The variable by which the workers of one test run find what they share. */
const VARIABLE = 'PARLEY_TEST_RUN';
const PREFIX = 'parley-test-';

/** A folder for one test run: its servers, their notes, nothing that outlives it. */
export function makeRunFolder() {
  void sweepDeadRuns();
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  chmodSync(folder, 0o711); // as root, PostgreSQL runs as somebody else and must be able to enter
  writeFileSync(join(folder, 'run.json'), JSON.stringify(identify(process.pid)));
  mkdirSync(join(folder, 'server'));
  process.env[VARIABLE] = folder;
  return folder;
}

export function runFolder() {
  const folder = process.env[VARIABLE];
  if (folder === undefined) throw new Error('no test run here: the jest configuration of the project root makes one (globalSetup)');
  return folder;
}

/** Notes a server that `endRun` must stop. */
export function noteServer(folder, name, pid, signal) {
  writeFileSync(join(folder, 'server', `${name}.json`), JSON.stringify({ ...identify(pid), signal }));
}

/** What the databases of a run begin with. */
export function databasePrefix(folder) {
  return basename(folder).replaceAll('-', '_').toLowerCase();
}

/** Notes a server that is not ours, from which `endRun` must remove the run's databases. */
export function noteExternalServer(folder, url) {
  writeFileSync(join(folder, 'external.json'), JSON.stringify({ url }), { mode: 0o600 });
}

/** Stops the run's servers, removes its databases elsewhere, and its folder. */
export async function endRun(folder) {
  if (existsSync(join(folder, 'external.json'))) await removeDatabases(JSON.parse(readFileSync(join(folder, 'external.json'), 'utf8')).url, databasePrefix(folder));
  for (const file of filesIn(join(folder, 'server'))) {
    const server = JSON.parse(readFileSync(file, 'utf8'));
    if (!isAlive(server)) continue;
    process.kill(server.pid, server.signal);
    if (!(await waitUntil(() => !isAlive(server), 15_000))) process.kill(server.pid, 'SIGKILL');
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

async function removeDatabases(url, prefix) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query('select datname from pg_database where starts_with(datname, $1)', [prefix]);
  for (const { datname } of rows) await dropDatabase(client, datname);
  await client.end();
}

/** A run that was killed could not clean up: the next one does, or whoever killed it. */
export async function sweepDeadRuns() {
  const ending = [];
  for (const folder of filesIn(tmpdir()).filter((path) => path.startsWith(join(tmpdir(), PREFIX)))) {
    let run;
    try {
      run = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'));
    } catch {
      continue; // just being made, or not ours
    }
    if (!isAlive(run)) ending.push(endRun(folder).catch(() => undefined));
  }
  await Promise.all(ending);
}

function filesIn(folder) {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}
