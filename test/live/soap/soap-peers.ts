import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { join } from 'node:path';
import { freePort } from '../../../scripts/embedded-postgres.mjs';
import { eventually } from '../../support/eventually.js';

/** Debian's own: another python in the path does not see its modules. */
const PYTHON = '/usr/bin/python3';

/** Why the test cannot run here; null where it can. */
export function whatIsMissing(): string | null {
  if (spawnSync(PYTHON, ['-c', 'import spyne, zeep']).status !== 0) return 'python3-spyne and python3-zeep are not installed';
  return spawnSync('xmlsec1', ['--version']).status === 0 ? null : 'xmlsec1 is not installed';
}

/** A spyne server of one version. */
export class SpyneServer {
  private constructor(readonly url: string, private readonly child: ChildProcessWithoutNullStreams) {}

  static async start(version: '11' | '12'): Promise<SpyneServer> {
    const port = await freePort();
    const server = new SpyneServer(`http://127.0.0.1:${port}/`, spawn(PYTHON, [join(import.meta.dirname, 'server.py'), String(port), version]));
    await eventually(async () => { if (!(await fetch(`${server.url}?wsdl`)).ok) throw new Error('not yet'); });
    return server;
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }
}

/** A zeep client that does one call after the other. */
export class ZeepClient {
  private readonly lines: Interface;
  private errors = '';

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    this.lines = createInterface({ input: child.stdout });
    child.stderr.on('data', (bytes: Buffer) => { this.errors += bytes.toString(); });
  }

  static start(wsdl: string, user: string, password: string): ZeepClient {
    return new ZeepClient(spawn(PYTHON, [join(import.meta.dirname, 'client.py'), wsdl, user, password]));
  }

  call(port: 'Soap11' | 'Soap12', operation: string, given: Readonly<Record<string, unknown>>): Promise<{ messageId?: string; repeated?: boolean; fault?: string; code?: string }> {
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error(`zeep ended: ${this.errors}`));
      this.child.once('close', ended);
      this.lines.once('line', (line) => {
        this.child.off('close', ended);
        resolve(JSON.parse(line) as { messageId?: string });
      });
      this.child.stdin.write(`${JSON.stringify({ port, operation, arguments: given })}\n`);
    });
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }
}
