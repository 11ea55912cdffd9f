import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServiceLevelView } from '../api/models';
import { CalmLooks, isInPlace } from './report-look';

const report = (...targets: string[]): ServiceLevelView => ({ zone: 'UTC', withinSeconds: 60, countedUntil: null, months: [{ month: '2030-01', pairs: targets.map((target) => ({ source: 'a', target })) }] }) as unknown as ServiceLevelView;

describe('a report that is read again', () => {
  it('changes in its places where it has the same rows in the same order', () => {
    expect(isInPlace(report('b', 'c'), report('b', 'c'))).toBe(true);
    expect(isInPlace(report('b', 'c'), report('c', 'b'))).toBe(false);
    expect(isInPlace(report('b'), report('b', 'c'))).toBe(false);
  });
});

describe('looks at a report', () => {
  beforeEach(() => { vi.useFakeTimers(); });
  afterEach(() => { vi.useRealTimers(); });

  it('are taken for two minutes after something happened, however often it happens, and not before', () => {
    const look = vi.fn();
    const looks = new CalmLooks(look, () => true);
    vi.advanceTimersByTime(600_000);
    expect(look).not.toHaveBeenCalled();
    for (let n = 0; n < 50; n += 1) looks.happened();
    vi.advanceTimersByTime(40_000);
    expect(look).toHaveBeenCalledTimes(2);
    looks.happened();
    vi.advanceTimersByTime(600_000);
    expect(look).toHaveBeenCalledTimes(8);
  });

  it('wait until somebody sees the page, and end with it', () => {
    const look = vi.fn();
    let isSeen = false;
    const looks = new CalmLooks(look, () => isSeen);
    looks.happened();
    vi.advanceTimersByTime(600_000);
    expect(look).not.toHaveBeenCalled();
    isSeen = true;
    vi.advanceTimersByTime(20_000);
    expect(look).toHaveBeenCalledTimes(1);
    looks.stop();
    vi.advanceTimersByTime(600_000);
    expect(look).toHaveBeenCalledTimes(1);
  });
});
