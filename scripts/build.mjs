// Builds the server (nest build) and the console (ng build) where what is built is older than its sources.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { identify, isAlive, waitUntil } from './process-identity.mjs';
import { CONSOLE_ENTRY, ROOT, SERVER_ENTRY } from './project.mjs';
import { StartFailure, printFailure } from './start-failure.mjs';

const PARTS = {
  server: {
    result: SERVER_ENTRY,
    stamp: join(ROOT, 'dist/.built.json'),
    sources: ['src', 'migrations', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json', 'package-lock.json'],
    command: ['nest', ['build']],
  },
  console: {
    result: CONSOLE_ENTRY,
    stamp: join(ROOT, 'apps/admin-ui/dist/.built.json'),
    sources: ['apps/admin-ui', 'package-lock.json'],
    command: ['npm', ['run', 'build', '-w', 'admin-ui', '--silent']],
  },
};
const NO_SOURCES = new Set(['node_modules', 'dist', '.angular']);

/** Builds the named parts that are missing or older than their sources, side by side. Answers the names of those built. */
export async function buildWhatIsOld(names = Object.keys(PARTS)) {
  if (names.every((name) => isFresh(PARTS[name]))) return [];
  const lock = await holdBuild();
  try {
    const old = names.filter((name) => !isFresh(PARTS[name])); // another process may have built them meanwhile
    if (old.length > 0) console.log(`parley: building the ${old.join(' and the ')} …`);
    const outcomes = await Promise.allSettled(old.map(build)); // a failure waits for the other build: both write until they end
    const failed = outcomes.find(({ status }) => status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return old;
  } finally {
    rmSync(lock, { force: true });
  }
}

async function build(name) {
  const { command: [program, args], result, stamp, sources } = PARTS[name];
  const begin = Date.now();
  const before = signatures(sources);
  const path = [join(ROOT, 'node_modules/.bin'), process.env.PATH ?? ''].join(delimiter);
  const child = spawn(program, args, { cwd: ROOT, env: { ...process.env, PATH: path, NG_CLI_ANALYTICS: 'false' }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => { output += bytes; });
  const code = await new Promise((resolve) => child.once('error', (error) => { output += error.message; resolve(1); }).once('close', resolve));
  if (code !== 0 || !existsSync(result)) {
    console.error(output.trimEnd());
    if (/ENOSPC|no space left/i.test(output)) throw new StartFailure(`The disk of ${ROOT} is full: free some space and start again.`);
    throw new StartFailure(`The ${name} could not be built (see above).`);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, JSON.stringify(before));
  console.log(`parley: built the ${name} in ${((Date.now() - begin) / 1000).toFixed(1)} s`);
}

/** Sizes and times of all sources decide at once; when only times differ (a fresh checkout), their content decides. */
function isFresh({ result, stamp, sources }) {
  if (!existsSync(result) || !existsSync(stamp)) return false;
  let built;
  try {
    built = JSON.parse(readFileSync(stamp, 'utf8'));
  } catch {
    return false;
  }
  const files = filesOf(sources);
  const quick = quickSignature(files);
  if (built.quick === quick) return true;
  if (built.content !== contentSignature(files)) return false;
  try {
    writeFileSync(stamp, JSON.stringify({ ...built, quick }));
  } catch {
    // a read-only folder: the content is compared again next time
  }
  return true;
}

function signatures(sources) {
  const files = filesOf(sources);
  return { quick: quickSignature(files), content: contentSignature(files) };
}

function quickSignature(files) {
  return digest(files.map((file) => {
    const { size, mtimeMs } = statSync(join(ROOT, file));
    return `${file} ${size} ${mtimeMs}`;
  }));
}

function contentSignature(files) {
  return digest(files.flatMap((file) => [file, readFileSync(join(ROOT, file))]));
}

function digest(pieces) {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece).update('\0');
  return hash.digest('hex');
}

function filesOf(sources) {
  return sources.flatMap((source) => (existsSync(join(ROOT, source)) ? walk(source) : [])).filter((file) => !file.endsWith('.spec.ts')).sort();
}

function walk(path) {
  if (!statSync(join(ROOT, path)).isDirectory()) return [path];
  return readdirSync(join(ROOT, path)).filter((name) => !NO_SOURCES.has(name)).flatMap((name) => walk(`${path}/${name}`));
}

/** Two builds into one folder would delete each other's files. */
async function holdBuild() {
  const file = join(ROOT, 'node_modules/.cache/parley-build.lock');
  mkdirSync(dirname(file), { recursive: true });
  const isTaken = () => {
    try {
      writeFileSync(file, JSON.stringify(identify(process.pid)), { flag: 'wx' });
      return true;
    } catch {
      if (!isAlive(readHolder(file))) rmSync(file, { force: true });
      return false;
    }
  };
  if (!(await waitUntil(isTaken, 180_000, 100))) throw new StartFailure(`Another build has not ended for three minutes: end it, or delete ${file}.`);
  return file;
}

function readHolder(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2);
  try {
    const built = await buildWhatIsOld(names.length > 0 ? names : undefined);
    if (built.length === 0) console.log('parley: everything is built');
  } catch (error) {
    printFailure(error);
    process.exitCode = 1;
  }
}
