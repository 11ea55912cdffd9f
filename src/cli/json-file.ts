import { readFile } from 'node:fs/promises';
import { parseExactJson } from '../core/message/exact-json.js';
import { CommandRefused } from './command.js';

/** Reads a JSON file; `-` is standard input. A broken one is refused with its place. */
export async function readJsonFile(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const exact = parseExactJson(text);
    const where = exact.ok ? '' : `, line ${exact.error.line}, column ${exact.error.column}: ${exact.error.reason}`;
    throw new CommandRefused(`${path} is not JSON${where}`, { cause: error });
  }
}

async function readText(path: string): Promise<string> {
  try {
    if (path !== '-') return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandRefused(code === 'ENOENT' ? `there is no file ${path}` : `${path} cannot be read (${code ?? 'unknown error'})`, { cause: error });
  }
}
