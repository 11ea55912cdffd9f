import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { holdFolder, refuseWhenHeld } from '../../scripts/folder-lock.mjs';
import { identify, processSpace } from '../../scripts/process-identity.mjs';

const dataDir = mkdtempSync(join(tmpdir(), 'parley-lock-'));
const file = join(dataDir, 'parley.lock');
const write = (content: object): void => { writeFileSync(file, JSON.stringify(content)); };
/** A process that has ended. */
const dead = (): { pid: number; startedAt: string } => ({ pid: spawnSync('true').pid, startedAt: '1' });

beforeEach(() => { rmSync(file, { force: true }); });
afterAll(() => { rmSync(dataDir, { recursive: true, force: true }); });

describe('the lock on a data folder', () => {
  it('is held until it is released', async () => {
    const held = await holdFolder(dataDir);
    await expect(holdFolder(dataDir)).rejects.toThrow(/already runs on the data folder/);
    expect(() => { refuseWhenHeld(dataDir); }).toThrow(`(process ${process.pid} on `);
    held.release();
    expect(() => { refuseWhenHeld(dataDir); }).not.toThrow();
    (await holdFolder(dataDir)).release();
  });

  it('is taken over from a dead process, together with the application it left', async () => {
    const application = spawn('sleep', ['60']);
    write({ ...dead(), space: processSpace(), application: identify(application.pid ?? 0) });
    const held = await holdFolder(dataDir);
    expect(held.left?.pid).toBe(application.pid);
    held.release();
    application.kill();
  });

  it('is taken over from a dead process whose id another one has now', async () => {
    write({ pid: process.pid, startedAt: '1', space: processSpace() });
    (await holdFolder(dataDir)).release();
  });

  it('is taken over when half of it was written', async () => {
    writeFileSync(file, '{"pid":');
    (await holdFolder(dataDir)).release();
  });

  it('is taken over from another machine that has been silent', async () => {
    write({ ...dead(), space: 'elsewhere/boot/pid' });
    utimesSync(file, new Date(), new Date(Date.now() - 60_000));
    (await holdFolder(dataDir)).release();
  });

  it('is respected while another machine shows that it lives', async () => {
    write({ ...dead(), space: 'elsewhere/boot/pid' });
    const beat = setInterval(() => { utimesSync(file, new Date(), new Date()); }, 500);
    await expect(holdFolder(dataDir)).rejects.toThrow(/process \d+ on elsewhere/);
    clearInterval(beat);
  });

  it('goes to exactly one of many that find a dead one', async () => {
    write({ ...dead(), space: processSpace() });
    const script = `import { holdFolder } from ${JSON.stringify(join(import.meta.dirname, '../../scripts/folder-lock.mjs'))};
      await holdFolder(process.argv[1]).then(() => console.log('held'), () => console.log('refused'));
      setTimeout(() => {}, 4000);`;
    const contenders = Array.from({ length: 6 }, () => spawn(process.execPath, ['--input-type=module', '--eval', script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] }));
    const words = await Promise.all(contenders.map((one) => new Promise<string>((resolve) => one.stdout.once('data', (bytes: Buffer) => { resolve(bytes.toString().trim()); }))));
    const holder = (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid;
    for (const one of contenders) one.kill('SIGKILL');
    expect([...words].sort()).toEqual(['held', 'refused', 'refused', 'refused', 'refused', 'refused']);
    expect(contenders[words.indexOf('held')]?.pid).toBe(holder);
  });
});
