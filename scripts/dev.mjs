// `npm run dev`: the server compiled and started anew at each change, the console by `ng serve` with its own reload.
// The database is the embedded one in .data-dev/ (or DATABASE_URL), so that the real data folder stays untouched.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { startPostgres } from './embedded-postgres.mjs';
import { holdFolder } from './folder-lock.mjs';
import { requirePostgres } from './preconditions.mjs';
import { ROOT, SERVER_ENTRY, variable } from './project.mjs';
import { printFailure } from './start-failure.mjs';

const dataDir = join(ROOT, variable('PARLEY_DATA_DIR') ?? '.data-dev');
const env = { ...process.env, PARLEY_DATA_DIR: dataDir, PARLEY_DEMO: variable('PARLEY_DEMO') ?? 'true', NG_CLI_ANALYTICS: 'false',
  PATH: [join(ROOT, 'node_modules/.bin'), process.env.PATH ?? ''].join(delimiter) };
const running = new Set();

try {
  const lock = await holdFolder(dataDir);
  const postgres = variable('DATABASE_URL') === undefined ? await startPostgres({ dataDir, log: console.log }) : undefined;
  if (postgres === undefined) await requirePostgres(env.DATABASE_URL);
  else env.DATABASE_URL = postgres.url;
  const end = async () => {
    for (const child of running) child.kill('SIGTERM');
    await Promise.all([...running].map((child) => new Promise((resolve) => child.once('exit', resolve))));
    await postgres?.stop();
    lock.release();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => void end());
  keepServerRunning(run('nest', ['build', '--watch', '--preserveWatchOutput'], { stdio: ['ignore', 'pipe', 'inherit'] }));
  if (existsSync(join(ROOT, 'apps/admin-ui/angular.json'))) run('ng', ['serve'], { cwd: join(ROOT, 'apps/admin-ui'), env: { ...env, PORT: undefined } }); // PORT is the server's
} catch (error) {
  printFailure(error);
  process.exit(1);
}

function run(program, args, options = {}) {
  const child = spawn(program, args, { cwd: ROOT, env, stdio: ['ignore', 'inherit', 'inherit'], detached: true, ...options });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** Starts the server anew each time the compiler says that it found no errors; ends the one before first. */
function keepServerRunning(compiler) {
  let server;
  const restart = async () => {
    if (server?.exitCode === null && server.signalCode === null) {
      server.kill('SIGTERM');
      await new Promise((resolve) => server.once('exit', resolve));
    }
    server = run(process.execPath, ['--enable-source-maps', SERVER_ENTRY]);
  };
  let restarting = Promise.resolve();
  compiler.stdout.on('data', (bytes) => {
    process.stdout.write(bytes);
    if (bytes.includes('Found 0 errors')) restarting = restarting.then(restart);
  });
}
