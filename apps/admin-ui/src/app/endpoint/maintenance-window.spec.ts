import { isOver, windowOf, windowWords, type WrittenWindow } from './maintenance-window';

const NOW = Date.parse('2026-11-21T12:00:00');
const WRITTEN: WrittenWindow = { kind: 'weekly', from: '', to: '', weekdays: new Set(['SUN', 'MON']), at: '02:00', minutes: '120', zone: 'Europe/Helsinki', note: ' patches ' };

describe('a maintenance window', () => {
  it('is told in words', () => {
    expect(windowWords({ weekdays: ['SUN', 'MON'], at: '02:00', minutes: 120, zone: 'Europe/Helsinki' }, NOW)).toBe('Mon, Sun at 02:00, 2 h (Europe/Helsinki)');
    expect(windowWords({ from: new Date(NOW).toISOString(), to: new Date(NOW + 3_600_000).toISOString() }, NOW)).toBe('12:00:00 – 13:00:00');
  });

  it('is over when its end has passed, and never if it comes every week', () => {
    expect(isOver({ from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }, NOW)).toBe(true);
    expect(isOver({ weekdays: ['SUN'], at: '02:00', minutes: 1 }, NOW)).toBe(false);
  });

  it('is made of what was written, or says what is missing', () => {
    expect(windowOf(WRITTEN)).toEqual({ weekdays: ['MON', 'SUN'], at: '02:00', minutes: 120, zone: 'Europe/Helsinki', note: 'patches' });
    expect(windowOf({ ...WRITTEN, weekdays: new Set() })).toContain('day');
    expect(windowOf({ ...WRITTEN, kind: 'once', from: '2026-11-21T12:00', to: '2026-11-21T13:00', note: '' })).toEqual({ from: new Date(NOW).toISOString(), to: new Date(NOW + 3_600_000).toISOString() });
    expect(windowOf({ ...WRITTEN, kind: 'once', from: '' })).toContain('when');
  });
});
