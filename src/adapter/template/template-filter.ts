import { createHash } from 'node:crypto';
import { DateTime } from 'luxon';
import { asText } from '../../core/message/as-text.js';
import type { Value } from '../../core/message/value.js';
import { htmlToText } from '../../core/rule/formatter/remove-html.js';
import { adfOf } from '../rich-text/adf.js';
import { wikiOf } from '../rich-text/wiki.js';

/** What a placeholder's filter makes of a value; undefined stays undefined unless the filter is for that. */
type Filter = (value: unknown, args: readonly string[]) => unknown;

const text = (value: unknown): string => (isPlain(value) ? asText(value as Value) : JSON.stringify(value));
const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null || Array.isArray(value);
const ofText = (make: (text: string, args: readonly string[]) => unknown): Filter => (value, args) => (value === undefined ? undefined : make(text(value), args));
const isBlank = (value: unknown): boolean => value === undefined || value === null || value === '' || (typeof value === 'string' && value.trim() === '') || (Array.isArray(value) && value.length === 0);

/** Also takes out the characters that no XML 1.0 document may hold. */
const escapeXml = (given: string): string => given.replace(/[&<>"']/g, (found) => ENTITIES[found] ?? found)
  .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Cuts at whole characters, so that what is left is at most so many bytes of UTF-8. */
function cutBytes(given: string, most: number): string {
  let bytes = 0;
  let kept = '';
  for (const character of given) {
    bytes += Buffer.byteLength(character);
    if (bytes > most) return kept;
    kept += character;
  }
  return kept;
}

function instant(value: unknown): DateTime | null {
  const given = typeof value === 'number' ? DateTime.fromMillis(value, { zone: 'utc' }) : DateTime.fromISO(text(value), { zone: 'utc' });
  return given.isValid ? given : null;
}

/** Every filter by its name: `{{attributes.due | date:'yyyy-MM-dd':'Europe/Helsinki'}}`. */
export const FILTERS: Readonly<Record<string, { readonly meaning: string; readonly apply: Filter }>> = {
  upper: { meaning: 'capital letters', apply: ofText((given) => given.toUpperCase()) },
  lower: { meaning: 'small letters', apply: ofText((given) => given.toLowerCase()) },
  trim: { meaning: 'without blanks at both ends', apply: ofText((given) => given.trim()) },
  truncate: { meaning: 'at most so many characters', apply: ofText((given, [most = '255']) => Array.from(given).slice(0, Number(most)).join('')) },
  truncateBytes: { meaning: 'at most so many bytes of UTF-8, whole characters', apply: ofText((given, [most = '255']) => cutBytes(given, Number(most))) },
  text: { meaning: 'as text, whatever it was', apply: ofText((given) => given) },
  number: { meaning: 'as a number where it is one exactly', apply: ofText((given) => (given.trim() !== '' && String(Number(given)) === given.trim() ? Number(given) : given)) },
  boolean: { meaning: 'true for true, 1, yes, on', apply: ofText((given) => /^(?:true|1|yes|on)$/i.test(given.trim())) },
  default: { meaning: 'another value where it is blank', apply: (value, [other = '']) => (isBlank(value) ? other : value) },
  omitEmpty: { meaning: 'left out where it is blank', apply: (value) => (isBlank(value) ? undefined : value) },
  nullIfEmpty: { meaning: 'null where it is blank or absent', apply: (value) => (isBlank(value) ? null : value) },
  list: { meaning: 'a list, of one where it is one value', apply: (value) => (value === undefined ? undefined : Array.isArray(value) ? value : [value]) },
  split: { meaning: 'a list of what stands between separators', apply: ofText((given, [by = ',']) => given.split(by).map((part) => part.trim()).filter((part) => part !== '')) },
  join: { meaning: 'the elements of a list in one text', apply: (value, [by = ', ']) => (Array.isArray(value) ? value.map((one) => text(one)).join(by) : value) },
  beforeLast: { meaning: 'what stands before the last of a sign; all of it where there is none', apply: ofText((given, [sign = '']) => (sign !== '' && given.includes(sign) ? given.slice(0, given.lastIndexOf(sign)) : given)) },
  first: { meaning: 'the first element of a list', apply: (value) => (Array.isArray(value) ? (value as unknown[])[0] : value) },
  json: { meaning: 'JSON text of the value', apply: (value) => (value === undefined ? undefined : JSON.stringify(value)) },
  base64: { meaning: 'base64 of its UTF-8', apply: ofText((given) => Buffer.from(given).toString('base64')) },
  urlencode: { meaning: 'percent-encoded', apply: ofText((given) => encodeURIComponent(given.toWellFormed())) },
  xml: { meaning: 'escaped for XML and HTML', apply: ofText(escapeXml) },
  toText: { meaning: 'HTML as plain text', apply: ofText(htmlToText) },
  toHtml: { meaning: 'plain text as HTML: escaped, lines with <br>', apply: ofText((given) => escapeXml(given).replaceAll(/\r?\n/g, '<br>')) },
  toAdf: { meaning: 'plain text as a document of Atlassian (ADF)', apply: ofText(adfOf) },
  toWiki: { meaning: 'plain text as wiki markup of Jira: signs that mean something are escaped', apply: ofText(wikiOf) },
  sha256: { meaning: 'SHA-256 in hex', apply: ofText((given) => createHash('sha256').update(given).digest('hex')) },
  date: {
    meaning: 'an ISO 8601 date (or epoch in milliseconds) in a Luxon format and zone',
    apply: (value, [format = "yyyy-MM-dd'T'HH:mm:ssZZ", zone = 'utc']) => (isBlank(value) ? value : mapped(instant(value), (at) => printed(at.setZone(zone), format)) ?? value),
  },
  shift: { meaning: 'a date so many seconds later; earlier with a minus', apply: (value, [seconds = '0']) => (isBlank(value) ? value : mapped(instant(value), (at) => at.plus({ seconds: Number(seconds) || 0 }).toISO()) ?? value) },
  epoch: { meaning: 'a date in seconds since 1970', apply: (value) => (isBlank(value) ? value : mapped(instant(value), (at) => Math.floor(at.toSeconds())) ?? value) },
  epochMs: { meaning: 'a date in milliseconds since 1970', apply: (value) => (isBlank(value) ? value : mapped(instant(value), (at) => at.toMillis()) ?? value) },
};

const printed = (at: DateTime, format: string): string | null => (at.isValid ? at.toFormat(format, { locale: 'en-US', numberingSystem: 'latn' }) : null);

const mapped = <T, R>(value: T | null, make: (value: T) => R): R | null => (value === null ? null : make(value));

/** A placeholder taken apart: what it reads, and what is done with it. */
export interface Placeholder {
  readonly name: string;
  readonly filters: readonly { readonly name: string; readonly args: readonly string[] }[];
}

const parsed = new Map<string, Placeholder>();
const MOST_PARSED = 5_000;

/** Reads the inside of `{{…}}`: a name, then filters after `|`, their arguments after `:`, quoted where they hold such signs. */
export function parsePlaceholder(inside: string): Placeholder {
  const known = parsed.get(inside);
  if (known !== undefined) return known;
  const [name = '', ...filters] = pieces(inside, '|');
  const made: Placeholder = {
    name: name.trim(),
    filters: filters.map((one) => {
      const [filter = '', ...args] = pieces(one, ':');
      return { name: filter.trim(), args: args.map(unquoted) };
    }),
  };
  if (parsed.size >= MOST_PARSED) parsed.clear();
  parsed.set(inside, made);
  return made;
}

/** Runs a value through filters; one that does not exist changes nothing. */
export const applyFilters = (value: unknown, { filters }: Placeholder): unknown =>
  filters.reduce((at, { name, args }) => (Object.hasOwn(FILTERS, name) ? FILTERS[name]!.apply(at, args) : at), value);

/** Filters of a placeholder that do not exist. */
export const unknownFilters = (inside: string): string[] => parsePlaceholder(inside).filters.map(({ name }) => name).filter((name) => !Object.hasOwn(FILTERS, name));

/** Splits at a sign outside of quotes. */
function pieces(given: string, sign: '|' | ':'): string[] {
  const found: string[] = [''];
  let quote = '';
  for (const character of given) {
    if (quote === '' && character === sign) found.push('');
    else {
      if (quote === character) quote = '';
      else if (quote === '' && /['"]/.test(character)) quote = character;
      found[found.length - 1] += character;
    }
  }
  return found;
}

function unquoted(given: string): string {
  const bare = given.trim();
  return /^(['"]).*\1$/s.test(bare) && bare.length >= 2 ? bare.slice(1, -1) : bare;
}
