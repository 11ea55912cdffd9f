import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandRefused } from './command.js';
import { readJsonFile } from './json-file.js';

type Part = Readonly<Record<string, unknown>>;

/** A configuration document, as far as files are concerned. */
export interface Configuration {
  readonly endpoints: readonly Part[];
  readonly rules: readonly Part[];
}

const KINDS = ['endpoints', 'rules'] as const;
/** What differs from server to server and from day to day does not belong into a repository. */
const VOLATILE: readonly string[] = ['version', 'createdTime', 'createdBy', 'activatedTime', 'activatedBy', 'changeDescription', 'current'];

/** Writes one file per endpoint and rule, in folders of their kind; files of what is gone are removed. Returns how many were written. */
export async function writeFolder(folder: string, configuration: Configuration): Promise<number> {
  let written = 0;
  for (const kind of KINDS) {
    const place = join(folder, kind);
    await mkdir(place, { recursive: true });
    const files = new Map<string, Part>();
    for (const part of configuration[kind]) files.set(freeName(nameOf(part), files), part);
    for (const old of await readdir(place)) if (old.endsWith('.json') && !files.has(old)) await rm(join(place, old));
    for (const [name, part] of files) await writeFile(join(place, name), `${JSON.stringify(lasting(part), null, 2)}\n`);
    written += files.size;
  }
  return written;
}

/** Reads a document from one file, or from a folder that `writeFolder` made. */
export async function readConfiguration(path: string): Promise<unknown> {
  const isFolder = await stat(path).then((found) => found.isDirectory(), () => false);
  if (!isFolder) return readJsonFile(path);
  const document: Record<string, unknown[]> = {};
  for (const kind of KINDS) {
    const names = await readdir(join(path, kind)).catch(() => []);
    const files = names.filter((name) => name.endsWith('.json')).sort();
    if (files.length > 0) document[kind] = await Promise.all(files.map((name) => readJsonFile(join(path, kind, name))));
  }
  if (Object.keys(document).length === 0) throw new CommandRefused(`${path} holds neither endpoints/*.json nor rules/*.json`);
  return document;
}

const lasting = (part: Part): Part => Object.fromEntries(Object.entries(part).filter(([key]) => !VOLATILE.includes(key)));

/** A file name of what people call it: letters and digits of any script, everything else a dash. */
function nameOf(part: Part): string {
  const called = String(part['id'] ?? part['name'] ?? part['ruleId'] ?? '');
  return called.normalize('NFC').replace(/[^\p{L}\p{N}._]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '').slice(0, 100) || 'unnamed';
}

function freeName(base: string, taken: ReadonlyMap<string, Part>): string {
  const isTaken = (name: string): boolean => [...taken.keys()].some((one) => one.toLowerCase() === name.toLowerCase());
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? `${base}.json` : `${base}-${count}.json`;
    if (!isTaken(name)) return name;
  }
}
