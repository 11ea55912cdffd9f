// `npm run api:write`: the OpenAPI document of the built server, the console's client made from it, and the tables of the documentation.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildWhatIsOld } from './build.mjs';
import { ROOT } from './project.mjs';
import { StartFailure, printFailure } from './start-failure.mjs';

const DOCUMENT = join(ROOT, 'apps/admin-ui/openapi.json');

try {
  await buildWhatIsOld(['server']);
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(ROOT, 'dist/src/cli/main.js'), 'openapi'], { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 ** 2 });
  if (status !== 0) throw new StartFailure(`The OpenAPI document could not be made: ${stderr.trim()}`);
  writeFileSync(DOCUMENT, `${JSON.stringify(JSON.parse(stdout), null, 2)}\n`);
  const generator = spawnSync(join(ROOT, 'node_modules/.bin/ng-openapi-gen'), ['--config', 'ng-openapi-gen.json'], { cwd: join(ROOT, 'apps/admin-ui'), stdio: 'inherit' });
  if (generator.status !== 0) throw new StartFailure('The client of the console could not be generated (see above).');
  const documentation = spawnSync(process.execPath, [join(ROOT, 'scripts/write-docs.mjs')], { cwd: ROOT, stdio: 'inherit' });
  if (documentation.status !== 0) throw new StartFailure('The documentation could not be written (see above).');
} catch (error) {
  printFailure(error);
  process.exit(1);
}
