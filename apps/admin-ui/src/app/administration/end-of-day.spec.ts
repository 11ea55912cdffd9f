import { describe, expect, it } from 'vitest';
import { endOfDay } from './end-of-day';

describe('the end of a day', () => {
  it('is its last instant in the zone of the viewer', () => {
    const end = new Date(endOfDay('2030-01-31')!);
    expect([end.getFullYear(), end.getMonth(), end.getDate(), end.getHours(), end.getMinutes()]).toEqual([2030, 0, 31, 23, 59]);
    expect(new Date(end.getTime() + 1).getDate()).toBe(1);
  });

  it.each(['', 'soon', '2030-xx-01'])('is nothing for %j', (day) => {
    expect(endOfDay(day)).toBeUndefined();
  });
});
