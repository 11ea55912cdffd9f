import { spawn } from 'node:child_process';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = join(import.meta.dirname, '../..');

/**
 * Migrates a database with the migrations as they stand in the sources now: they are compiled into a folder of the test
 * run, so that neither a missing nor an old `dist/` decides what the tests see, and run in a process of their own.
 */
export async function migrateFromSources(databaseUrl: string, runName: string): Promise<void> {
  const folder = join(ROOT, 'node_modules/.cache/parley-test', runName); // below node_modules, so that packages are found
  try {
    await compile(folder);
    const module = pathToFileURL(join(folder, 'src/store/migrate.js')).href;
    await runModule(`const { migrate } = await import(${JSON.stringify(module)}); await migrate(process.env.PARLEY_MIGRATE_URL);`, databaseUrl);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compile(folder: string): Promise<void> {
  const { transform } = await import('@swc/core');
  const sources = (await Promise.all(['src', 'migrations'].map((top) => readdir(join(ROOT, top), { recursive: true }).then((names) => names.map((name) => join(top, name)))))).flat();
  await Promise.all(sources.filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts')).map(async (name) => {
    const { code } = await transform(await readFile(join(ROOT, name), 'utf8'), {
      swcrc: false,
      module: { type: 'es6' },
      jsc: {
        target: 'es2023',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        keepClassNames: true,
      },
    });
    const target = join(folder, name.replace(/\.ts$/, '.js'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, code);
  }));
}

async function runModule(code: string, databaseUrl: string): Promise<void> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', `import 'reflect-metadata'; ${code}`],
    { cwd: ROOT, env: { ...process.env, NODE_OPTIONS: '', PARLEY_MIGRATE_URL: databaseUrl }, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (bytes: Buffer) => { complaint += bytes.toString(); });
  const code_ = await new Promise((resolve) => child.once('exit', resolve));
  if (code_ !== 0) throw new Error(`the migrations failed: ${complaint.slice(-2000)}`);
}
