/** Where a JSON text breaks: offset in characters, line and column from 1, and what was found there. */
export interface JsonBreak {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  readonly found: string;
}

const TOKEN = /[\t\n\r ]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\d.eE+-])|true|false|null))/y;

type Expected = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'separator' | 'nothing';

/**
 * Finds the first place at which a text stops being JSON; undefined when it is JSON.
 * For the sentence of a refusal only: V8 tells the position of some errors and not of others.
 */
export function findJsonBreak(text: string): JsonBreak | undefined {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let offset = 0;
  for (;;) {
    TOKEN.lastIndex = offset;
    const match = TOKEN.exec(text);
    if (match === null) {
      const at = offset + (/^[\t\n\r ]*/.exec(text.slice(offset))?.[0].length ?? 0);
      return at >= text.length && expected === 'nothing' ? undefined : describe(text, at);
    }
    const token = match[1] ?? (match[2] === undefined ? 'scalar' : 'string');
    const next = follow(expected, token, open);
    if (next === undefined) return describe(text, TOKEN.lastIndex - (match[1] ?? match[2] ?? match[3] ?? '').length);
    expected = next;
    offset = TOKEN.lastIndex;
  }
}

/** The state after a token, or undefined where the token may not stand there. */
function follow(expected: Expected, token: string, open: ('{' | '[')[]): Expected | undefined {
  const closed = (): Expected => (open.length === 0 ? 'nothing' : 'separator');
  const inObject = open.at(-1) === '{';
  switch (token) {
    case '{': case '[':
      if (expected !== 'value' && expected !== 'value-or-end') return undefined;
      open.push(token);
      return token === '{' ? 'key-or-end' : 'value-or-end';
    case '}': case ']':
      if (expected !== 'separator' && expected !== (token === '}' ? 'key-or-end' : 'value-or-end')) return undefined;
      if (inObject !== (token === '}')) return undefined;
      open.pop();
      return closed();
    case ',':
      if (expected !== 'separator') return undefined;
      return inObject ? 'key' : 'value';
    case ':':
      return expected === 'colon' ? 'value' : undefined;
    default:
      if (token === 'string' && (expected === 'key' || expected === 'key-or-end')) return 'colon';
      return expected === 'value' || expected === 'value-or-end' ? closed() : undefined;
  }
}

function describe(text: string, offset: number): JsonBreak {
  const before = text.slice(0, offset).split('\n');
  const found = offset >= text.length ? 'the end' : JSON.stringify(text.slice(offset, offset + 1));
  return { offset, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, found };
}
