import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../../../scripts/embedded-postgres.mjs';
import { eventually } from '../../support/eventually.js';
import { liveFolder, noteDaemon } from '../live-folder.js';

/** Debian's own: another python in the path does not see its modules. */
const PYTHON = '/usr/bin/python3';

/** Why spyne and zeep cannot be tried here; null where they can. */
export function whatIsMissing(): string | null {
  if (spawnSync(PYTHON, ['-c', 'import spyne, zeep']).status !== 0) return 'python3-spyne and python3-zeep are not installed';
  return spawnSync('xmlsec1', ['--version']).status === 0 ? null : 'xmlsec1 is not installed';
}

/** The same of PHP's SOAP, and of SOAP::Lite. */
export const whatPhpLacks = (): string | null => (spawnSync('php', ['-r', 'exit(extension_loaded("soap") ? 0 : 1);']).status === 0 ? null : 'php-cli and php-soap are not installed');
export const whatPerlLacks = (): string | null => (spawnSync('perl', ['-MSOAP::Transport::HTTP', '-e', '1']).status === 0 ? null : 'libsoap-lite-perl is not installed');

const script = (name: string): string => join(import.meta.dirname, name);

export type SoapVersionName = '11' | '12';

/** A server of somebody else's SOAP, in a process of its own. */
export class SoapServer {
  private constructor(readonly url: string, private readonly child: ChildProcessWithoutNullStreams, private readonly folder: string) {}

  private static async start(command: (port: number, folder: string) => readonly [string, readonly string[], Readonly<Record<string, string>>?]): Promise<SoapServer> {
    const port = await freePort();
    const folder = liveFolder('soap');
    const [program, given, environment = {}] = command(port, folder);
    const child = spawn(program, [...given], { env: { ...process.env, ...environment } });
    noteDaemon('soap', child.pid);
    child.stderr.resume();
    child.stdout.resume();
    await eventually(() => new Promise<void>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(); }).on('error', reject);
    }));
    return new SoapServer(`http://127.0.0.1:${port}/`, child, folder);
  }

  static spyne(version: SoapVersionName): Promise<SoapServer> {
    return SoapServer.start((port) => [PYTHON, [script('server.py'), String(port), version]]);
  }

  static php(version: SoapVersionName): Promise<SoapServer> {
    return SoapServer.start((port, folder) => ['php', ['-S', `127.0.0.1:${port}`, script('server.php')], { SOAP_VERSION: version, FOLDER: folder }]);
  }

  static lite(): Promise<SoapServer> {
    return SoapServer.start((port, folder) => ['perl', [script('server.pl'), String(port)], { FOLDER: folder }]);
  }

  /** What a server of PHP or SOAP::Lite has, past SOAP: files as names and base64. */
  tickets(): readonly { readonly subject: string; readonly files: readonly (readonly [string, string])[] }[] {
    return Object.values(JSON.parse(readFileSync(join(this.folder, 'tickets.json'), 'utf8')) as object) as ReturnType<SoapServer['tickets']>;
  }

  stop(): void {
    this.child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface SoapCall {
  readonly messageId?: string;
  readonly repeated?: boolean;
  readonly fault?: string;
  readonly code?: string;
}

/** A client of somebody else's SOAP that does one call after the other, told by lines of JSON. */
export class SoapClient {
  private readonly lines: Interface;
  private errors = '';

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    this.lines = createInterface({ input: child.stdout });
    child.stderr.on('data', (bytes: Buffer) => { this.errors += bytes.toString(); });
  }

  static zeep(wsdl: string, user: string, password: string): SoapClient {
    return new SoapClient(spawn(PYTHON, [script('client.py'), wsdl, user, password]));
  }

  static php(wsdl: string, user: string, password: string): SoapClient {
    return new SoapClient(spawn('php', [script('client.php'), wsdl, user, password]));
  }

  static lite(address: string, user: string, password: string): SoapClient {
    return new SoapClient(spawn('perl', [script('client.pl'), address, user, password]));
  }

  call(port: 'Soap11' | 'Soap12', operation: string, given: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}): Promise<SoapCall> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error(`The client ended: ${this.errors}`));
      this.child.once('close', ended);
      this.lines.once('line', (line) => {
        this.child.off('close', ended);
        resolve(JSON.parse(line) as SoapCall);
      });
      this.child.stdin.write(`${JSON.stringify({ port, operation, arguments: given, ...more })}\n`);
    });
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }
}
