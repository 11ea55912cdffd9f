import { describe, expect, it } from 'vitest';
import { problemSentence } from './problem-sentence';

describe('a problem, said at its place', () => {
  it.each([
    ['name: expected text that is not blank, found ""', 'Must be filled in.'], ['targetSystemId: expected an endpoint to route to, found nothing', 'Must be filled in: an endpoint to route to.'],
    ['mappings[0].template: expected a template, found "${" at character 1 is not closed', 'Expected a template, found "${" at character 1 is not closed.'], ['there is no endpoint "x"', 'There is no endpoint "x"'],
  ])('%s', (detail, said) => { expect(problemSentence(detail)).toBe(said); });
});
