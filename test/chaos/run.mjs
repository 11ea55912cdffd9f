// `npm run chaos -- --minutes N`: breaks real things under load and counts; one line per scenario, again at the end.
// `--before COMMIT` adds instances of that version beside those of this one, over one store.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildWhatIsOld } from '../../scripts/build.mjs';
import { ROOT } from '../../scripts/project.mjs';

const { values, positionals } = parseArgs({ options: { minutes: { type: 'string' }, before: { type: 'string' } }, allowPositionals: true });
const minutes = Number(values.minutes ?? 1);
if (!(minutes > 0)) {
  console.error('chaos: --minutes takes a number: how long the random schedules run');
  process.exit(2);
}
await buildWhatIsOld(['server']);
const folder = mkdtempSync(join(tmpdir(), 'parley-chaos-'));
const summary = join(folder, 'summary.txt');
writeFileSync(summary, '');
const before = values.before === undefined ? undefined : versionBefore(values.before);
const jest = spawn(process.execPath, ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', join(ROOT, 'node_modules/jest/bin/jest.js'),
  ...(before === undefined ? ['--testPathIgnorePatterns=test/chaos/upgrade'] : []),
  // Node may wait for ever, in its last moment, for a socket that a failed test left half open: everything is told by then.
  '--forceExit', '--runInBand', ...(positionals.length > 0 ? positionals : ['test/chaos'])], {
  cwd: ROOT, stdio: 'inherit', env: { ...process.env, PARLEY_CHAOS_REPORT: summary, PARLEY_CHAOS_SECONDS: String(minutes * 60), ...(before === undefined ? {} : { PARLEY_CHAOS_BEFORE: before }) },
});
const code = await new Promise((resolve) => jest.once('close', resolve));
console.log(`\n${readFileSync(summary, 'utf8')}${code === 0 ? 'chaos: all scenarios are clean' : 'chaos: something was lost, doubled, out of order or stuck (see above)'}`);
rmSync(folder, { recursive: true, force: true });
process.exit(code ?? 1);

/** Builds another version of this project in a folder of its own. */
function versionBefore(commit) {
  const project = join(folder, 'before');
  const inIt = { cwd: project, stdio: 'inherit' };
  execFileSync('git', ['clone', '--quiet', '--no-checkout', ROOT, project], { stdio: 'inherit' });
  execFileSync('git', ['checkout', '--quiet', commit], inIt);
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], inIt);
  execFileSync(process.execPath, ['scripts/build.mjs', 'server'], inIt);
  return project;
}
