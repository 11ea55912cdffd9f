import { readAttributes } from './read-attributes';

describe('attributes written by hand', () => {
  it('are an object', () => { expect(readAttributes('{"a": 1}')).toEqual({ attributes: { a: 1 } }); });
  it.each(['[1]', '"text"', 'null'])('are not %s', (json) => { expect(readAttributes(json)).toHaveProperty('problem'); });
  it('say what is wrong with their JSON', () => { expect(readAttributes('{a}')).toMatchObject({ problem: expect.stringContaining('no JSON') }); });
});
