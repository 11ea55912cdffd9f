import { err, ok, type Result } from './result.js';

/** A JSON number that a double cannot hold, exactly as it was written. */
export class ExactNumber {
  constructor(
    readonly text: string,
    readonly isInteger: boolean,
  ) {}

  /** Inside a list that becomes JSON text it is text as well. */
  toJSON(): string {
    return this.text;
  }
}

/** Where JSON is broken: characters from the start, line and column from 1. */
export interface SyntaxProblem {
  readonly position: number;
  readonly line: number;
  readonly column: number;
  readonly reason: string;
}

/** Deeper documents are refused rather than read by recursion. */
const MAX_DEPTH = 1_000;

/**
 * Reads JSON as `JSON.parse` does, except that numbers which a double cannot hold come as `ExactNumber`, and that
 * every error has a position. Slower than the engine's own parser by a factor of ten: only for texts that need it.
 */
export function parseExactJson(text: string): Result<unknown, SyntaxProblem> {
  const reader = new Reader(text);
  const value = reader.document();
  return reader.failure === null ? ok(value) : err(located(text, reader.failure));
}

interface Failure {
  readonly at: number;
  readonly reason: string;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** The longest run of a string without escapes, quotes and control characters. */
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const SPACE = /[ \t\n\r]*/y;
const ESCAPES: { readonly [letter: string]: string } = {
  '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t',
};

/** Recursive descent; after the first failure everything returns at once and the value means nothing. */
class Reader {
  failure: Failure | null = null;
  private at = 0;

  constructor(private readonly text: string) {}

  document(): unknown {
    const value = this.value(0);
    this.skip(SPACE);
    if (this.failure === null && this.at < this.text.length) this.fail('more text after the document');
    return value;
  }

  private value(depth: number): unknown {
    this.skip(SPACE);
    const char = this.text[this.at];
    if (depth > MAX_DEPTH) return this.fail(`nested deeper than ${MAX_DEPTH}`);
    if (char === '{') return this.object(depth);
    if (char === '[') return this.list(depth);
    if (char === '"') return this.string();
    if (char === '-' || (char !== undefined && char >= '0' && char <= '9')) return this.number();
    if (this.word('true')) return true;
    if (this.word('false')) return false;
    if (this.word('null')) return null;
    return this.fail(char === undefined ? 'the text ends where a value should be' : 'a value was expected');
  }

  private object(depth: number): unknown {
    const members: [string, unknown][] = [];
    this.at += 1;
    this.skip(SPACE);
    if (this.char('}')) return {};
    while (this.failure === null) {
      this.skip(SPACE);
      if (this.text[this.at] !== '"') return this.fail('a key in quotes was expected');
      const key = this.string();
      this.skip(SPACE);
      if (!this.char(':')) return this.fail('":" was expected');
      members.push([key, this.value(depth + 1)]);
      this.skip(SPACE);
      // `fromEntries` defines `__proto__` as an ordinary key, as JSON.parse does.
      if (this.char('}')) return Object.fromEntries(members);
      if (!this.char(',')) return this.fail('"," or "}" was expected');
    }
    return undefined;
  }

  private list(depth: number): unknown {
    const elements: unknown[] = [];
    this.at += 1;
    this.skip(SPACE);
    if (this.char(']')) return elements;
    while (this.failure === null) {
      elements.push(this.value(depth + 1));
      this.skip(SPACE);
      if (this.char(']')) return elements;
      if (!this.char(',')) return this.fail('"," or "]" was expected');
    }
    return undefined;
  }

  private string(): string {
    let read = '';
    this.at += 1;
    while (this.failure === null) {
      const start = this.at;
      this.skip(PLAIN);
      read += this.text.slice(start, this.at);
      if (this.char('"')) return read;
      if (this.char('\\')) read += this.escape();
      else this.fail(this.at < this.text.length ? 'a control character inside a text' : 'a text is not closed');
    }
    return read;
  }

  private escape(): string {
    const letter = this.text[this.at] ?? '';
    const simple = ESCAPES[letter];
    if (simple !== undefined) {
      this.at += 1;
      return simple;
    }
    const hex = this.text.slice(this.at + 1, this.at + 5);
    if (letter !== 'u' || !/^[0-9a-fA-F]{4}$/.test(hex)) {
      this.fail('an escape that JSON does not know');
      return '';
    }
    this.at += 5;
    return String.fromCharCode(Number.parseInt(hex, 16));
  }

  private number(): unknown {
    const start = this.at;
    this.skip(NUMBER);
    const written = this.text.slice(start, this.at);
    if (written === '') return this.fail('a number was expected');
    return exactNumber(written);
  }

  private word(word: string): boolean {
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    return true;
  }

  private char(char: string): boolean {
    if (this.failure !== null || this.text[this.at] !== char) return false;
    this.at += 1;
    return true;
  }

  private skip(pattern: RegExp): void {
    pattern.lastIndex = this.at;
    if (pattern.test(this.text)) this.at = pattern.lastIndex;
  }

  private fail(reason: string): undefined {
    this.failure ??= { at: this.at, reason };
    return undefined;
  }
}

/** The number as a double where that loses nothing, else as written. */
function exactNumber(written: string): number | ExactNumber {
  const value = Number(written);
  const decimal = decimalOf(written);
  const isInteger = decimal.exponent >= 0;
  if (isInteger ? Number.isSafeInteger(value) : Number.isFinite(value) && sameDecimal(decimal, decimalOf(String(value)))) {
    return value === 0 ? 0 : value;
  }
  return new ExactNumber(written, isInteger);
}

/** A decimal as digits without zeros at either end, times ten to the exponent. */
interface Decimal {
  readonly digits: string;
  readonly exponent: number;
  readonly negative: boolean;
}

function decimalOf(written: string): Decimal {
  const [mantissa = '', power = '0'] = written.replace(/^-/, '').toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const all = (whole + fraction).replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  if (digits === '') return { digits: '', exponent: 0, negative: false };
  const exponent = Number(power) - fraction.length + (all.length - digits.length);
  return { digits, exponent, negative: written.startsWith('-') };
}

function sameDecimal(left: Decimal, right: Decimal): boolean {
  return left.digits === right.digits && left.exponent === right.exponent && left.negative === right.negative;
}

function located(text: string, failure: Failure): SyntaxProblem {
  const before = text.slice(0, failure.at);
  const line = before.split('\n').length;
  return { position: failure.at, line, column: failure.at - before.lastIndexOf('\n'), reason: failure.reason };
}
