/** Something that may be written. */
export interface Suggestion {
  readonly name: string;
  /** What it is, or what it holds. */
  readonly about?: string;
  /** Something must follow: choosing it does not end the name. */
  readonly isPrefix?: boolean;
}

/** What is being written at the caret. */
export interface Token {
  readonly start: number;
  readonly end: number;
  readonly query: string;
}

const MOST = 60;

/** The name inside an open `${` before the caret; undefined where none is open. `$${` is no opening. */
export function openName(text: string, caret: number): Token | undefined {
  const start = text.lastIndexOf('${', caret - 1);
  if (start === -1 || start + 2 > caret || (start > 0 && text[start - 1] === '$' && text[start - 2] !== '$')) return undefined;
  const query = text.slice(start + 2, caret);
  if (/[}\n]/.test(query)) return undefined;
  const rest = /^[^}${\n]*\}/.exec(text.slice(caret));
  return { start, end: rest === null ? caret : caret + rest[0].length, query };
}

/** Suggestions that fit, those that begin with the query first. */
export function fitting(suggestions: readonly Suggestion[], query: string): readonly Suggestion[] {
  const words = query.trim().toLowerCase();
  if (words === '') return suggestions.slice(0, MOST);
  const beginning: Suggestion[] = [];
  const within: Suggestion[] = [];
  for (const one of suggestions) {
    const at = one.name.toLowerCase().indexOf(words);
    if (at === 0) beginning.push(one);
    else if (at > 0) within.push(one);
  }
  return [...beginning, ...within].slice(0, MOST);
}

/** The text with a name written into a token, and where the caret stands then. */
export function withName(text: string, token: Token, { name, isPrefix }: Suggestion): { readonly text: string; readonly caret: number } {
  const inserted = isPrefix === true ? `\${${name}` : `\${${name}}`;
  return { text: text.slice(0, token.start) + inserted + text.slice(isPrefix === true ? Math.min(token.end, token.start + 2 + token.query.length) : token.end), caret: token.start + inserted.length };
}
