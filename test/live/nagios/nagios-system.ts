import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../support/eventually.js';
import { liveFolder, noteDaemon } from '../live-folder.js';

const PROGRAM = 'nagios4';

/** Why the test cannot run here; null where it can. */
export const whatIsMissing = (): string | null => (spawnSync('which', [PROGRAM]).status === 0 && spawnSync('which', ['curl']).status === 0 ? null : `${PROGRAM} or curl is not installed`);

const object = (kind: string, members: Readonly<Record<string, string | number>>): string => `define ${kind} {\n${Object.entries(members).map(([name, value]) => `  ${name} ${value}\n`).join('')}}\n`;
const WATCHED = { check_command: 'none', max_check_attempts: 1, check_period: 'always', contacts: 'parley', notification_interval: 1, notification_period: 'always', active_checks_enabled: 0 };
const OBJECTS = [
  object('timeperiod', { timeperiod_name: 'always', alias: 'always', ...Object.fromEntries(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [day, '00:00-24:00'])) }),
  object('command', { command_name: 'none', command_line: '/bin/true' }),
  object('contact', {
    contact_name: 'parley', host_notification_options: 'd,u,r', service_notification_options: 'w,u,c,r,s', host_notification_period: 'always', service_notification_period: 'always',
    host_notification_commands: 'parley-notify', service_notification_commands: 'parley-notify',
  }),
  object('host', { host_name: 'web-1', address: '127.0.0.1', ...WATCHED }),
  object('service', { host_name: 'web-1', service_description: 'HTTP', check_interval: 1, retry_interval: 1, passive_checks_enabled: 1, ...WATCHED }),
];

/** Nagios on this machine, in a folder of its own, hasty; its notification command is the script of docs/systems/nagios.md. */
export class NagiosSystem {
  private constructor(readonly folder: string, private readonly child: ChildProcess) {}

  static async start(hook: { readonly url: string; readonly token: string }): Promise<NagiosSystem> {
    const folder = liveFolder('nagios');
    const at = (name: string): string => join(folder, name);
    for (const name of ['rw', 'results']) mkdirSync(at(name));
    const page = readFileSync(new URL('../../../docs/systems/nagios.md', import.meta.url), 'utf8');
    const script = /```sh\n([^]*?)```/.exec(page)![1]!.replace(/^url=.*$/m, `url=${hook.url}`).replace('/etc/nagios/parley.header', at('parley.header'));
    writeFileSync(at('parley.header'), `Authorization: Bearer ${hook.token}\n`);
    writeFileSync(at('parley-notify'), script);
    chmodSync(at('parley-notify'), 0o755);
    writeFileSync(at('objects.cfg'), [...OBJECTS, object('command', { command_name: 'parley-notify', command_line: at('parley-notify') })].join(''));
    const isRoot = process.getuid?.() === 0;
    const user = isRoot ? 'nagios' : userInfo().username;
    writeFileSync(at('nagios.cfg'), Object.entries({
      log_file: at('nagios.log'), cfg_file: at('objects.cfg'), object_cache_file: at('objects.cache'), precached_object_file: at('objects.precache'), status_file: at('status.dat'), lock_file: at('nagios.pid'), temp_file: at('nagios.tmp'), temp_path: folder,
      command_file: at('rw/nagios.cmd'), query_socket: at('rw/nagios.qh'), check_result_path: at('results'), nagios_user: user, nagios_group: isRoot ? 'nagios' : userInfo().gid, use_syslog: 0,
      check_external_commands: 1, enable_notifications: 1, interval_length: 1, enable_environment_macros: 1,
    }).map(([name, value]) => `${name}=${value}\n`).join(''));
    if (isRoot) spawnSync('chown', ['-R', 'nagios:nagios', folder]);
    const child = spawn(PROGRAM, [at('nagios.cfg')], { stdio: 'ignore' });
    noteDaemon('nagios', child.pid);
    const system = new NagiosSystem(folder, child);
    await eventually(() => { if (!existsSync(at('rw/nagios.cmd'))) throw new Error('not yet'); });
    return system;
  }

  /** Gives an external command; what its service says is one of them. */
  command(...words: readonly (string | number)[]): void {
    appendFileSync(join(this.folder, 'rw/nagios.cmd'), `[${Math.floor(Date.now() / 1_000)}] ${words.join(';')}\n`);
  }

  says(state: 0 | 1 | 2, output: string): void {
    this.command('PROCESS_SERVICE_CHECK_RESULT', 'web-1', 'HTTP', state, output);
  }

  get log(): string {
    return readFileSync(join(this.folder, 'nagios.log'), 'utf8');
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
