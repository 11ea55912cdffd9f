import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { closingLine, problemsInWords, runCase, type CaseResult } from '../core/rule/case.js';
import { compileRule } from '../core/rule/compile.js';
import { runRuleTests } from '../core/rule/rule-tests.js';
import { simulate } from '../core/rule/simulate.js';
import { CommandRefused, type Command, type Terminal } from './command.js';
import { readJsonFile } from './json-file.js';
import { askServer } from './server.js';

/** `parley simulate`: what rules would decide, without a server; or what the current rules of one would. */
export const simulateCommand: Command = {
  name: 'simulate', usage: '<case.json | -> [--server]', summary: 'Prints what the rules of a case decide, or with `--server` the current ones of the server where it names none.',
  run: async (parameters, terminal) => {
    const [path, ...rest] = parameters.filter((one) => one !== '--server');
    if (path === undefined || rest.length > 0) throw new CommandRefused('simulate needs one case file');
    const raw = await readJsonFile(path);
    if (parameters.includes('--server')) return simulateThere(raw, terminal);
    const result = simulate(raw);
    if (!result.ok) {
      for (const problem of problemsInWords(result.error)) terminal.err(`${path}: ${problem}`);
      return 1;
    }
    if ((raw as { readonly rules?: unknown }).rules == null) terminal.err('no rules were given, so none took part: name them as `rules` in the case, or ask the current ones of a server with --server');
    for (const warning of result.value.warnings) terminal.err(`warning: ${warning}`);
    terminal.out(JSON.stringify(result.value.decision, null, 2));
    return 0;
  },
};

/** The server decides with the same function; what a case expects is no part of the question. */
async function simulateThere(raw: unknown, terminal: Terminal): Promise<number> {
  const asked = typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? Object.fromEntries(Object.entries(raw).filter(([key]) => key !== 'expect')) : raw;
  const { warnings = [], ...decision } = (await askServer('POST', '/simulate', asked)) as { readonly warnings?: readonly string[] };
  for (const warning of warnings) terminal.err(`warning: ${warning}`);
  terminal.out(JSON.stringify(decision, null, 2));
  return 0;
}

/** `parley test`: runs case files and compares. */
export const testCommand: Command = {
  name: 'test', usage: '<files or folders …>', summary: 'Runs case files, and the tests of rule files; ends with `N passed, N failed`.',
  run: async (paths, terminal) => {
    if (paths.length === 0) throw new CommandRefused('test needs case files, or folders that hold them');
    const files = (await Promise.all(paths.map(filesBelow))).flat();
    const results: CaseResult[] = [];
    for (const file of files) {
      for (const result of await runFile(file)) {
        results.push(result);
        print(file, result, terminal);
      }
    }
    terminal.out(closingLine(results));
    return results.length > 0 && results.every((result) => result.passed) ? 0 : 1;
  },
};

/** A file that cannot be read counts as failed: a suite must not pass because a case is broken. */
async function runFile(file: string): Promise<CaseResult[]> {
  try {
    const raw = await readJsonFile(file);
    return isRule(raw) ? runRule(file, raw) : [runCase(raw)];
  } catch (error) {
    if (!(error instanceof CommandRefused)) throw error;
    return [failed(file, [error.message])];
  }
}

/** A rule file: what `parley export` writes, or a rule that was exported in the console. */
const isRule = (raw: unknown): raw is Readonly<Record<string, unknown>> => typeof raw === 'object' && raw !== null && 'sourceSystemId' in raw && !('message' in raw);

function runRule(file: string, raw: Readonly<Record<string, unknown>>): CaseResult[] {
  const compiled = compileRule(raw);
  return compiled.ok ? runRuleTests(raw) : [failed(file, problemsInWords(compiled.error))];
}

const failed = (name: string, explanation: readonly string[]): CaseResult => ({ name, passed: false, explanation, warnings: [], mismatches: [], decision: null });

function print(file: string, result: CaseResult, terminal: Terminal): void {
  terminal.out(`${result.passed ? '✓' : '✗'} ${result.name}${result.name === file ? '' : ` (${file})`}`);
  for (const line of result.explanation) terminal.out(`    ${line}`);
  for (const warning of result.warnings) terminal.out(`    warning: ${warning}`);
}

async function filesBelow(path: string): Promise<string[]> {
  const isFolder = await stat(path).then((found) => found.isDirectory(), () => false);
  if (!isFolder) return [path];
  const names = await readdir(path, { recursive: true });
  return names.filter((name) => name.endsWith('.json')).sort().map((name) => join(path, name));
}
