// `npm run chaos -- --minutes N`: breaks real things under load and counts; one line per scenario, again at the end.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildWhatIsOld } from '../../scripts/build.mjs';
import { ROOT } from '../../scripts/project.mjs';

const { values, positionals } = parseArgs({ options: { minutes: { type: 'string' } }, allowPositionals: true });
const minutes = Number(values.minutes ?? 1);
if (!(minutes > 0)) {
  console.error('chaos: --minutes takes a number: how long the random schedules run');
  process.exit(2);
}
await buildWhatIsOld(['server']);
const folder = mkdtempSync(join(tmpdir(), 'parley-chaos-'));
const summary = join(folder, 'summary.txt');
writeFileSync(summary, '');
const jest = spawn(process.execPath, ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', join(ROOT, 'node_modules/jest/bin/jest.js'),
  // Node may wait for ever, in its last moment, for a socket that a failed test left half open: everything is told by then.
  '--forceExit', '--runInBand', ...(positionals.length > 0 ? positionals : ['test/chaos'])], {
  cwd: ROOT, stdio: 'inherit', env: { ...process.env, PARLEY_CHAOS_REPORT: summary, PARLEY_CHAOS_SECONDS: String(minutes * 60) },
});
const code = await new Promise((resolve) => jest.once('close', resolve));
console.log(`\n${readFileSync(summary, 'utf8')}${code === 0 ? 'chaos: all scenarios are clean' : 'chaos: something was lost, doubled, out of order or stuck (see above)'}`);
rmSync(folder, { recursive: true, force: true });
process.exit(code ?? 1);
