import { describe, expect, it } from '@jest/globals';
import { checkSettings } from './check-settings.js';
import { DELIVERY_PROPERTIES, deliverySettings } from './delivery-settings.js';

const problems = (rate: unknown): string[] => checkSettings({ type: 'object', properties: { rate: DELIVERY_PROPERTIES['rate'] } }, { rate }).map(({ pointer }) => pointer);

describe('a rate limit', () => {
  it('may be told per second, minute and hour, and those that are told hold together', () => {
    for (const rate of [{ perSecond: 0.5 }, { perMinute: 700 }, { perHour: 1 }, { perSecond: 2, burst: 5, perMinute: 60, perHour: 1_000 }]) expect(problems(rate)).toEqual([]);
    expect(deliverySettings({}).rate).toBeNull();
    expect(deliverySettings({ rate: { perSecond: 0.5 } }).rate).toEqual({ perSecond: 0.5, burst: 1 });
    expect(deliverySettings({ rate: { perMinute: 60 } }).rate).toEqual({ perSecond: 55 / 60, burst: 6 });
    expect(deliverySettings({ rate: { perSecond: 2, burst: 5, perMinute: 60, perHour: 10 } }).rate).toEqual({ perSecond: 2, burst: 5, longer: [{ perSecond: 55 / 60, burst: 6 }, { perSecond: 10 / 3_600, burst: 1 }] });
  });

  it.each([[{}], [{ burst: 5 }], [{ perMinute: 0 }], [{ perMinute: 1.5 }], [{ perHour: -1 }], [{ perDay: 5 }], [{ perSecond: 0 }], ['10/s'], [null]])('%j is none', (rate) => {
    expect(problems(rate)).not.toEqual([]);
  });
});
