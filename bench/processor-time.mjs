// Processor time and memory of other processes, as Linux tells them. Elsewhere everything here is null.
import { readFileSync, readdirSync } from 'node:fs';

/** Units of /proc/<pid>/stat per second; the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const PAGE_MB = 4_096 / 1_048_576;

function statOf(pid) {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' '); // the name may hold anything; field 3 comes after it
    const ticks = (from, to) => fields.slice(from, to).reduce((sum, field) => sum + Number(field), 0);
    return { parent: Number(fields[1]), own: ticks(11, 13) / TICKS_PER_SECOND, ofEnded: ticks(13, 15) / TICKS_PER_SECOND, residentMb: Number(fields[21]) * PAGE_MB };
  } catch {
    return null; // ended, or no Linux
  }
}

/** Seconds of processor time that a process has used; null where that cannot be told. */
export const secondsOf = (pid) => statOf(pid)?.own ?? null;

/** Memory of a process in MB (resident set); null where that cannot be told. */
export const residentMbOf = (pid) => statOf(pid)?.residentMb ?? null;

export const parentOf = (pid) => statOf(pid)?.parent ?? null;

/** Seconds of a process and its children, ended ones included: what a PostgreSQL server used. */
export function secondsOfFamily(pid) {
  const head = pid === null ? null : statOf(pid);
  if (head === null) return null;
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((name) => statOf(Number(name)))
    .reduce((sum, stat) => (stat?.parent === pid ? sum + stat.own : sum), head.own + head.ofEnded);
}
