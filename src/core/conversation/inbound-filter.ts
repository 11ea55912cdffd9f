import { elementAsText } from '../message/as-text.js';
import type { AttributeIndex } from '../message/attribute-index.js';
import { elementsOf } from '../message/elements-of.js';
import { fold } from '../message/fold.js';
import { err, ok, type Result } from '../message/result.js';

/** What a filter reads beside the message's attributes. */
export interface FilterContext {
  readonly attributes: AttributeIndex;
  /** The inbound URL's query. */
  readonly params: { readonly [name: string]: string };
  /** The endpoint's integration user, for `${username}`; empty where none is configured. */
  readonly username: string;
}

/** One condition of a filter: it holds if the left side is (or for `!=` is not) one of the values. */
interface FilterTerm {
  readonly source: string;
  readonly left: string;
  readonly negated: boolean;
  readonly values: readonly string[];
}

/** A filter as it was read: all of its terms must hold. */
export type InboundFilter = readonly FilterTerm[];

/** Why a text is no filter: a sentence and where it stops making sense, in characters from 0. */
export interface FilterProblem {
  readonly at: number;
  readonly message: string;
}

/** Left side: a name or `${param:…}`; then an operator. Values follow, quoted where they contain a comma. */
const LEFT = /\s*(\$\{[^}]*\}|[^\s,=!"()][^,=!"()]*?)\s*(!=|==|=|\bIN\b(?=\s*\())\s*/iy;
/** Filters are written by hand; a longer text is a mistake, and dear to read. */
const MAX_LENGTH = 8_192;
const VALUE = /\s*(?:"((?:[^"\\]|\\.)*)"|([^,"()]*?))\s*(?=[,)]|$)/y;

/** Reads a filter such as `state!=draft, project == ${param:project.key}, kind IN (a, b)`; comma is AND, empty passes all. */
export function parseInboundFilter(text: string): Result<InboundFilter, FilterProblem> {
  const terms: FilterTerm[] = [];
  let at = 0;
  if (text.length > MAX_LENGTH) return err({ at: MAX_LENGTH, message: `a filter has at most ${MAX_LENGTH} characters` });
  while (text.slice(at).trim() !== '') {
    LEFT.lastIndex = at;
    const left = LEFT.exec(text);
    if (left === null) return err({ at, message: 'an attribute with =, ==, != or IN (…) was expected' });
    const operator = left[2] ?? '';
    const read = /^in$/i.test(operator) ? readList(text, LEFT.lastIndex) : readValue(text, LEFT.lastIndex);
    if (!read.ok) return read;
    const { values, end } = read.value;
    terms.push({ source: text.slice(at, end).trim(), left: (left[1] ?? '').trim(), negated: operator === '!=', values });
    const rest = text.slice(end).trimStart();
    if (rest !== '' && !rest.startsWith(',')) return err({ at: end, message: 'a comma was expected' });
    at = rest === '' ? text.length : text.length - rest.length + 1;
    if (rest !== '' && text.slice(at).trim() === '') return err({ at, message: 'a condition was expected after the comma' });
  }
  return ok(terms);
}

/** The first condition that a message fails, as it is written; null where it passes. Values compare folded. */
export function failedTerm(filter: InboundFilter, context: FilterContext): string | null {
  for (const term of filter) {
    const wanted = term.values.map((value) => fold(expand(value, context)));
    const isOneOf = leftTexts(term.left, context).some((text) => wanted.includes(fold(text)));
    if (isOneOf === term.negated) return term.source;
  }
  return null;
}

interface ReadValues {
  readonly values: readonly string[];
  readonly end: number;
}

function readValue(text: string, at: number): Result<ReadValues, FilterProblem> {
  VALUE.lastIndex = at;
  const found = VALUE.exec(text);
  if (found === null) return err({ at, message: 'a value was expected' });
  return ok({ values: [unquote(found)], end: VALUE.lastIndex });
}

function readList(text: string, at: number): Result<ReadValues, FilterProblem> {
  const values: string[] = [];
  let end = at + 1;
  for (;;) {
    const value = readValue(text, end);
    if (!value.ok) return value;
    values.push(...value.value.values);
    end = value.value.end;
    if (text[end] === ')') return ok({ values, end: end + 1 });
    if (text[end] !== ',') return err({ at: end, message: 'the list is not closed with )' });
    end += 1;
  }
}

function unquote(found: RegExpExecArray): string {
  return found[1] === undefined ? (found[2] ?? '') : found[1].replace(/\\(.)/g, '$1');
}

/** The texts of a left side: the elements of an attribute, or one expanded expression; absent is the empty text. */
function leftTexts(left: string, context: FilterContext): readonly string[] {
  if (left.startsWith('${')) return [expand(left, context)];
  const elements = elementsOf(context.attributes.get(left));
  return elements.length === 0 ? [''] : elements.map(elementAsText);
}

function expand(text: string, context: FilterContext): string {
  return text.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    const trimmed = name.trim();
    if (trimmed.startsWith('param:')) return ownText(context.params, trimmed.slice('param:'.length));
    if (trimmed === 'username') return context.username;
    return elementsOf(context.attributes.get(trimmed)).map(elementAsText).join(', ');
  });
}

function ownText(params: { readonly [name: string]: string }, name: string): string {
  return Object.hasOwn(params, name) ? (params[name] ?? '') : '';
}
