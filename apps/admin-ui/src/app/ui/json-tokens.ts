export type JsonTokenKind = 'key' | 'text' | 'number' | 'word' | 'mark';

export interface JsonToken {
  readonly kind: JsonTokenKind;
  readonly text: string;
}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)|([^"\d\-tfn]+|[\s\S])/g;

/** Cuts JSON text into coloured pieces; whatever is no JSON comes through unchanged as marks. Joined, the pieces are the text. */
export function jsonTokens(text: string): readonly JsonToken[] {
  const tokens: JsonToken[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const [, string, colon, number, word, rest] = match;
    if (string !== undefined) {
      tokens.push({ kind: colon === undefined ? 'text' : 'key', text: string });
      if (colon !== undefined) tokens.push({ kind: 'mark', text: colon });
    } else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else tokens.push({ kind: 'mark', text: rest ?? '' });
  }
  return tokens;
}
