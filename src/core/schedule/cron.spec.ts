import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { IANAZone } from 'luxon';
import { nextTime, readCron, type Cron } from './cron.js';

const UTC = IANAZone.create('UTC');
const HELSINKI = IANAZone.create('Europe/Helsinki');
const cronOf = (text: string): Cron => {
  const read = readCron(text);
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
};
/** The next times, as the zone's clock shows them with its offset. */
const times = (text: string, after: string, count = 3, zone = UTC): string[] => {
  const found: string[] = [];
  let at = Date.parse(after);
  for (let n = 0; n < count; n++) {
    at = nextTime(cronOf(text), at, zone);
    const offset = zone.offset(at);
    found.push(`${new Date(at + offset * 60_000).toISOString().slice(0, 16)}+${offset / 60}`);
  }
  return found;
};

describe('a cron expression', () => {
  it.each([
    ['* * * * *', ['2026-01-31T23:59+0', '2026-02-01T00:00+0', '2026-02-01T00:01+0']],
    ['*/20 * * * *', ['2026-02-01T00:00+0', '2026-02-01T00:20+0', '2026-02-01T00:40+0']],
    ['5/25 8-9 * * *', ['2026-02-01T08:05+0', '2026-02-01T08:30+0', '2026-02-01T08:55+0']],
    ['0 6,18 * * mon-fri', ['2026-02-02T06:00+0', '2026-02-02T18:00+0', '2026-02-03T06:00+0']],
    ['0 0 1 */3 *', ['2026-04-01T00:00+0', '2026-07-01T00:00+0', '2026-10-01T00:00+0']],
    ['30 2 * JAN,feb 0', ['2026-02-01T02:30+0', '2026-02-08T02:30+0', '2026-02-15T02:30+0']],
    ['30 2 * * 7', ['2026-02-01T02:30+0', '2026-02-08T02:30+0', '2026-02-15T02:30+0']],
    ['0 0 13 * fri', ['2026-02-06T00:00+0', '2026-02-13T00:00+0', '2026-02-20T00:00+0']],
    ['0 0 29 2 *', ['2028-02-29T00:00+0', '2032-02-29T00:00+0', '2036-02-29T00:00+0']],
    ['0 0 29 2 */7', ['2032-02-29T00:00+0', '2060-02-29T00:00+0', '2088-02-29T00:00+0']],
    ['0 0 31 * *', ['2026-03-31T00:00+0', '2026-05-31T00:00+0', '2026-07-31T00:00+0']],
  ])('%s comes next as it says', (text, expected) => {
    expect(times(text, '2026-01-31T23:58:30Z')).toEqual(expected);
  });

  it('goes by the clock of its zone, once where an hour comes twice and later where one is skipped', () => {
    expect(times('30 3 * * *', '2026-03-28T00:00:00Z', 3, HELSINKI)).toEqual(['2026-03-28T03:30+2', '2026-03-29T04:30+3', '2026-03-30T03:30+3']);
    expect(times('30 3 * * *', '2026-10-24T12:00:00Z', 2, HELSINKI)).toEqual(['2026-10-25T03:30+2', '2026-10-26T03:30+2']);
    expect(times('0 9 * * 1', '2026-01-31T00:00:00Z', 1, IANAZone.create('Asia/Kolkata'))).toEqual(['2026-02-02T09:00+5.5']);
  });

  it('goes on through an hour that comes twice where it names none', () => {
    expect(times('*/30 * * * *', '2026-10-25T00:15:00Z', 4, HELSINKI)).toEqual(['2026-10-25T03:30+3', '2026-10-25T03:00+2', '2026-10-25T03:30+2', '2026-10-25T04:00+2']);
  });

  it.each(['', '* * * *', '* * * * * *', '60 * * * *', '* 24 * * *', '* * 0 * *', '* * 32 * *', '* * * 13 *', '* * * 0 *', '* * * * 8', '*/0 * * * *', '5-1 * * * *', '1-2-3 * * * *', ', * * * *', '1, * * * *', '-1 * * * *', '* * * foo *', '* * * * jan',
    '@daily', '0 0 30 2 *', '0 0 31 4,6,9,11 *', '? * * * *', '* * L * *', '1.5 * * * *', `${'1,'.repeat(10)} * * * *`, '*/99999 * * * *', '\u0000 * * * *'])('%j is none', (text) => {
    expect(readCron(text)).toMatchObject({ ok: false, error: { code: 'cron-unreadable', message: expect.stringMatching(/^The cron expression cannot be read: .+\.$/) } });
  });

  it('always has a next time, which is one of its own', () => {
    const field = (least: number, most: number): fc.Arbitrary<string> => fc.oneof(fc.constant('*'), fc.integer({ min: least, max: most }).map(String), fc.tuple(fc.integer({ min: least, max: most }), fc.integer({ min: 1, max: 70 })).map(([from, step]) => `${from}/${step}`));
    const zone = fc.constantFrom(...['UTC', 'Europe/Helsinki', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'].map((name) => IANAZone.create(name)));
    fc.assert(fc.property(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6), zone, fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }), (minute, hour, day, month, weekday, at, nowMs) => {
      const cron = cronOf([minute, hour, day, month, weekday].join(' '));
      const next = nextTime(cron, nowMs, at);
      expect(next).toBeGreaterThan(nowMs);
      expect(next % 60_000).toBe(0);
      const local = new Date(next + at.offset(next) * 60_000);
      expect(cron.months.has(local.getUTCMonth() + 1)).toBe(true);
    }), { numRuns: 100 });
  });
});
