import { describe, expect, it } from '@jest/globals';
import { asText } from './as-text.js';
import { indexAttributes } from './attribute-index.js';
import { elementsOf } from './elements-of.js';
import { isBlank } from './is-blank.js';
import { sameValue } from './same-value.js';
import type { Value } from './value.js';

describe('a value as text', () => {
  const table: [Value | undefined, string][] = [
    ['text', 'text'],
    [1.5, '1.5'],
    [1e21, '1e+21'],
    [-0, '0'],
    [true, 'true'],
    [null, ''],
    [undefined, ''],
    [[], ''],
    [['a', 2, null, false], 'a, 2, , false'],
    [[{ by: 'ann', n: 1 }], '{"by":"ann","n":1}'],
  ];
  it.each(table)('%j is %j', (value, text) => expect(asText(value)).toBe(text));
});

describe('blank', () => {
  it.each([[undefined], [null], [''], [' \t\n\u00a0'], [[]], [['', null]], [[{ a: '' }]]] as [Value | undefined][])(
    '%j is blank',
    (value) => expect(isBlank(value)).toBe(true),
  );
  it.each([['x'], [0], [false], [['', 'x']], [[{ a: 0 }]]] as [Value][])('%j is not blank', (value) =>
    expect(isBlank(value)).toBe(false),
  );
});

describe('equal values', () => {
  it('compare as folded text', () => {
    expect(sameValue('Open', 'open')).toBe(true);
    expect(sameValue(7, '7')).toBe(true);
    expect(sameValue(null, '')).toBe(true);
    expect(sameValue('7.0', 7)).toBe(false);
  });

  it('compare lists element by element in order', () => {
    expect(sameValue(['A', { by: 'Ann' }], ['a', { by: 'ann' }])).toBe(true);
    expect(sameValue(['a', 'b'], ['b', 'a'])).toBe(false);
    expect(sameValue(['a'], 'a')).toBe(false);
    expect(sameValue([{ a: 1 }], [{ a: 1, b: 2 }])).toBe(false);
    expect(sameValue([{ a: 1 }], [{ b: 1 }])).toBe(false);
  });

  it('take absent only for absent', () => {
    expect(sameValue(undefined, undefined)).toBe(true);
    expect(sameValue(undefined, '')).toBe(false);
  });
});

describe('an attribute index', () => {
  it('finds attributes in any spelling', () => {
    const index = indexAttributes({ Short_Description: 'x', 'fields.Summary': 'y' });
    expect(index.get('short_DESCRIPTION')).toBe('x');
    expect(index.getFolded('fields.summary')).toBe('y');
    expect(index.get('gone')).toBeUndefined();
  });

  it('knows no names that objects have by nature', () => {
    expect(indexAttributes({}).get('constructor')).toBeUndefined();
    expect(indexAttributes({ toString: 'mine' }).get('tostring')).toBe('mine');
  });

  it('takes the later of two spellings of one name', () => {
    expect(indexAttributes({ State: 'a', state: 'b' }).get('STATE')).toBe('b');
  });
});

describe('elements', () => {
  it('are those of a list, a single value, or none', () => {
    expect(elementsOf(['a', 'b'])).toEqual(['a', 'b']);
    expect(elementsOf('a')).toEqual(['a']);
    expect(elementsOf(null)).toEqual([null]);
    expect(elementsOf(undefined)).toEqual([]);
  });
});
