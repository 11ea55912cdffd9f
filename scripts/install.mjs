// Brings node_modules to what package-lock.json says. Runs before any dependency exists.
import { spawnSync } from 'node:child_process';
import { readFileSync, statfsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ROOT } from './project.mjs';
import { StartFailure } from './start-failure.mjs';

/** node_modules takes 900 MB, npm's cache 200 MB where it is empty. */
const NEEDED_MB = 1200;

/** Runs `npm ci` when node_modules is missing or is not what the lock file says. Answers whether it did. */
export function installWhatIsMissing() {
  if (isInstalled()) return false;
  const { bavail, bsize } = statfsSync(ROOT);
  const freeMb = Math.floor((bavail * bsize) / 1024 ** 2);
  if (freeMb < NEEDED_MB) throw new StartFailure(`The disk of ${ROOT} is nearly full (${freeMb} MB free, ${NEEDED_MB} needed to install): free some space and start again.`);
  console.log('parley: installing the dependencies (npm ci, about half a minute) …');
  const begin = Date.now();
  // npm ci removes node_modules first, and with it the Node in there: npm must run on the machine's own.
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules')).join(delimiter);
  const result = spawnSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env: { ...environmentOfOurOwn(), PATH: path } });
  if (result.error !== undefined) throw new StartFailure(`npm cannot be run (${result.error.message}): it comes with Node.js and must be on the PATH.`);
  if (result.status !== 0) throw new StartFailure('The dependencies could not be installed (see above).');
  console.log(`parley: installed in ${((Date.now() - begin) / 1000).toFixed(1)} s`);
  return true;
}

/** npm ci notes in node_modules/.package-lock.json what it put there; packages for other platforms may be absent. */
function isInstalled() {
  let wanted;
  let present;
  try {
    wanted = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
    present = JSON.parse(readFileSync(join(ROOT, 'node_modules/.package-lock.json'), 'utf8')).packages;
  } catch {
    return false;
  }
  const isAsWanted = ([path, { version, link, optional, devOptional, peer }]) => {
    if (!path.includes('node_modules/') || link) return true;
    const found = present[path];
    return found === undefined ? Boolean(optional || devOptional || peer) : found.version === version;
  };
  return Object.entries(wanted).every(isAsWanted) && Object.keys(present).every((path) => wanted[path] !== undefined);
}

/** npm hands its settings down as npm_config_… variables; `npm start --omit=dev` must not decide what is installed. */
function environmentOfOurOwn() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_config_(omit|include|ignore_scripts|only|production)$/i.test(name)));
}
