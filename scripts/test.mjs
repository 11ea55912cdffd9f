// `npm test`: everything, from a fresh clone, with its own set-up. The last line is `N passed, N failed`.
import { fileURLToPath } from 'node:url';
import { isNodeNewEnough, refuseAncientNode, runOnBundledNode } from './node-version.mjs';
import { printFailure } from './start-failure.mjs';

/** The rest is `npm run chaos`. */
const SLICE_OF_CHAOS = { PARLEY_CHAOS_SECONDS: '30', PARLEY_CHAOS_PLACES: 'route.before-commit,deliver.after-call' };

try {
  refuseAncientNode();
  await test();
} catch (error) {
  printFailure(error);
  console.log('0 passed, 1 failed');
  process.exit(1);
}

async function test() {
  const { installWhatIsMissing } = await import('./install.mjs');
  installWhatIsMissing();
  if (!isNodeNewEnough()) {
    runOnBundledNode(fileURLToPath(import.meta.url));
    return;
  }
  const begin = Date.now();
  const { provideTestTools } = await import('./test-tools.mjs');
  provideTestTools();
  const results = await runAll();
  console.log(`\nparley: ${results.map(({ name, seconds }) => `${name} ${seconds} s`).join(', ')}; ${Math.round((Date.now() - begin) / 1000)} s in all`);
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  if (sum('skipped') > 0) console.log(`parley: ${sum('skipped')} skipped`);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  process.exit(sum('failed') > 0 ? 1 : 0);
}

async function runAll() {
  const { build, check, consoleTests, jest, workers } = await import('./test-phases.mjs');
  const { specsForEveryPostgres } = await import('./medium-specs.mjs');
  const external = await externalPostgres();
  const building = build('build');
  const whenBuilt = (phase) => async () => ((await building).failed === 0 ? phase() : []);
  // Two rows side by side, since one alone leaves the processors idle half of the time: the first mostly waits, for processes, leases
  // and retries, the second mostly computes.
  // The console's tests wait for the build: both use the cache of `ng`.
  const rows = await Promise.all([
    inTurn([
      () => building,
      () => jest('unit', ['src', 'test/case'], { args: [workers()], atOnce: false }),
      whenBuilt(() => jest('end to end', ['test/e2e'], { args: ['--maxWorkers=2'], atOnce: false })),
      whenBuilt(() => jest('chaos', ['test/chaos/failpoint.spec.ts', 'test/chaos/random-kill.spec.ts'], { args: ['--maxWorkers=2'], env: SLICE_OF_CHAOS, atOnce: false })),
      whenBuilt(() => jest('browser', ['test/browser'], { args: ['--runInBand'], atOnce: false })),
    ]),
    inTurn([
      () => check('types', 'tsc', ['--noEmit', '-p', 'tsconfig.json']),
      () => check('lint', 'eslint', ['--no-error-on-unmatched-pattern', 'src', 'migrations', 'test', 'bench', 'scripts']),
      () => jest('boundaries', ['test/arch']),
      () => building.then(() => consoleTests('console')),
      () => jest('medium', ['test/medium'], { args: [workers()] }),
      () => (external === undefined ? [] : jest(`medium on PostgreSQL ${external.version}`, specsForEveryPostgres(), { args: [workers()], env: { PARLEY_TEST_DATABASE_URL: external.url } })),
    ]),
  ]);
  return rows.flat();
}

/** Runs phases one after the other; answers what they answer, in a list. */
async function inTurn(phases) {
  const results = [];
  for (const phase of phases) results.push(await phase());
  return results.flat();
}

/** A PostgreSQL on its usual port that lets us make databases is tested too: it is hardly ever the embedded version. */
async function externalPostgres() {
  const { default: pg } = await import('pg');
  const { userInfo } = await import('node:os');
  const given = process.env.PARLEY_TEST_DATABASE_URL;
  for (const url of given ? [given] : [`postgres://${userInfo().username}@127.0.0.1:5432/postgres`, 'postgres://postgres@127.0.0.1:5432/postgres']) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    client.on('error', () => {});
    try {
      await client.connect();
      const { rows } = await client.query("select current_setting('server_version_num')::int / 10000 as version, rolcreatedb and rolcreaterole or rolsuper as may from pg_roles where rolname = current_user");
      if (rows[0].version >= 15 && rows[0].may) return { url, version: rows[0].version };
    } catch {
      // none there, or not for us
    } finally {
      await client.end().catch(() => {});
    }
  }
  return undefined;
}
