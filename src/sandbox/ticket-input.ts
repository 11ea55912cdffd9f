import { Place, describeFound } from '../core/shape/place.js';
import { isObject } from '../core/shape/shape.js';
import type { CommentRow, TicketFields } from '../store/sandbox/sandbox-row.js';
import type { SandboxOptions } from './options.js';
import { Refusal } from './refusal.js';

export interface FileInput {
  readonly name: string;
  readonly contentType: string;
  readonly content: Buffer;
}

export interface CommentInput extends Pick<CommentRow, 'text' | 'visibility'> {
  /** Whom the tool shows as its author; null: whoever makes the request. */
  readonly author: string | null;
}

/** What a create or an update asks for; a field that is not named stays as it is. */
export interface TicketInput {
  readonly fields: Partial<TicketFields>;
  readonly correlationId: string | null;
  readonly comment: CommentInput | null;
  readonly files: readonly FileInput[];
}

/** Bytes of one file at most. */
export const MAX_FILE = 5 * 1_048_576;
const MAX_FILES = 20;
const MAX_TEXT = 100_000;

const TEXTS: { readonly [name: string]: number } = { title: 300, description: MAX_TEXT, group: 100, caller: 200 };

/** Reads the JSON of a create or an update. Throws one refusal with every problem. */
export function readTicketInput(raw: unknown, options: SandboxOptions): TicketInput {
  const place = Place.root();
  if (!isObject(raw)) throw new Refusal('INVALID', 'The body must be a JSON object.');
  const fields: Record<string, unknown> = {};
  let [correlationId, comment, files]: [string | null, CommentInput | null, FileInput[]] = [null, null, []];
  for (const [name, value] of Object.entries(raw)) {
    const at = place.at(name);
    if (name in TEXTS) fields[name] = readText(value, at, TEXTS[name] ?? 0);
    else if (name === 'state') fields['state'] = readWord(value, at, options.states);
    else if (name === 'priority') fields['priority'] = readWord(value, at, options.priorities);
    else if (name === 'externalReference') fields[name] = value === null ? null : readText(value, at, 200) || null;
    else if (name === 'custom') fields['custom'] = readCustom(value, at);
    else if (name === 'correlationId') correlationId = readText(value, at, 200) || null;
    else if (name === 'comment') comment = readComment(value, at);
    else if (name === 'attachments') files = readFiles(value, at);
    else at.refuse('a field of a ticket', 'a name that is none');
  }
  if (place.problems.length > 0) throw invalid(place);
  return { fields, correlationId, comment, files };
}

const invalid = (place: Place): Refusal => new Refusal('INVALID', sentence(place), place.problems.map(({ pointer, expected, found }) => ({ pointer, message: `expected ${expected}, found ${found}` })));

function sentence(place: Place): string {
  const [first, ...others] = place.problems;
  return `${first?.path === '' ? 'The body' : (first?.path ?? 'The body')}: expected ${first?.expected ?? 'something else'}, found ${first?.found ?? 'this'}${others.length > 0 ? `; ${others.length} more` : ''}.`;
}

function readText(raw: unknown, place: Place, longest: number): string {
  const text = typeof raw === 'number' || typeof raw === 'boolean' ? String(raw) : raw === null ? '' : raw;
  if (typeof text === 'string' && text.length <= longest && !text.includes('\u0000')) return text;
  place.refuse(`text of at most ${longest} characters`, describeFound(raw));
  return '';
}

/** A word of a list, in whichever case; kept as the list writes it. */
function readWord(raw: unknown, place: Place, words: readonly string[]): string {
  const given = String(raw).toLowerCase();
  const found = words.find((word) => word.toLowerCase() === given);
  if (found === undefined) place.refuse(`one of ${words.join(', ')}`, describeFound(raw));
  return found ?? '';
}

function readCustom(raw: unknown, place: Place): TicketFields['custom'] {
  if (!isObject(raw)) {
    place.refuse('an object of texts, numbers and booleans', describeFound(raw));
    return {};
  }
  const custom: Record<string, string | number | boolean | null> = {};
  for (const [name, value] of Object.entries(raw)) {
    if (name === '__proto__' || name.length > 100) place.at(name).refuse('another name', 'this one');
    else if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) custom[name] = value as string | number | boolean | null;
    else custom[name] = JSON.stringify(value);
  }
  return custom;
}

export function readComment(raw: unknown, place: Place = Place.root()): CommentInput {
  const given = typeof raw === 'string' ? { text: raw } : raw;
  if (!isObject(given)) {
    place.refuse('a text or an object with text, visibility and author', describeFound(raw));
    return { text: '', visibility: 'public', author: null };
  }
  const text = readText(given['text'], place.at('text'), MAX_TEXT);
  if (text.trim() === '') place.at('text').refuse('text that is not blank', describeFound(given['text']));
  const visibility = given['visibility'] ?? 'public';
  if (visibility !== 'public' && visibility !== 'internal') place.at('visibility').refuse('public or internal', describeFound(visibility));
  const author = given['author'] === undefined ? null : readText(given['author'], place.at('author'), 200).trim() || null;
  return { text, visibility: visibility === 'internal' ? 'internal' : 'public', author };
}

/** A comment alone, as a body. */
export function readCommentBody(raw: unknown): CommentInput {
  const place = Place.root();
  const comment = readComment(raw, place);
  if (place.problems.length > 0) throw invalid(place);
  return comment;
}

/** A file alone, as a body. */
export function readFileBody(raw: unknown): FileInput {
  const place = Place.root();
  const [file] = readFiles([raw], place);
  if (place.problems.length > 0 || file === undefined) throw invalid(place);
  return file;
}

function readFiles(raw: unknown, place: Place): FileInput[] {
  if (!Array.isArray(raw) || raw.length > MAX_FILES) {
    place.refuse(`a list of at most ${MAX_FILES} files`, describeFound(raw));
    return [];
  }
  return raw.flatMap((one: unknown, index) => {
    const at = place.at(index);
    const encoded = isObject(one) ? one['contentBase64'] : undefined;
    if (!isObject(one) || typeof encoded !== 'string' || !/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(encoded)) {
      at.refuse('an object with name, contentType and contentBase64', describeFound(one));
      return [];
    }
    return [makeFile(readText(one['name'] ?? 'file', at.at('name'), 255), one['contentType'], Buffer.from(encoded, 'base64'))];
  });
}

/** A file within its limits; its content type is one that can stand in a header. Throws a refusal where it is too large. */
export function makeFile(name: string, contentType: unknown, content: Buffer): FileInput {
  if (content.byteLength > MAX_FILE) throw new Refusal('TOO_LARGE', `A file may have ${MAX_FILE} bytes at most.`);
  const plain = name.replace(/[\p{Cc}/\\]/gu, '_').trim().slice(0, 255);
  const type = typeof contentType === 'string' && /^[\w.+-]+\/[\w.+-]+(?:;[\x20-\x7e]*)?$/.test(contentType) ? contentType : 'application/octet-stream';
  return { name: plain === '' ? 'file' : plain, contentType: type, content };
}
