// `node scripts/write-docs.mjs`: writes the tables of the documentation anew from the definitions in the code.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildWhatIsOld } from './build.mjs';
import { documentationSources } from './documentation-sources.mjs';
import { filled, partsOf } from './documentation.mjs';
import { ROOT } from './project.mjs';
import { printFailure } from './start-failure.mjs';

try {
  await buildWhatIsOld(['server']);
  const parts = partsOf(await documentationSources((path) => import(pathToFileURL(join(ROOT, 'dist/src', `${path}.js`)).href)));
  for (const file of ['README.md', ...readdirSync(join(ROOT, 'docs'), { recursive: true }).filter((name) => name.endsWith('.md')).map((name) => join('docs', name))]) {
    const before = readFileSync(join(ROOT, file), 'utf8');
    const after = filled(before, parts);
    if (after === before) continue;
    writeFileSync(join(ROOT, file), after);
    console.log(`written: ${file}`);
  }
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}
