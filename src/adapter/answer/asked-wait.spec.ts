import { describe, expect, it } from '@jest/globals';
import { waitMs } from './asked-wait.js';

const NOW = Date.parse('2026-01-31T10:00:00Z');

describe('the wait that a target asks for', () => {
  it.each([
    ['seconds', '30', 30_000], ['an instant in seconds', String(NOW / 1_000 + 90), 90_000], ['an instant in milliseconds', String(NOW + 90_000), 90_000], ['a date', '2026-01-31T10:01:00Z', 60_000],
    ['an instant that is over', String(NOW / 1_000 - 5), 1_000], ['next week', String(NOW / 1_000 + 700_000), 3_600_000], ['nonsense', 'soon', null],
  ])('may be said in %s', (_, told, expected) => {
    expect(waitMs({}, told, NOW)).toBe(expected);
  });

  it('is that of Retry-After where there is one', () => {
    expect(waitMs({ 'retry-after': '5' }, '30', NOW)).toBe(5_000);
    expect(waitMs({}, null, NOW)).toBeNull();
  });

  it('is measured by the clock of the target', () => {
    expect(waitMs({ date: 'Sat, 31 Jan 2026 09:00:00 GMT' }, String(NOW / 1_000), NOW)).toBe(3_600_000);
  });
});
