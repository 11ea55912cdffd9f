import { describe, expect, it } from '@jest/globals';
import { uuidFloor } from '../../store/pipeline/uuid.js';
import { Horizon } from './horizon.js';

const [old, young] = [{ id: uuidFloor(1_000) }, { id: uuidFloor(3_000) }];

describe('how far back an organization sees', () => {
  it('hides what is older, but for deliveries that are open', () => {
    const horizon = new Horizon(2_000);
    expect([old, young].map(horizon.showsMessage)).toEqual([false, true]);
    expect(['SENT', 'SKIPPED', 'CANCELLED'].map((state) => horizon.showsDelivery({ ...old, state }))).toEqual([false, false, false]);
    expect(['QUEUED', 'SENDING', 'RETRYING', 'HELD', 'DEAD'].every((state) => horizon.showsDelivery({ ...old, state }))).toBe(true);
    expect(horizon.showsDelivery({ ...young, state: 'SENT' })).toBe(true);
  });

  it('narrows the time that a list is asked for, and never widens it', () => {
    expect([null, 1_000, 5_000].map((asked) => new Horizon(2_000).since(asked))).toEqual([2_000, 2_000, 5_000]);
    expect([null, 1_000].map((asked) => new Horizon(null).since(asked))).toEqual([null, 1_000]);
  });

  it('hides nothing where nobody said so', () => {
    expect(new Horizon(null).showsMessage(old)).toBe(true);
    expect(new Horizon(null).showsDelivery({ ...old, state: 'SENT' })).toBe(true);
  });
});
