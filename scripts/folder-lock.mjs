// One Parley per data folder. The lock says which process holds it; a lock whose process is dead is taken over.
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, isAlive, processSpace, waitUntil } from './process-identity.mjs';
import { StartFailure } from './start-failure.mjs';

const BEAT_MS = 3000;
const SILENCE_MS = 12_000;

/** Throws when a living Parley of this machine holds the folder. Changes nothing. */
export function refuseWhenHeld(dataDir) {
  const holder = read(fileOf(dataDir));
  if (holder !== undefined && holder.space === processSpace() && isAlive(holder)) throw heldBy(holder, dataDir);
}

/**
 * Takes the folder for this process. Answers the application that a killed holder may have left running (or undefined)
 * and functions to note our own application and to let go.
 */
export async function holdFolder(dataDir) {
  makeFolder(dataDir);
  const file = fileOf(dataDir);
  const mine = { ...identify(process.pid), space: processSpace() };
  let left;
  for (let attempt = 1; !create(file, mine); attempt++) {
    const holder = read(file);
    if (holder === undefined && existsSync(file) && attempt < 20) {
      await new Promise((resolve) => setTimeout(resolve, 50)); // being written at this moment
      continue;
    }
    if (holder !== undefined) await refuseUnlessDead(holder, file, dataDir);
    if (attempt > 25) throw new StartFailure(`The lock ${file} cannot be taken: delete it when no Parley runs there.`);
    if (holder?.space === mine.space) left = holder.application;
    putAway(file, holder);
  }
  const beat = setInterval(() => touch(file), BEAT_MS);
  beat.unref();
  return {
    left: isAlive(left) ? left : undefined,
    note: (pid) => replace(file, { ...mine, application: identify(pid) }),
    release: () => {
      clearInterval(beat);
      if (read(file)?.startedAt === mine.startedAt) rmSync(file, { force: true });
    },
  };
}

/** Process ids mean nothing across hosts and containers: there, a holder lives as long as it touches the file. */
async function refuseUnlessDead(holder, file, dataDir) {
  if (holder.space === processSpace()) {
    if (isAlive(holder)) throw heldBy(holder, dataDir);
    return;
  }
  const age = () => Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  if (age() > SILENCE_MS) return;
  console.log(`parley: the data folder was in use by ${holder.space.split('/')[0]} a moment ago; waiting whether it still is …`);
  const seen = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  await waitUntil(() => age() > SILENCE_MS || statSync(file, { throwIfNoEntry: false })?.mtimeMs !== seen, SILENCE_MS + BEAT_MS, 200);
  if (age() <= SILENCE_MS) throw heldBy(holder, dataDir);
}

function heldBy(holder, dataDir) {
  return new StartFailure(`Parley already runs on the data folder ${dataDir} (process ${holder.pid} on ${holder.space.split('/')[0]}): stop it first, or give this one its own PARLEY_DATA_DIR.`);
}

function makeFolder(dataDir) {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const probe = join(dataDir, `.probe-${process.pid}`);
    writeFileSync(probe, 'x');
    rmSync(probe);
  } catch (error) {
    if (error.code === 'ENOSPC') throw new StartFailure(`The disk of ${dataDir} is full: free some space and start again.`);
    throw new StartFailure(`The data folder ${dataDir} cannot be written (${error.code}): give this user the right, or set PARLEY_DATA_DIR.`);
  }
}

function fileOf(dataDir) {
  return join(dataDir, 'parley.lock');
}

/** Linking a complete file to its final name succeeds for one process, and nobody ever reads half a lock. */
function create(file, content) {
  const part = `${file}.${process.pid}`;
  writeFileSync(part, JSON.stringify(content));
  try {
    linkSync(part, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(part);
  }
}

/** Removes a dead holder's lock; puts it back when another process was quicker and the file is that one's. */
function putAway(file, judged) {
  const aside = `${file}.dead-${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return; // gone already
  }
  const found = read(aside);
  if (found !== undefined && (found.pid !== judged?.pid || found.startedAt !== judged?.startedAt || found.space !== judged?.space)) {
    try {
      linkSync(aside, file);
    } catch {
      // a third process holds it now: it will be judged in the next round
    }
  }
  rmSync(aside, { force: true });
}

function replace(file, content) {
  writeFileSync(`${file}.new`, JSON.stringify(content));
  renameSync(`${file}.new`, file);
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function touch(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // the folder is gone: nothing to hold any more
  }
}
