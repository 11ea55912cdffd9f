// `npm run bench`: runs the scenarios one after the other and prints one JSON line for each, and before each what the machine can do in that minute.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startPostgres } from '../scripts/embedded-postgres.mjs';
import { SERVER_ENTRY, variable } from '../scripts/project.mjs';
import { calibrate } from './calibration.mjs';
import { parentOf } from './processor-time.mjs';
import { runStatement } from './product.mjs';
import { SCENARIOS } from './scenarios.mjs';

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', default: Object.keys(SCENARIOS).join(',') },
    seconds: { type: 'string', default: '20' },
    warm: { type: 'string', default: '20000' },
    connections: { type: 'string', default: '64' },
    drain: { type: 'string', default: '50000' },
    delayed: { type: 'string', default: '20000' },
    due: { type: 'string', default: '10' },
    node: { type: 'string', default: '' },
    entry: { type: 'string', default: SERVER_ENTRY },
  },
});

const options = {
  ...values, seconds: Number(values.seconds), warm: Number(values.warm), connections: Number(values.connections), drain: Number(values.drain), delayed: Number(values.delayed), due: Number(values.due),
  flags: values.node.split(' ').filter((flag) => flag !== ''),
};
const names = values.scenario.split(',');
const unknown = names.filter((name) => SCENARIOS[name] === undefined);

const print = (line) => console.log(JSON.stringify(line));

/** The stores: those of DATABASE_URL and REDIS_URL, else an embedded PostgreSQL of this run. */
async function openStores(folder) {
  const redisUrl = variable('REDIS_URL') ?? null;
  const given = variable('DATABASE_URL');
  if (given === undefined) {
    const server = await startPostgres({ dataDir: join(folder, 'stores') });
    return { serverUrl: server.url, postgresPid: server.pid, redisUrl, folder, close: () => server.stop() };
  }
  return { serverUrl: given, postgresPid: await postmasterOf(given), redisUrl, folder, close: () => Promise.resolve() };
}

/** The server process of a database on this machine: the parent of one of its sessions. */
async function postmasterOf(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query('select pg_backend_pid() as pid');
    return parentOf(rows[0].pid);
  } finally {
    await client.end();
  }
}

async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  const stores = await openStores(folder);
  // The product and the driver end with this process; PostgreSQL does not.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stores.close().finally(() => process.exit(130)));
  try {
    const [{ version }] = await runStatement(stores.serverUrl, `select current_setting('server_version') as version`);
    print({ machine: { node: process.version, postgres: version, redis: stores.redisUrl !== null, processors: availableParallelism() }, seconds: options.seconds, connections: options.connections });
    for (const name of names) {
      print({ calibration: name, ...(await calibrate(stores.serverUrl)) });
      print({ scenario: name, ...(await SCENARIOS[name](stores, options)) });
    }
  } finally {
    await stores.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (unknown.length > 0) {
  console.error(`There is no scenario ${unknown.join(', ')}; there are ${Object.keys(SCENARIOS).join(', ')}.`);
  process.exitCode = 1;
} else {
  await run();
}
