import 'reflect-metadata';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { documentationSources } from '../../scripts/documentation-sources.mjs';
import { filled, partsOf } from '../../scripts/documentation.mjs';
import { readEndpoint } from '../../src/adapter/endpoint/endpoint-document.js';
import { readCanonicalBody } from '../../src/core/message/canonical-body.js';
import { runCase } from '../../src/core/rule/case.js';
import { compileRule } from '../../src/core/rule/compile.js';
import { runRuleTests } from '../../src/core/rule/rule-tests.js';

const ROOT = join(import.meta.dirname, '../..');
const text = (page: string): string => readFileSync(join(ROOT, page), 'utf8');
const below = (folder: string): string[] => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)).filter((name) => name.endsWith('.md'));
const foldersOf = (folder: string): string[] => readdirSync(join(ROOT, folder), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));

const guides = ['README.md', ...below('docs')];
const pages = [...guides, ...below('src'), 'test/README.md', 'apps/admin-ui/README.md'];

describe('generated parts of the documentation', () => {
  let parts: Readonly<Record<string, string>>;
  beforeAll(async () => {
    parts = partsOf(await documentationSources((path) => import(`../../src/${path}.js`) as Promise<object>));
  });

  it.each(guides)('%s is as the code says (else: node scripts/write-docs.mjs)', (page) => {
    expect(text(page)).toBe(filled(text(page), parts));
  });

  it('are all shown somewhere', () => {
    const shown = guides.flatMap((page) => [...text(page).matchAll(/<!-- made: ([\w-]+) -->/g)].map((match) => match[1]));
    expect(shown.sort()).toEqual(Object.keys(parts).sort());
  });
});

describe('pages', () => {
  it('stand in every module and every kind of adapter', () => {
    const folders = [...foldersOf('src'), ...foldersOf('src/adapter/kinds')].filter((folder) => folder !== 'src/conversation');
    expect(folders.filter((folder) => !existsSync(join(ROOT, folder, 'README.md')))).toEqual([]);
  });

  it('link only to what exists', () => {
    const broken = pages.flatMap((page) => linksOf(page).filter((link) => !leadsSomewhere(page, link)).map((link) => `${page}: ${link}`));
    expect(broken).toEqual([]);
  });
});

function linksOf(page: string): string[] {
  const prose = text(page).replaceAll(/```[\s\S]*?```/g, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '').filter((link) => !/^[a-z]+:/.test(link));
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#', 2);
  const target = path === '' ? page : relative(ROOT, join(ROOT, dirname(page), path));
  if (!existsSync(join(ROOT, target))) return false;
  return anchor === undefined || anchorsOf(target).includes(anchor);
}

/** Anchors as they are made of headings: lower case, without punctuation, spaces as dashes. */
const anchorsOf = (page: string): string[] =>
  [...text(page).matchAll(/^#+ (.+)$/gm)].map((match) => (match[1] ?? '').toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'));

/** What an example is, as the word behind ```json says, and how it is tried. Nothing wrong: an empty list. */
const TRIED: Readonly<Record<string, (example: never) => readonly unknown[]>> = {
  rule: problemsOfRule,
  condition: (condition) => problemsOfRule({ name: 'r', sourceSystemId: 'a', sourceEntityType: 't', targetSystemId: 'b', targetEntityType: 't', entityConditions: [condition] }),
  case: (routingCase) => {
    const { passed, explanation } = runCase(routingCase);
    return passed ? [] : explanation;
  },
  message: (body) => {
    const read = readCanonicalBody(Buffer.from(JSON.stringify(body)));
    return read.ok ? [] : read.error;
  },
  endpoint: problemsOfEndpoint,
  configuration: ({ endpoints, rules }: { readonly endpoints: readonly object[]; readonly rules: readonly object[] }) => [...endpoints.flatMap(problemsOfEndpoint), ...rules.flatMap(problemsOfRule)],
};

function problemsOfRule(rule: object): readonly unknown[] {
  const compiled = compileRule(rule);
  if (!compiled.ok) return compiled.error;
  return runRuleTests(rule as Readonly<Record<string, unknown>>).flatMap(({ passed, explanation }) => (passed ? [] : explanation));
}

function problemsOfEndpoint(endpoint: object): readonly unknown[] {
  const read = readEndpoint(endpoint, null);
  return 'errors' in read ? read.errors : [];
}

describe('examples', () => {
  const examples = guides.flatMap((page) => [...text(page).matchAll(/```json (\w+)\n([\s\S]*?)```/g)].map((match, at) => ({ page, at, kind: match[1] ?? '', json: match[2] ?? '' })));

  it('are there', () => {
    expect([...new Set(examples.map(({ kind }) => kind))].sort()).toEqual(Object.keys(TRIED).sort());
  });

  it.each(examples.map((one) => [`${one.page}, ${one.kind} ${one.at + 1}`, one] as const))('%s works', (_, { kind, json }) => {
    expect(TRIED[kind]?.(JSON.parse(json) as never)).toEqual([]);
  });
});
