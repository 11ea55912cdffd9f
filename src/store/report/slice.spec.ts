import { describe, expect, it } from '@jest/globals';
import { DateTime, IANAZone } from 'luxon';
import { sliceAt } from './slice.js';

const at = (text: string): string[] => Object.values(sliceAt(Date.parse(text))).map((ms) => new Date(ms as number).toISOString());

describe('a slice of time', () => {
  it('is an hour in the middle of a month', () => { expect(at('2026-05-14T10:20:30Z')).toEqual(['2026-05-14T10:00:00.000Z', '2026-05-14T11:00:00.000Z']); });

  it('is a quarter of an hour where a month begins somewhere', () => {
    expect(at('2026-04-30T10:20:30Z')).toEqual(['2026-04-30T10:15:00.000Z', '2026-04-30T10:30:00.000Z']);
    expect(at('2026-05-01T11:59:59Z')).toEqual(['2026-05-01T11:45:00.000Z', '2026-05-01T12:00:00.000Z']);
  });

  it('touches the next one', () => {
    for (let ms = Date.UTC(2026, 0, 30); ms < Date.UTC(2026, 2, 3);) {
      const slice = sliceAt(ms);
      expect(slice.fromMs).toBe(ms);
      ms = slice.untilMs;
    }
  });

  it('begins where a month begins, in every zone there is', () => {
    for (const name of Intl.supportedValuesOf('timeZone')) {
      for (let month = 1; month <= 12; month++) {
        const turnMs = DateTime.fromObject({ year: 2026, month }, { zone: IANAZone.create(name) }).toMillis();
        expect([name, month, sliceAt(turnMs).fromMs]).toEqual([name, month, turnMs]);
      }
    }
  });
});
