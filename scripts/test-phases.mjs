// The parts of a test run. Each answers how many passed and failed; a check without tests of its own counts as one.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { buildWhatIsOld } from './build.mjs';
import { ROOT } from './project.mjs';
import { printFailure } from './start-failure.mjs';

const ENV = { ...process.env, PATH: [join(ROOT, 'node_modules/.bin'), process.env.PATH ?? ''].join(delimiter), NG_CLI_ANALYTICS: 'false' };

/** Runs a check that passes or fails as a whole; shows its output only when it fails. */
export async function check(name, program, args) {
  const begin = Date.now();
  const { code, output } = await run(program, args, { isQuiet: true });
  if (code !== 0) console.log(`\n${output.trimEnd()}\n`);
  return report(name, begin, code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
}

/** Builds what is old; one check. */
export async function build(name) {
  const begin = Date.now();
  const outcome = await buildWhatIsOld().then(() => ({ passed: 1, failed: 0 }), (error) => {
    printFailure(error);
    return { passed: 0, failed: 1 };
  });
  return report(name, begin, outcome);
}

/** Runs jest on some folders or files. `env` may name other stores. What is written `atOnce: false` comes when all has ended, so that phases that run side by side do not mix. */
export async function jest(name, folders, { args = [], env = {}, atOnce = true } = {}) {
  const begin = Date.now();
  const present = folders.filter((folder) => hasTests(join(ROOT, folder)));
  if (present.length === 0) return report(name, begin, { passed: 0, failed: 0 });
  const counts = await withReport(async (file) => {
    const { code, output } = await run(process.execPath, ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js',
      '--json', `--outputFile=${file}`, ...args, ...present], { env, isQuiet: !atOnce });
    if (!atOnce) console.log(output.trimEnd());
    return { code, summarize: ({ numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites }) => ({ passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites, skipped: numPendingTests }) };
  });
  return report(name, begin, counts);
}

/** Runs the console's own unit tests, where it has any. */
export async function consoleTests(name) {
  const begin = Date.now();
  const folder = join(ROOT, 'apps/admin-ui');
  if (!hasTests(join(folder, 'src'))) return report(name, begin, { passed: 0, failed: 0 });
  const counts = await withReport(async (file) => {
    const { code, output } = await run('ng', ['test', '--watch=false', '--reporters=default', '--reporters=json', `--output-file=${file}`], { cwd: folder, isQuiet: true });
    if (code !== 0) console.log(output.trimEnd());
    return { code, summarize: ({ numPassedTests, numFailedTests, numPendingTests }) => ({ passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests }) };
  });
  return report(name, begin, counts);
}

/** Tests against stores wait more than they work, so that one more of them runs than there are processors. */
export function workers() {
  return `--maxWorkers=${Math.min(6, availableParallelism() + 1)}`;
}

/** A runner that ends without a report, or badly without naming a failed test, counts as one failure. */
async function withReport(runTests) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-report-'));
  try {
    const file = join(folder, 'report.json');
    const { code, summarize } = await runTests(file);
    if (!existsSync(file)) return { passed: 0, failed: 1 };
    const counts = summarize(JSON.parse(readFileSync(file, 'utf8')));
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(name, begin, { passed, failed, skipped = 0 }) {
  const seconds = ((Date.now() - begin) / 1000).toFixed(1);
  console.log(`parley: ${name}: ${failed > 0 ? 'FAILED' : 'ok'} in ${seconds} s (${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''})`);
  return { name, passed, failed, skipped, seconds };
}

async function run(program, args, { isQuiet = false, env = {}, cwd = ROOT } = {}) {
  const child = spawn(program, args, { cwd, env: { ...ENV, ...env }, stdio: ['ignore', isQuiet ? 'pipe' : 'inherit', isQuiet ? 'pipe' : 'inherit'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes) => { output += bytes; });
  const code = await new Promise((resolve) => child.once('error', (error) => { output += error.message; resolve(1); }).once('close', (status) => resolve(status ?? 1)));
  return { code, output };
}

function hasTests(place) {
  if (place.endsWith('.spec.ts')) return existsSync(place);
  return existsSync(place) && readdirSync(place, { recursive: true }).some((name) => name.endsWith('.spec.ts'));
}
