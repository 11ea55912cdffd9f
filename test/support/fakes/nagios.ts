import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Called {
  /** The form that curl would have sent, urlencoded. */
  readonly form: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly url: string;
}

/**
 * Runs the script of a page in docs/systems as a monitoring system does: by `/bin/sh`, with nothing but what it is given in its environment.
 * Instead of curl a stand-in notes how it was called; null where it was not. `exitCode`: how the call ends.
 */
export class NotificationScript {
  readonly folder = mkdtempSync(join(tmpdir(), 'parley-notify-'));
  private readonly script: string;

  constructor(page: string) {
    this.script = /```sh\n([^]*?)```/.exec(readFileSync(new URL(`../../../docs/systems/${page}.md`, import.meta.url), 'utf8'))![1]!;
    writeFileSync(join(this.folder, 'curl'), '#!/bin/sh\nfor one; do printf \'%s\\0\' "$one"; done > "$CALLED"\nexit "$EXIT_CODE"\n');
    chmodSync(join(this.folder, 'curl'), 0o755);
  }

  run(environment: Readonly<Record<string, string>>, exitCode = 0): Called | null {
    const called = join(this.folder, 'called');
    rmSync(called, { force: true });
    const { stderr } = spawnSync('/bin/sh', ['-c', this.script], { encoding: 'utf8', env: { PATH: `${this.folder}:/usr/bin:/bin`, CALLED: called, EXIT_CODE: String(exitCode), ...environment } });
    if (stderr !== '') throw new Error(stderr);
    try {
      return takenApart(readFileSync(called, 'utf8').split('\0').slice(0, -1));
    } catch {
      return null; // it had nothing to tell
    }
  }

  stop(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function takenApart(words: readonly string[]): Called {
  const after = (option: string): string[] => words.flatMap((word, at) => (words[at - 1] === option ? [word] : []));
  const form = new URLSearchParams(after('--data-urlencode').map((pair): [string, string] => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
  const headers = Object.fromEntries(after('--header').filter((one) => !one.startsWith('@')).map((one) => [one.split(':')[0]!.toLowerCase(), one.slice(one.indexOf(':') + 1).trim()]));
  return { form: form.toString(), headers, url: words.at(-1) ?? '' };
}

/** Macros of a notification, as Nagios puts them into the environment: those that mean nothing are blank. */
export const macros = (over: Readonly<Record<string, string>> = {}): Record<string, string> => Object.fromEntries(Object.entries({
  NOTIFICATIONTYPE: 'PROBLEM', NOTIFICATIONAUTHOR: '', NOTIFICATIONCOMMENT: '', HOSTNAME: 'web-1', HOSTADDRESS: '192.0.2.1', HOSTSTATE: 'UP', HOSTPROBLEMID: '0', LASTHOSTPROBLEMID: '3', HOSTOUTPUT: 'PING OK',
  SERVICEDESC: 'HTTP', SERVICESTATE: 'CRITICAL', SERVICEPROBLEMID: '17', LASTSERVICEPROBLEMID: '12', SERVICEOUTPUT: 'HTTP CRITICAL: 500', LONGSERVICEOUTPUT: '', ...over,
}).map(([name, value]) => [`NAGIOS_${name}`, value]));
