import { distanceText, durationText, instantText, sizeText } from './time-text';

const NOW = new Date(2026, 10, 21, 14, 0, 0).getTime();
const at = (...parts: [number, number, number, number, number, number]): string => new Date(...parts).toISOString();

describe('an instant', () => {
  it('of today is a clock time', () => { expect(instantText(at(2026, 10, 21, 9, 5, 7), NOW)).toBe('09:05:07'); });
  it('of another day has the day before it', () => { expect(instantText(at(2026, 10, 20, 9, 5, 7), NOW)).toBe('20 Nov, 09:05:07'); });
  it('of another year has the year, too', () => { expect(instantText(at(2025, 0, 2, 9, 5, 7), NOW)).toBe('2 Jan 2025, 09:05:07'); });
  it('that cannot be read is shown as it is', () => { expect(instantText('soon', NOW)).toBe('soon'); });
});

describe('a distance', () => {
  it('looks back and ahead', () => {
    expect(distanceText(new Date(NOW - 240_000).toISOString(), NOW)).toBe('4 min ago');
    expect(distanceText(new Date(NOW + 42_000).toISOString(), NOW)).toBe('in 42 s');
  });
  it('below a second is now', () => { expect(distanceText(new Date(NOW - 400).toISOString(), NOW)).toBe('just now'); });
});

describe('a duration', () => {
  it.each([[38, '38 ms'], [1_000, '1 s'], [1_240, '1.2 s'], [42_900, '42 s'], [61_000, '1 min'], [3_600_000, '1 h'], [7_500_000, '2 h 5 min'], [259_200_000, '3 d']])('of %i ms reads %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});

describe('a size', () => {
  it.each([[812, '812 B'], [1_820, '1.8 kB'], [182_044, '182 kB'], [8_400_000, '8.4 MB']])('of %i bytes reads %s', (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });
});
