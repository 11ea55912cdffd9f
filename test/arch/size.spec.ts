import { describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const MOST_LINES = 400;
/** Files that are longer for a reason, which a comment at their top states (eslint-disable max-lines -- …). This number may only fall. */
const MOST_WAIVERS = 0;
/** As the last word, which says what a thing is. */
const FORBIDDEN_NAMES = /(^|-)(util|utils|helper|helpers|common|shared|misc|manager|processor|data|info)(\.|$)/;

/** Source files as paths from the project's folder; the console's API client is generated. */
const files = ['src', 'migrations', 'test', 'bench', 'scripts', 'apps/admin-ui/src'].flatMap((top) => below(top)).filter((file) => /\.(ts|mjs|cjs|html|scss)$/.test(file));

function below(folder: string): string[] {
  try {
    return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1)).filter((file) => !/node_modules|^apps\/admin-ui\/src\/app\/api\//.test(file));
  } catch {
    return [];
  }
}

const text = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const lines = (file: string): number => text(file).split('\n').length - 1;
const waiver = (file: string): boolean => /eslint-disable max-lines -- \S+ \S+/.test(text(file));

describe('source files', () => {
  it(`have at most ${MOST_LINES} lines, or a comment that says why not`, () => {
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((file) => lines(file) > MOST_LINES && !waiver(file)).map((file) => `${file}: ${lines(file)}`)).toEqual([]);
  });

  it('need no more such comments than before', () => {
    expect(files.filter((file) => waiver(file) && !file.endsWith('size.spec.ts'))).toHaveLength(MOST_WAIVERS);
  });

  it('have names of the field, not of nothing in particular', () => {
    expect(files.filter((file) => FORBIDDEN_NAMES.test(basename(file)))).toEqual([]);
  });

  it('have kebab-case names', () => {
    expect(files.filter((file) => !/^_?[a-z0-9]+([-.][a-z0-9]+)*$/.test(basename(file)))).toEqual([]);
  });
});

describe('migrations', () => {
  const names = below('migrations').map((file) => basename(file)).filter((name) => /^\d/.test(name));

  it('are named by a time in milliseconds and what they do', () => {
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !/^\d{13}-[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(name))).toEqual([]);
  });

  it('have different times, and classes that carry theirs', () => {
    expect(new Set(names.map((name) => name.slice(0, 13))).size).toBe(names.length);
    expect(names.filter((name) => !new RegExp(`class \\w+${name.slice(0, 13)}\\b`).test(text(`migrations/${name}`)))).toEqual([]);
  });

  it('stand in the list that is run, oldest first', () => {
    const listed = [...text('migrations/index.ts').matchAll(/from '\.\/(\d{13}[^']*)\.js'/g)].map((match) => `${match[1] ?? ''}.ts`);
    expect([...listed].sort()).toEqual([...names].sort());
    const run = /MIGRATIONS[^=]*=\s*\[([^\]]*)\]/.exec(text('migrations/index.ts'))?.[1] ?? '';
    const times = [...run.matchAll(/(\d{13})/g)].map((match) => match[1] ?? '');
    expect(times).toEqual(names.map((name) => name.slice(0, 13)).sort());
  });
});

describe('adapter kinds', () => {
  const folder = 'src/adapter/kinds';
  const kinds = [...new Set(below(folder).map((file) => file.slice(folder.length + 1).split('/')[0] ?? ''))].filter((name) => name !== '' && !name.includes('.'));

  it('have the same files each', () => {
    const wanted = kinds.flatMap((kind) => ['README.md', 'settings.ts', `${kind}.spec.ts`].map((file) => `${folder}/${kind}/${file}`));
    const present = below(folder);
    expect(wanted.filter((file) => !present.includes(file))).toEqual([]);
  });

  it('are listed in the registry', () => {
    const registry = below('src/adapter').find((file) => /registry[^/]*\.ts$/.test(file) && !file.endsWith('.spec.ts'));
    const source = registry === undefined ? '' : text(registry);
    expect(kinds.filter((kind) => !source.includes(`./kinds/${kind}/`))).toEqual([]);
  });
});
