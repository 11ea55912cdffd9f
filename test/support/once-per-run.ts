import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runFolder } from './run-folder.mjs';

const LIMIT_MS = 120_000;

/**
 * Does something expensive once for all workers of a test run: the first that asks does it, the others wait for its
 * result, which is written as JSON. A failure is remembered and thrown to everybody.
 */
export async function oncePerRun<Result>(name: string, make: () => Promise<Result>): Promise<Result> {
  const result = join(runFolder(), `${name}.result.json`);
  if (isFirst(name)) {
    const outcome = await make().then((value) => ({ value }), (error: unknown) => ({ failure: String(error instanceof Error ? error.stack : error) }));
    writeFileSync(`${result}.part`, JSON.stringify(outcome));
    renameSync(`${result}.part`, result);
  }
  const end = Date.now() + LIMIT_MS;
  while (!existsSync(result)) {
    if (Date.now() > end) throw new Error(`waited ${LIMIT_MS / 1000} s for another worker to make "${name}"`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  const outcome = JSON.parse(readFileSync(result, 'utf8')) as { value: Result } | { failure: string };
  if ('failure' in outcome) throw new Error(`"${name}" could not be made for this test run: ${outcome.failure}`);
  return outcome.value;
}

/** Making a folder succeeds for exactly one process. */
function isFirst(name: string): boolean {
  try {
    mkdirSync(join(runFolder(), `${name}.claim`));
    return true;
  } catch {
    return false;
  }
}
