import { describe, expect, it } from '@jest/globals';
import { ClockOffset } from './clock-offset.js';

/** A look that took `tookMs`, with this machine's clock so far ahead. */
const look = (aheadMs: number, tookMs = 20) => ({ sentMs: 1_000_000 + aheadMs, answeredMs: 1_000_000 + aheadMs + tookMs, databaseMs: 1_000_000 + tookMs / 2 });

describe('how far the clock of this machine is from the database\'s', () => {
  it('is measured in the middle of the look, ahead and behind', () => {
    expect(new ClockOffset().note(look(0))).toEqual({ offsetMs: 0, turned: null });
    expect(new ClockOffset().note(look(-1_500, 600))).toEqual({ offsetMs: -1_500, turned: null });
  });

  it('is told once when it becomes too much, and once when it is right again', () => {
    const clock = new ClockOffset();
    expect([0, 3_600_000, 3_600_000, -2_001, -2_000, 0].map((ahead) => clock.note(look(ahead))?.turned)).toEqual([null, 'wrong', null, null, 'right', null]);
  });

  it('is not told by a look that took long, nor by one during which the clock was set', () => {
    const clock = new ClockOffset();
    expect(clock.note(look(60_000, 5_000))).toBeNull();
    expect(clock.note({ sentMs: 3_600_000, answeredMs: 10, databaseMs: 5 })).toBeNull();
    expect(clock.note(look(0))).toEqual({ offsetMs: 0, turned: null });
  });
});
