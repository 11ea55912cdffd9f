import { describe, expect, it } from '@jest/globals';
import { Place } from './place.js';
import { filledText, flag, listOf, numberOf, objectOf, oneOf, optional, scalar, text, wholeNumber } from './shape.js';

const shape = objectOf(
  {
    name: filledText('Name'),
    count: wholeNumber('Count', 1),
    kind: optional(oneOf(['A', 'B'], 'Kind'), 'A'),
    tags: optional(listOf(text('Tag'), 'Tags'), []),
    on: optional(flag('On'), false),
    share: optional(numberOf('Share', 0), 0.5),
    plain: optional(scalar('Plain'), null),
  },
  'A thing',
);

describe('a shape', () => {
  it('reads a document and fills in what is missing', () => {
    const place = Place.root();
    const read = shape.read({ name: 'x', count: 2, tags: ['a'], plain: false, other: 1 }, place);
    expect(place.problems).toEqual([]);
    expect(read).toEqual({ name: 'x', count: 2, kind: 'A', tags: ['a'], on: false, share: 0.5, plain: false });
  });

  it('notes every problem with its place', () => {
    const place = Place.root();
    shape.read({ name: ' ', count: 0, kind: 'C', tags: ['a', 1], on: 'yes', share: -1, plain: {} }, place.at('rules').at(2));
    expect(place.problems.map((problem) => [problem.path, problem.pointer, problem.found])).toEqual([
      ['rules[2].name', '/rules/2/name', '" "'],
      ['rules[2].count', '/rules/2/count', '0'],
      ['rules[2].kind', '/rules/2/kind', '"C"'],
      ['rules[2].tags[1]', '/rules/2/tags/1', '1'],
      ['rules[2].on', '/rules/2/on', '"yes"'],
      ['rules[2].share', '/rules/2/share', '-1'],
      ['rules[2].plain', '/rules/2/plain', 'an object'],
    ]);
    expect(place.problems[2]?.expected).toBe('one of A, B');
  });

  it('says that something is no object only once', () => {
    const place = Place.root();
    shape.read([], place);
    expect(place.problems).toEqual([{ path: '', pointer: '', expected: 'an object', found: 'a list of 0' }]);
  });

  it('is a JSON schema as well', () => {
    expect(shape.schema).toMatchObject({
      type: 'object', required: ['name', 'count'],
      properties: { count: { type: 'integer', minimum: 1 }, kind: { enum: ['A', 'B'], default: 'A' }, tags: { items: { type: 'string' } } },
    });
  });

  it('escapes keys in pointers', () => {
    const place = Place.root();
    place.at('a/b').at('c~d').refuse('x', 'y');
    expect(place.problems[0]?.pointer).toBe('/a~1b/c~0d');
  });
});
