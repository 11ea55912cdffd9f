import { restWords } from './rest-words';

const NOW = Date.parse('2026-11-21T12:00:00');

describe('why an endpoint rests, in words', () => {
  it('names the end of a maintenance by the clock of the viewer, and what it is for', () => {
    const until = new Date(NOW + 3_600_000).toISOString();
    expect(restWords({ kind: 'maintenance', until, note: '' }, NOW)).toBe('maintenance until 13:00:00');
    expect(restWords({ kind: 'maintenance', until, note: 'new release' }, NOW)).toBe('maintenance until 13:00:00 (new release)');
  });
  it('says what somebody must end', () => {
    expect(restWords({ kind: 'suspended', until: null, note: '' }, NOW)).toContain('suspended');
    expect(restWords({ kind: 'paused', until: null, note: '' }, NOW)).toContain('credentials');
  });
});
