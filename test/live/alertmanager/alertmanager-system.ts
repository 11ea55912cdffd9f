import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../../scripts/embedded-postgres.mjs';
import { eventually } from '../../support/eventually.js';
import { liveFolder, noteDaemon } from '../live-folder.js';

const PROGRAM = 'prometheus-alertmanager';

/** Why the test cannot run here; null where it can. */
export const whatIsMissing = (): string | null => (spawnSync(PROGRAM, ['--version']).status === 0 ? null : `${PROGRAM} is not installed`);

export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly endsAt?: string;
}

/** Alertmanager on this machine, in a folder of its own, hasty: it tells again what fires several times a second. */
export class AlertmanagerSystem {
  private constructor(readonly url: string, private readonly folder: string, private readonly child: ChildProcess) {}

  static async start(hook: { readonly url: string; readonly token: string }): Promise<AlertmanagerSystem> {
    const folder = liveFolder('alertmanager');
    const port = await freePort();
    writeFileSync(join(folder, 'am.yml'), JSON.stringify({
      route: { receiver: 'parley', group_by: ['alertname'], group_wait: '100ms', group_interval: '200ms', repeat_interval: '400ms' },
      receivers: [{ name: 'parley', webhook_configs: [{ url: hook.url, send_resolved: true, http_config: { authorization: { type: 'Bearer', credentials: hook.token } } }] }],
    }));
    const child = spawn(PROGRAM, [`--config.file=${join(folder, 'am.yml')}`, `--storage.path=${join(folder, 'data')}`, `--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address='], { stdio: 'ignore' });
    noteDaemon('alertmanager', child.pid);
    const system = new AlertmanagerSystem(`http://127.0.0.1:${port}`, folder, child);
    await eventually(async () => { if (!(await fetch(`${system.url}/-/ready`)).ok) throw new Error('not yet'); });
    return system;
  }

  async post(...alerts: readonly PostedAlert[]): Promise<void> {
    const answer = await fetch(`${this.url}/api/v2/alerts`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(alerts) });
    if (!answer.ok) throw new Error(`Alertmanager answered ${answer.status}: ${await answer.text()}`);
  }

  /** Ends alerts, as a rule does that no longer holds: without a word of what they said. */
  resolve(...labels: readonly PostedAlert['labels'][]): Promise<void> {
    return this.post(...labels.map((one) => ({ labels: one, endsAt: new Date().toISOString() })));
  }

  /** One of its own numbers, summed over its labels. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    return text.split('\n').filter((line) => line.startsWith(`${name}{`) && line.includes('webhook')).reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  stop(): void {
    this.child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
