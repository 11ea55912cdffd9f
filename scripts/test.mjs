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
  const results = [await build('build')];
  const isBuilt = results[0].failed === 0;
  results.push(...await Promise.all([
    check('types', 'tsc', ['--noEmit', '-p', 'tsconfig.json']),
    check('lint', 'eslint', ['--no-error-on-unmatched-pattern', 'src', 'migrations', 'test', 'bench', 'scripts']),
  ]));
  results.push(await jest('boundaries', ['test/arch']));
  results.push(await jest('unit', ['src', 'test/case'], { args: [workers()] }));
  results.push(await consoleTests('console'));
  results.push(await jest('medium', ['test/medium'], { args: [workers()] }));
  const external = await externalPostgres();
  if (external !== undefined) {
    results.push(await jest(`medium on PostgreSQL ${external.version}`, ['test/medium'], { args: [workers()], env: { PARLEY_TEST_DATABASE_URL: external.url } }));
  }
  if (isBuilt) results.push(await jest('end to end', ['test/e2e'], { args: ['--runInBand'] }));
  if (isBuilt) results.push(await jest('chaos', ['test/chaos/failpoint.spec.ts', 'test/chaos/random-kill.spec.ts'], { args: ['--runInBand'], env: SLICE_OF_CHAOS }));
  if (isBuilt) results.push(await jest('browser', ['test/browser'], { args: ['--runInBand'] }));
  return results;
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
