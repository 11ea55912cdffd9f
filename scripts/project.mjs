import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
export const SERVER_ENTRY = join(ROOT, 'dist/src/main.js');
/** How Node runs the server. V8's own choice for young objects is twice as large, costs 60 MB under load and saves no processor time (measured). */
export const SERVER_FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=32'];
export const CONSOLE_ENTRY = join(ROOT, 'apps/admin-ui/dist/admin-ui/browser/index.html');

/** An environment variable; an empty one counts as not set. */
export function variable(name) {
  return process.env[name] || undefined;
}

/** The data folder as an absolute path; a relative one counts from the project's folder. */
export function dataFolder() {
  return resolve(ROOT, variable('PARLEY_DATA_DIR') ?? '.data');
}
