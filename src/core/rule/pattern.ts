// The only file that knows the regular expression engine (an RE2: linear time, no look-around, no back-references).
import { MatcherInput, RE2JS, RE2JSException } from 're2js';
import { err, ok, type Result } from '../message/result.js';
import { MeteredText } from './metered-text.js';

/** Characters of a pattern as it is written in a rule. */
export const MAX_PATTERN_LENGTH = 1024;
/** Characters of a text that a pattern is matched with. */
export const MAX_INPUT_LENGTH = 65_536;
/** Inserted values make a pattern longer than it was written. */
const MAX_EXPANDED_LENGTH = 8 * MAX_PATTERN_LENGTH;
/** Instructions of a compiled pattern as written; time is at worst instructions times characters. */
const MAX_PROGRAM_SIZE = 1_000;
/** Up to this size a pattern has so few states that any text is searched at some 10 ns per character. */
const SMALL_PROGRAM_SIZE = 26;
/** Instructions times characters of a search in which larger patterns may meet a new state at every character: at worst some 60 ns each. */
const MAX_SEARCH_WORK = 750_000;
/** Instructions times characters read of a search that gives groups: at worst some 10 ns each, and what comes to each character beside them. */
const MAX_FIND_WORK = 3_500_000;
const READ_OVERHEAD = 20;
/** Words side by side: however many there are, they have no more states than letters. */
const WORD_LIST = /^(?:\\b|\^)?(?:\((?:\?:)?[\w -]+(?:\|[\w -]+)*\)|[\w -]+(?:\|[\w -]+)*)(?:\\b|\$)?$/;
const CACHE_SIZE = 2_000;

/** A compiled pattern; every search in it is bounded in work, by counting and not by a clock. */
export interface Pattern {
  readonly source: string;
  readonly groupCount: number;
  /** Instructions. */
  readonly programSize: number;
  /** Characters that are looked at, at most `MAX_INPUT_LENGTH`; of a large pattern fewer than of a small one. */
  readonly maxLength: number;
  /** Whether it is found anywhere in the first `maxLength` characters. */
  readonly test: (text: string) => boolean;
  /** The first match in a text within `maxLength`; an error where finding it is too much work. */
  readonly search: (text: string) => Result<Groups | null, 'too much work'>;
  /** As `search`; what is too much work is not found. */
  readonly find: (text: string) => Groups | null;
  /**
   * Replaces every match; `$1` in the replacement is a group, `$$` a dollar sign. Null where that is too much work:
   * one search is linear, but each of many matches may look ahead to the end of the text.
   */
  readonly replaceAll: (text: string, replacement: string) => string | null;
}

/** A match and its groups: 0 is the whole match, null a group that took no part. */
export type Groups = readonly (string | null)[];

export interface PatternOptions {
  readonly ignoreCase: boolean;
}

/** Compiles a pattern as it is written in a rule, or says why it is none. */
export function compilePattern(source: string, options: PatternOptions): Result<Pattern, string> {
  if (source.length > MAX_PATTERN_LENGTH) return err(`longer than ${MAX_PATTERN_LENGTH} characters`);
  const compiled = compileCached(source, options);
  if (compiled.ok && compiled.value.programSize > MAX_PROGRAM_SIZE) return err('too large when its repetitions are counted out');
  return compiled;
}

/** Compiles a pattern that got its last values only now; it may be longer than a written one. */
export function compileExpandedPattern(source: string, options: PatternOptions): Result<Pattern, string> {
  if (source.length > MAX_EXPANDED_LENGTH) return err(`longer than ${MAX_EXPANDED_LENGTH} characters`);
  return compileCached(source, options);
}

/** A text as a pattern that matches exactly this text. */
export function quotePattern(text: string): string {
  return RE2JS.quote(text);
}

/** Least recently used first; compiling is some thirty times as dear as matching. */
const cache = new Map<string, Result<Pattern, string>>();

function compileCached(source: string, options: PatternOptions): Result<Pattern, string> {
  const key = `${options.ignoreCase ? 'i' : 'c'}${source}`;
  const cached = cache.get(key);
  const compiled = cached ?? compile(source, options);
  if (cached !== undefined) cache.delete(key);
  cache.set(key, compiled);
  if (cache.size > CACHE_SIZE) cache.delete(cache.keys().next().value ?? key);
  return compiled;
}

function compile(source: string, options: PatternOptions): Result<Pattern, string> {
  try {
    const engine = RE2JS.compile(source, options.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    return ok(wrap(source, engine));
  } catch (error) {
    // The engine reports by throwing; here it becomes a value.
    return err(error instanceof RE2JSException ? plainReason(error.message) : 'not a pattern that RE2 can read');
  }
}

function wrap(source: string, engine: RE2JS): Pattern {
  const groupCount = engine.groupCount();
  const programSize = engine.programSize();
  const maxLength = maxLengthOf(source, programSize);
  const meter = (text: string): MeteredText => new MeteredText(text, Math.floor(MAX_FIND_WORK / (programSize + READ_OVERHEAD)));
  const test = (text: string): boolean => engine.test(text.length > maxLength ? text.slice(0, maxLength) : text);
  const search: Pattern['search'] = (text) => {
    // Whether it is there at all is found out many times faster than where.
    if (text.length > 1_000 && !test(text)) return ok(null);
    const groups = bounded(() => {
      const matcher = engine.matcher(MatcherInput.utf16(meter(text)));
      return matcher.find() ? Array.from({ length: groupCount + 1 }, (_, group) => matcher.group(group)) : 'not found';
    });
    return groups === null ? err('too much work') : ok(groups === 'not found' ? null : groups);
  };
  return {
    source,
    groupCount,
    programSize,
    maxLength,
    test,
    search,
    find: (text) => {
      const found = search(text);
      return found.ok ? found.value : null;
    },
    replaceAll: (text, replacement) => bounded(() => engine.matcher(MatcherInput.utf16(meter(text))).replaceAll(replacement)),
  };
}

function maxLengthOf(source: string, programSize: number): number {
  if (programSize <= SMALL_PROGRAM_SIZE || WORD_LIST.test(source)) return MAX_INPUT_LENGTH;
  return Math.min(MAX_INPUT_LENGTH, Math.floor(MAX_SEARCH_WORK / programSize));
}

/** What a search of a metered text gives; null where it was stopped. */
function bounded<T>(search: () => T): T | null {
  try {
    return search();
  } catch {
    // The meter stops the engine by throwing; here it becomes a value.
    return null;
  }
}

function plainReason(message: string): string {
  // The engine shows the flags that we added in front of the pattern.
  return message.replace('error parsing regexp: ', '').replace('`(?i)', '`');
}
