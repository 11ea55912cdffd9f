import { describe, expect, it } from 'vitest';
import { queueWords } from './queue-words';

const NOTHING = { ready: 0, retrying: 0, held: 0, dead: 0 };

describe('what waits for an endpoint', () => {
  it.each([[NOTHING, undefined], [{ ...NOTHING, ready: 3, dead: 1 }, '3 on their way, 1 dead'], [{ ready: 1_000, retrying: 2, held: 1, dead: 0 }, '1000+ on their way, 2 to be tried again, 1 held']])('is told in words', (standing, words) => {
    expect(queueWords(standing)).toBe(words);
  });
});
