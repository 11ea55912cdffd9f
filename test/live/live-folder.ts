import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { noteServer, runFolder } from '../support/run-folder.mjs';

/** A folder of one system below that of the test run, which goes with it, also where the run was killed. Readable by all: some systems run as users of their own. */
export function liveFolder(name: string): string {
  const parent = join(runFolder(), 'live');
  mkdirSync(parent, { recursive: true });
  chmodSync(parent, 0o755);
  // Unix sockets live below it, whose paths are short.
  const folder = mkdtempSync(join(parent, `${name}-`));
  chmodSync(folder, 0o755);
  return folder;
}

/** Notes a process that somebody started, so that the end of the run ends it, or the next run where this one was killed. */
export function noteDaemon(name: string, pid: number | undefined): void {
  if (pid !== undefined) noteServer(runFolder(), `${name}-${pid}`, pid, 'SIGTERM');
}
