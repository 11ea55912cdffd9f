import { jsonTokens } from './json-tokens';

describe('JSON cut into pieces', () => {
  it('tells keys, texts, numbers and words apart', () => {
    const kinds = jsonTokens('{ "a": "b", "n": -1.5e3, "t": true, "z": null }').filter((token) => token.kind !== 'mark').map((token) => `${token.kind} ${token.text}`);
    expect(kinds).toEqual(['key "a"', 'text "b"', 'key "n"', 'number -1.5e3', 'key "t"', 'word true', 'key "z"', 'word null']);
  });

  it.each(['{"a":[1,2,{"b":"c\\"d: 3"}]}', 'no JSON at all: "unclosed', '<html>\n<b>503</b> - not found</html>', '', '"\\u00e4" : t f n - 1'])('gives back the very text %s', (text) => {
    expect(jsonTokens(text).map((token) => token.text).join('')).toBe(text);
  });

  it('takes a colon inside a text for text', () => {
    expect(jsonTokens('"a: b"')).toEqual([{ kind: 'text', text: '"a: b"' }]);
  });
});
