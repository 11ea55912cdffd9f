import { describe, expect, it } from '@jest/globals';
import { Place } from '../shape/place.js';
import { readMaintenance } from './read-maintenance.js';

function read(raw: unknown) {
  const place = Place.root();
  const windows = readMaintenance(raw, place);
  return { windows, pointers: place.problems.map(({ pointer }) => pointer), expected: place.problems.map(({ expected }) => expected) };
}

describe('windows of a document', () => {
  it('are once or weekly', () => {
    const { windows, pointers } = read([
      { from: '2026-12-01T22:00:00+02:00', to: '2026-12-01T22:00:00Z', note: ' Upgrade ' },
      { weekdays: ['SAT', 'SUN'], at: '02:30', minutes: 90, zone: 'Europe/Helsinki' },
    ]);
    expect(pointers).toEqual([]);
    expect(windows).toMatchObject([
      { kind: 'once', fromMs: Date.parse('2026-12-01T20:00:00Z'), toMs: Date.parse('2026-12-01T22:00:00Z'), note: 'Upgrade' },
      { kind: 'weekly', weekdays: [6, 7], hour: 2, minute: 30, minutes: 90, note: '' },
    ]);
  });

  it('are in UTC where they name no zone', () => {
    expect(read([{ weekdays: ['MON'], at: '00:00', minutes: 1 }]).windows).toMatchObject([{ zone: expect.objectContaining({ name: 'UTC' }) }]);
  });

  it('are refused with every problem at its place', () => {
    expect(read({}).pointers).toEqual(['']);
    expect(read([1, { from: '2026-12-01T20:00:00', to: 'soon', note: 7 }]).pointers).toEqual(['/0', '/1/from', '/1/to', '/1/note']);
    expect(read([{ weekdays: ['SUNDAY'], at: '24:00', minutes: 0, zone: 'Mars/Base', to: 1 }]).pointers).toEqual(['/0/to', '/0/weekdays', '/0/at', '/0/minutes', '/0/zone']);
    expect(read([{ weekdays: [], at: '01:00', minutes: 8_641 }]).pointers).toEqual(['/0/weekdays', '/0/minutes']);
    expect(read([{ from: '2026-12-01T20:00:00Z', to: '2026-12-01T20:00:00Z' }])).toMatchObject({ pointers: ['/0/to'], expected: ['an instant after `from`'] });
    expect(read(Array.from({ length: 51 }, () => ({ weekdays: ['MON'], at: '01:00', minutes: 1 }))).expected).toEqual(['at most 50 windows']);
  });
});
