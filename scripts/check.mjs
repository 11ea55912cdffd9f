// `npm run check`: what tells within a minute whether a change may be committed. Types, lint, boundaries, core tests.
import { fileURLToPath } from 'node:url';
import { installWhatIsMissing } from './install.mjs';
import { isNodeNewEnough, refuseAncientNode, runOnBundledNode } from './node-version.mjs';
import { printFailure } from './start-failure.mjs';

try {
  refuseAncientNode();
  installWhatIsMissing();
  if (isNodeNewEnough()) await checkAll();
  else runOnBundledNode(fileURLToPath(import.meta.url));
} catch (error) {
  printFailure(error);
  process.exit(1);
}

async function checkAll() {
  const { check, jest, workers } = await import('./test-phases.mjs');
  const [types, lint] = [check('types', 'tsc', ['--noEmit', '-p', 'tsconfig.json']), check('lint', 'eslint', ['--no-error-on-unmatched-pattern', 'src', 'migrations', 'test', 'bench', 'scripts'])];
  const results = [await types, await lint, await jest('boundaries', ['test/arch']), await jest('core', ['src/core', 'test/case'], { args: [workers()] })];
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  process.exit(sum('failed') > 0 ? 1 : 0);
}
