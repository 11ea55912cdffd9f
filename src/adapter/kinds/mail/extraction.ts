import { Parser } from 'htmlparser2';
import { compilePattern, type Pattern } from '../../../core/rule/pattern.js';
import type { Attributes, Value } from '../../../core/message/value.js';
import { readExactJson } from '../../place/exact-json.js';
import { flatten } from '../../place/flatten.js';
import { tableValues } from './html-tables.js';
import { headerOf, type OpenedMail } from './mime/opened-mail.js';

/** Where a pattern looks. A header is `header:x-priority`. */
export type Place = string;

/** One field that is read by a pattern: its first group, or the whole match. */
export interface ExtractionField {
  readonly attribute: string;
  readonly in: Place;
  readonly pattern: string;
}

/** How event mails of one kind are read. The first extraction whose conditions fit is used. */
export interface Extraction {
  readonly when?: Readonly<Partial<Record<'from' | 'subject' | 'text', string>>>;
  readonly fields?: readonly ExtractionField[];
  /** Lines `key: value` of the text become attributes, with this before their names. */
  readonly lines?: { readonly prefix?: string; readonly separator?: ':' | '=' };
  /** Tables of the HTML become attributes, with this before their names. */
  readonly tables?: { readonly prefix?: string };
  /** Only what stands between these marks is read as text. */
  readonly between?: { readonly start: string; readonly end?: string };
  /** A part (or the whole text) in JSON or XML becomes attributes, with this before their names. */
  readonly document?: { readonly type: 'json' | 'xml'; readonly prefix?: string };
  /** The attribute whose value is the ticket: later mails with the same value belong to it. */
  readonly ticketId?: string;
  readonly messageType?: string;
  readonly required?: readonly string[];
  /** What becomes of a mail that lacks what is required: it fails, or goes on as it is. */
  readonly onMissing?: 'fail' | 'process';
}

/** What an extraction gave: `missing` names what is required and was not found. */
export interface Extracted {
  readonly attributes: Attributes;
  readonly ticketId: string | null;
  readonly messageType: string | null;
  readonly missing: readonly string[];
  readonly onMissing: 'fail' | 'process';
}

interface CompiledField {
  readonly attribute: string;
  readonly place: Place;
  readonly pattern: Pattern;
}

/** An extraction with its patterns compiled once. */
export interface CompiledExtraction {
  readonly settings: Extraction;
  readonly when: readonly CompiledField[];
  readonly fields: readonly CompiledField[];
}

const MOST_LINES = 500;
const MOST_NODES = 5_000;
const MOST_DOCUMENT = 1_048_576;
const FORBIDDEN = /^(?:__proto__|constructor|prototype)$/;

/** Compiles extractions; their patterns were checked when the settings were saved, one that is broken all the same matches nothing. */
export function compileExtractions(given: readonly Extraction[]): readonly CompiledExtraction[] {
  const field = (attribute: string, place: Place, source: string): CompiledField[] => {
    const pattern = compilePattern(source, { ignoreCase: true });
    return pattern.ok ? [{ attribute, place, pattern: pattern.value }] : [];
  };
  return given.map((settings) => ({
    settings,
    when: Object.entries(settings.when ?? {}).flatMap(([place, source]) => field(place, place, source)),
    fields: (settings.fields ?? []).flatMap((one) => field(one.attribute, one.in, one.pattern)),
  }));
}

/** Reads an event mail by the first extraction that fits; null where none does. */
export function extract(mail: OpenedMail, extractions: readonly CompiledExtraction[]): Extracted | null {
  const found = extractions.find(({ settings, when }) => when.length === Object.keys(settings.when ?? {}).length && when.every(({ place, pattern }) => find(pattern, textAt(mail, place)) !== null));
  if (found === undefined) return null;
  const { settings, fields } = found;
  const within = settings.between === undefined ? mail : { ...mail, text: blockOf(mail.text, settings.between) };
  const attributes: Record<string, Value> = {};
  if (settings.tables !== undefined && mail.html !== null) addAll(attributes, tablesOf(mail.html), settings.tables.prefix ?? '');
  if (settings.document !== undefined) addAll(attributes, documentOf(within, settings.document.type), settings.document.prefix ?? '');
  if (settings.lines !== undefined) addAll(attributes, linesOf(within.text, settings.lines.separator ?? ':'), settings.lines.prefix ?? '');
  for (const { attribute, place, pattern } of fields) {
    const match = find(pattern, textAt(within, place));
    const value = (match?.[1] ?? match?.[0])?.trim();
    if (value !== undefined) attributes[attribute] = value;
  }
  const text = (name: string): string => {
    const value = attributes[name];
    return value === undefined || value === null || typeof value === 'object' ? '' : String(value).trim();
  };
  const ticketId = settings.ticketId === undefined ? '' : text(settings.ticketId).slice(0, 200);
  const required = new Set([...(settings.required ?? []), ...(settings.ticketId === undefined ? [] : [settings.ticketId])]);
  return { attributes, ticketId: ticketId === '' ? null : ticketId, messageType: settings.messageType ?? null, missing: [...required].filter((name) => text(name) === ''), onMissing: settings.onMissing ?? 'fail' };
}

const find = (pattern: Pattern, text: string): readonly (string | null)[] | null => pattern.find(text.slice(0, pattern.maxLength));

function textAt(mail: OpenedMail, place: Place): string {
  if (place.startsWith('header:')) return headerOf(mail, place.slice('header:'.length).toLowerCase());
  switch (place) {
    case 'subject': return mail.subject;
    case 'from': return mail.from[0]?.address ?? '';
    case 'html': return mail.html ?? '';
    default: return mail.text;
  }
}

function addAll(to: Record<string, Value>, from: Attributes, prefix: string): void {
  for (const [name, value] of Object.entries(from)) if (!FORBIDDEN.test(prefix + name)) to[prefix + name] = value;
}

/** What stands between two marks; empty where nothing begins it, to the end where nothing ends it. */
function blockOf(text: string, { start, end }: NonNullable<Extraction['between']>): string {
  const from = text.indexOf(start);
  if (from === -1) return '';
  const block = text.slice(from + start.length);
  const to = end === undefined ? -1 : block.indexOf(end);
  return (to === -1 ? block : block.slice(0, to)).replace(/^[^\S\n]*\n/, '');
}

/** Of the HTML's tables, the first of a name counts. */
function tablesOf(html: string): Attributes {
  const found: Record<string, Value> = {};
  for (const [name, values] of tableValues(html)) {
    if (FORBIDDEN.test(name) || Object.hasOwn(found, name)) continue;
    found[name] = values.length === 1 ? values[0]! : values;
    if (Object.keys(found).length >= MOST_LINES) break;
  }
  return found;
}

/** `Key: value` lines; a line that is indented goes on with the one before. The first of a name counts. */
function linesOf(text: string, separator: ':' | '='): Attributes {
  const found: Record<string, string> = {};
  let last: string | null = null;
  for (const line of text.split('\n').slice(0, 5_000)) {
    const at = line.indexOf(separator);
    const name = line.slice(0, Math.max(at, 0)).replace(/^[*\s•-]+|[*\s]+$/g, '');
    if (/^[ \t]+\S/.test(line) && last !== null) found[last] += `\n${line.trim()}`;
    else if (at > 0 && name !== '' && name.length <= 60 && !/[<>{}"]/.test(name) && !FORBIDDEN.test(name) && !/^\/\//.test(line.slice(at + 1))) {
      last = Object.hasOwn(found, name) ? null : name;
      if (last !== null) found[last] = line.slice(at + 1).trim();
      if (Object.keys(found).length >= MOST_LINES) break;
    } else last = null;
  }
  return found;
}

/** The first part of that type, else the text itself if it is one. */
function documentOf(mail: OpenedMail, type: 'json' | 'xml'): Attributes {
  const isType = type === 'json' ? /^application\/(?:[\w.+-]+\+)?json$|^text\/json$/ : /^(?:application|text)\/(?:[\w.+-]+\+)?xml$/;
  const ending = type === 'json' ? '.json' : '.xml';
  const part = mail.files.find((file) => isType.test(file.contentType) || file.name.toLowerCase().endsWith(ending));
  const text = part === undefined ? mail.text : part.content.subarray(0, MOST_DOCUMENT).toString();
  const read = type === 'json' ? readJson : readXml;
  return read(part === undefined ? bracketed(text, type) : text);
}

/** Of a text with words around the document: from its first to its last bracket. */
function bracketed(text: string, type: 'json' | 'xml'): string {
  const [open, close] = type === 'json' ? ['{', '}'] : ['<', '>'];
  const start = text.indexOf(open);
  const end = text.lastIndexOf(close);
  return start === -1 || end < start ? '' : text.slice(start, Math.min(end + 1, start + MOST_DOCUMENT));
}

function readJson(text: string): Attributes {
  try {
    return flatten(readExactJson(text.replace(/^\uFEFF/, '')));
  } catch {
    return {}; // what is required and missing tells
  }
}

/** Elements with text and attributes, by the dotted path of their names without prefixes and without the root's; repeated ones are lists. */
function readXml(text: string): Attributes {
  const found: Record<string, Value> = {};
  const path: string[] = [];
  const texts: string[] = [];
  let nodes = 0;
  const add = (name: string, value: string): void => {
    if (value === '' || (nodes += 1) > MOST_NODES || name.split('.').some((step) => FORBIDDEN.test(step))) return;
    const known = Object.hasOwn(found, name) ? found[name] : undefined;
    found[name] = known === undefined ? value : [...(Array.isArray(known) ? known : [known as string]), value];
  };
  const named = (...more: string[]): string => [...path.slice(1), ...more].join('.') || (path[0] ?? '');
  const parser = new Parser({
    onopentag: (name, attributes) => {
      path.push(name.replace(/^.*:/, ''));
      texts.push('');
      if (path.length > 64) return;
      for (const [key, value] of Object.entries(attributes)) if (!key.startsWith('xmlns')) add(named(key.replace(/^.*:/, '')), value.trim());
    },
    ontext: (part) => { if (texts.length > 0) texts[texts.length - 1] += part; },
    onclosetag: () => {
      const value = (texts.pop() ?? '').trim();
      if (path.length <= 64) add(named(), value);
      path.pop();
    },
  }, { xmlMode: true, decodeEntities: true });
  parser.end(text);
  return found;
}
