import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readdirSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const CANARIES = join(import.meta.dirname, 'canary');
const { LAYERS } = createRequire(import.meta.url)('./layers.cjs') as { LAYERS: string[][] };
const MODULES = LAYERS.flat();

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

/** Runs dependency-cruiser on the src/ and migrations/ of a folder. */
async function cruise(folder: string): Promise<{ violations: Violation[]; modules: number; rules: string[] }> {
  const output = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, [realpathSync(join(ROOT, 'node_modules/.bin/depcruise')), '--config', join(ROOT, '.dependency-cruiser.cjs'), '--output-type', 'json', 'src', 'migrations'],
      { cwd: folder, maxBuffer: 256 * 1024 ** 2 }, (error, stdout, stderr) => {
        if (stdout === '') reject(new Error(stderr || String(error)));
        else resolve(stdout);
      });
  });
  const { summary } = JSON.parse(output) as { summary: { violations: Violation[]; totalCruised: number; ruleSetUsed: { forbidden: { name: string }[] } } };
  return { violations: summary.violations, modules: summary.totalCruised, rules: summary.ruleSetUsed.forbidden.map(({ name }) => name) };
}

const told = ({ rule, from, to }: Violation): string => `${rule.name}: ${from} → ${to}`;

describe('the boundaries between modules', () => {
  it('are kept', async () => {
    const { violations, modules } = await cruise(ROOT);
    expect(modules).toBeGreaterThan(50);
    expect(violations.map(told)).toEqual([]);
  });

  it('refuse a canary each', async () => {
    const { violations, rules } = await cruise(CANARIES);
    const refused = violations.filter(({ rule, from }) => basename(from, '.ts') === rule.name).map(({ rule }) => rule.name);
    expect([...new Set(rules)].filter((rule) => !refused.includes(rule))).toEqual([]);
  });

  it('let live what breaks no rule', async () => {
    const { violations } = await cruise(CANARIES);
    expect(violations.filter(({ from }) => /\/(index|address|settings)\.ts$/.test(from)).map(told)).toEqual([]);
  });
});

describe('the modules', () => {
  it('are the folders of src/', () => {
    const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(folders.filter((folder) => !MODULES.includes(folder))).toEqual([]);
  });

  it('stand in one row each', () => {
    expect(MODULES.filter((module, index) => MODULES.indexOf(module) !== index)).toEqual([]);
  });

  it('leave nothing beside them but the entrance and the list of modules', () => {
    const files = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name);
    expect(files.filter((file) => !['main.ts', 'app.module.ts'].includes(file))).toEqual([]);
  });
});
