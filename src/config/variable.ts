/** One environment variable: its definition is parser, documentation and default at once. */
export interface Variable<T> {
  readonly name: string;
  readonly description: string;
  /** As shown in the documentation, where the default is not plain text. */
  readonly defaultText: string;
  readonly secret: boolean;
  /** Reads the text, or says in a sentence what was expected. */
  readonly read: (text: string | undefined) => { readonly value: T } | { readonly problem: string };
}

interface Words {
  readonly name: string;
  readonly description: string;
  readonly secret?: boolean;
  readonly defaultText?: string;
}

const variable = <T>(words: Words, fallback: T, parse: (text: string) => T | undefined, expected: string): Variable<T> => ({
  name: words.name,
  description: words.description,
  defaultText: words.defaultText ?? (fallback === undefined ? '' : String(fallback)),
  secret: words.secret ?? false,
  read: (text) => {
    if (text === undefined) return { value: fallback };
    const value = parse(text);
    return value === undefined ? { problem: `${words.name} must be ${expected}` } : { value };
  },
});

export const text = (words: Words, fallback: string): Variable<string> => variable<string>(words, fallback, (given) => given, 'text');

export const optionalText = (words: Words): Variable<string | undefined> =>
  variable<string | undefined>(words, undefined, (given) => given, 'text');

export const optionalUrl = (words: Words, schemes: readonly string[]): Variable<string | undefined> =>
  variable<string | undefined>(words, undefined, (given) => {
    const scheme = URL.canParse(given) ? new URL(given).protocol.slice(0, -1) : '';
    return schemes.includes(scheme) ? given : undefined;
  }, `a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`);

export const wholeNumber = (words: Words, fallback: number, least: number, most: number): Variable<number> =>
  variable(words, fallback, (given) => {
    const value = Number(given);
    return Number.isInteger(value) && value >= least && value <= most ? value : undefined;
  }, `a whole number from ${least} to ${most}`);

export const flag = (words: Words): Variable<boolean | undefined> =>
  variable<boolean | undefined>(words, undefined, (given) => ({ true: true, false: false, 1: true, 0: false })[given.toLowerCase()], 'true or false');

export const choice = <T extends string>(words: Words, fallback: T, choices: readonly T[]): Variable<T> =>
  variable(words, fallback, (given) => choices.find((one) => one === given), `one of ${choices.join(', ')}`);
