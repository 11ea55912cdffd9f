import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { request } from 'node:https';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../scripts/embedded-postgres.mjs';
import { eventually } from '../../support/eventually.js';
import { liveFolder, noteDaemon } from '../live-folder.js';

const PROGRAMS = ['icinga2', 'curl', 'openssl'];
const PAGE = readFileSync(new URL('../../../docs/systems/icinga.md', import.meta.url), 'utf8');

/** Why the test cannot run here; null where it can. */
export function whatIsMissing(): string | null {
  const missing = PROGRAMS.filter((name) => spawnSync('which', [name]).status !== 0);
  return missing.length === 0 ? null : `not installed: ${missing.join(', ')}`;
}

const configuration = (port: number): string => `
const NodeName = "test"
const ZoneName = "test"
include <itl>
object Endpoint NodeName {}
object Zone ZoneName { endpoints = [ NodeName ] }
object NotificationComponent "notification" { enable_ha = false }
object ApiListener "api" { bind_host = "127.0.0.1", bind_port = ${port} }
object ApiUser "test" { password = "test", permissions = [ "*" ] }
${/object ApiUser "parley" \{[^]*?\n\}/.exec(PAGE)![0].replace('…', 'secret')}
object User "parley" {}
${/object NotificationCommand "parley-service" \{[^]*?\n\}/.exec(PAGE)![0]}
object Host "web-1" { check_command = "dummy", max_check_attempts = 1, enable_active_checks = false, address = "127.0.0.1" }
object Service "HTTP" { host_name = "web-1", check_command = "dummy", max_check_attempts = 1, enable_active_checks = false }
object Notification "parley" { host_name = "web-1", service_name = "HTTP", command = "parley-service", users = [ "parley" ], interval = 1s }
`;

/** Icinga on this machine, in a folder of its own; API user, command and script are those of docs/systems/icinga.md. */
export class IcingaSystem {
  private constructor(private readonly folder: string, private readonly port: number, private readonly child: ChildProcess) {}

  get url(): string { return `https://127.0.0.1:${this.port}`; }
  get certificate(): string { return readFileSync(join(this.folder, 'data/certs/test.crt'), 'utf8'); }

  static async start(hook: { readonly url: string; readonly token: string }): Promise<IcingaSystem> {
    const folder = liveFolder('icinga');
    const at = (name: string): string => join(folder, name);
    for (const name of ['data/certs', 'log', 'cache', 'run', 'spool', 'scripts']) mkdirSync(at(name), { recursive: true });
    spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', at('data/certs/test.key'), '-out', at('data/certs/test.crt'), '-days', '2', '-subj', '/CN=test', '-addext', 'subjectAltName=DNS:test,IP:127.0.0.1']);
    copyFileSync(at('data/certs/test.crt'), at('data/certs/ca.crt'));
    writeFileSync(at('parley.header'), `Authorization: Bearer ${hook.token}\n`);
    writeFileSync(at('scripts/parley-notify'), /```sh\n([^]*?)```/.exec(PAGE)![1]!.replace(/^url=.*$/m, `url=${hook.url}`).replace('/etc/icinga2/parley.header', at('parley.header')));
    chmodSync(at('scripts/parley-notify'), 0o755);
    const port = await freePort();
    writeFileSync(at('icinga2.conf'), configuration(port));
    const group = spawnSync('id', ['-gn'], { encoding: 'utf8' }).stdout.trim();
    const settings = {
      ConfigDir: folder, DataDir: at('data'), LogDir: at('log'), CacheDir: at('cache'), InitRunDir: at('run'), SpoolDir: at('spool'), PidPath: at('run/pid'), VarsPath: at('cache/vars'), ObjectsPath: at('cache/objects'), StatePath: at('data/state'),
      ModAttrPath: at('data/attributes'), RunAsUser: userInfo().username, RunAsGroup: group,
    };
    const child = spawn('icinga2', ['daemon', '-c', at('icinga2.conf'), ...Object.entries(settings).flatMap(([name, value]) => ['-D', `${name}=${value}`])], { stdio: 'ignore', env: { ...process.env, PARLEY_FOLDER: at('notes') } });
    noteDaemon('icinga', child.pid);
    const system = new IcingaSystem(folder, port, child);
    await eventually(async () => { await system.ask('GET', '/v1'); });
    return system;
  }

  /** What a check of the service says. */
  async says(state: 0 | 1 | 2, output: string): Promise<void> {
    await this.ask('POST', '/v1/actions/process-check-result', { type: 'Service', service: 'web-1!HTTP', exit_status: state, plugin_output: output });
  }

  /** Attributes of the service. */
  async service(): Promise<Record<string, unknown>> {
    const { results } = (await this.ask('GET', '/v1/objects/services/web-1!HTTP')) as { results: { attrs: Record<string, unknown> }[] };
    return results[0]!.attrs;
  }

  async comments(): Promise<string[]> {
    const { results } = (await this.ask('GET', '/v1/objects/comments')) as { results: { attrs: { author: string; text: string } }[] };
    return results.map(({ attrs }) => `${attrs.author}: ${attrs.text}`).sort();
  }

  private ask(method: string, path: string, body?: object): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const call = request(`${this.url}${path}`, { method, ca: this.certificate, auth: 'test:test', headers: { accept: 'application/json' } }, (answer) => {
        let text = '';
        answer.on('data', (bytes: Buffer) => { text += bytes.toString(); }).on('end', () => (answer.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(`Icinga answered ${answer.statusCode}: ${text}`))));
      }).on('error', reject);
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
