// A process id alone does not name a process: ids are used again (in a container nearly always). The moment the
// process started, counted by the kernel since boot, makes it unique.
import { readFileSync, readlinkSync, readdirSync } from 'node:fs';
import { hostname } from 'node:os';

/** The kernel's start time of a process, '' where it cannot be known (no /proc), undefined when it is not alive. */
export function startedAt(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19]; // field 22 of proc(5), counted from behind the name
  } catch {
    if (readable('/proc/self/stat')) return undefined;
    return mayBeSignalled(pid) ? '' : undefined;
  }
}

/** True while the very process that was noted (not another one with its id) is alive. */
export function isAlive(noted) {
  return noted !== undefined && noted.pid > 0 && startedAt(noted.pid) === noted.startedAt;
}

/** What to write down about a process, to recognise it later. */
export function identify(pid) {
  return { pid, startedAt: startedAt(pid) ?? '' };
}

/** Names the space in which process ids mean something: host, boot and container. */
export function processSpace() {
  return [hostname(), readable('/proc/sys/kernel/random/boot_id')?.trim() ?? '', linkTarget('/proc/self/ns/pid')].join('/');
}

/** Ids of living PostgreSQL processes that work in this data directory, whoever started them. */
export function postgresProcessesIn(pgdata) {
  let ids;
  try {
    ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  return ids.map(Number).filter((pid) => linkTarget(`/proc/${pid}/cwd`) === pgdata && startedAt(pid) !== undefined
    && /postgres/.test(readable(`/proc/${pid}/cmdline`) ?? ''));
}

/** Waits until `isDone()` holds, looking every `everyMs`; answers whether it did before `limitMs` passed. */
export async function waitUntil(isDone, limitMs, everyMs = 20) {
  const end = Date.now() + limitMs;
  while (!isDone()) {
    if (Date.now() >= end) return false;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  return true;
}

function mayBeSignalled(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function readable(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function linkTarget(path) {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
