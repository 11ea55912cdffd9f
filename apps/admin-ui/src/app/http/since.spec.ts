import { sinceInstant } from './since';

const NOW = Date.parse('2026-11-21T12:00:00.000Z');

describe('a length of time in the address', () => {
  it.each([['15m', '2026-11-21T11:45:00.000Z'], ['1h', '2026-11-21T11:00:00.000Z'], ['7d', '2026-11-14T12:00:00.000Z']])('%s names an instant', (since, instant) => {
    expect(sinceInstant(since, NOW)).toBe(instant);
  });
  it.each(['', 'yesterday', '1w', '99999d', undefined])('that makes no sense names none: %s', (since) => { expect(sinceInstant(since, NOW)).toBeUndefined(); });
});
