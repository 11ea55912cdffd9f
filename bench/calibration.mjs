// What this machine does in this minute, without the product: figures of different minutes are compared by it.
import pg from 'pg';
import { startDriver } from './driver-process.mjs';
import { runStatement } from './product.mjs';

const MS = 1_000;
const CLIENTS = 8;
const CONNECTIONS = 64;

/** Commits per second of 2 kB rows by 8 clients, and HTTP requests per second of the driver to itself. */
export async function calibrate(serverUrl) {
  return { postgresCommitsPerSecond: Math.round(await commitsPerSecond(serverUrl)), rawHttpPerSecond: Math.round(await httpPerSecond()) };
}

async function commitsPerSecond(serverUrl) {
  await runStatement(serverUrl, 'create table if not exists parley_bench_calibration (body bytea)');
  const clients = Array.from({ length: CLIENTS }, () => new pg.Client({ connectionString: serverUrl }));
  try {
    await Promise.all(clients.map((client) => client.connect()));
    const body = Buffer.alloc(2_048, 'x');
    const until = performance.now() + MS;
    const counts = await Promise.all(clients.map(async (client) => {
      let count = 0;
      for (; performance.now() < until; count++) await client.query({ name: 'calibrate', text: 'insert into parley_bench_calibration values ($1)', values: [body] });
      return count;
    }));
    return counts.reduce((sum, count) => sum + count, 0) / (MS / 1_000);
  } finally {
    await Promise.allSettled(clients.map((client) => client.end()));
    await runStatement(serverUrl, 'drop table parley_bench_calibration');
  }
}

async function httpPerSecond() {
  const driver = startDriver();
  try {
    await driver.listen({ count: 1 });
    await driver.rawHttp({ ms: MS / 2, connections: CONNECTIONS }); // the first half second is compiled, not measured
    return await driver.rawHttp({ ms: MS, connections: CONNECTIONS });
  } finally {
    await driver.end();
  }
}
