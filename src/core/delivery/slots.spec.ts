import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readHolders, takeSlots, type SlotHolder } from './slots.js';

const wish = (instance: number, wants: number, running = 0) => ({ instance, wants, running });

describe('slots that instances share', () => {
  it('are all for who is alone', () => {
    expect(takeSlots([], wish(1, 1), 8, [1])).toEqual({ holders: [{ instance: 1, held: 8, wants: 1 }], held: 8 });
  });

  it('go back as soon as somebody else wants them, but for calls under way', () => {
    const alone = takeSlots([], wish(1, 8, 8), 8, [1, 2]).holders;
    const asked = takeSlots(alone, wish(2, 20), 8, [1, 2]);
    expect(asked.held).toBe(0);
    const busy = takeSlots(asked.holders, wish(1, 20, 7), 8, [1, 2]);
    expect(busy.held).toBe(7);
    expect(takeSlots(busy.holders, wish(2, 20), 8, [1, 2]).held).toBe(1);
    const less = takeSlots(busy.holders, wish(1, 20, 3), 8, [1, 2]);
    expect(less.held).toBe(4);
    expect(takeSlots(less.holders, wish(2, 20, 1), 8, [1, 2]).held).toBe(4);
  });

  it('are divided by need where one needs less than its part', () => {
    const first = takeSlots([{ instance: 2, held: 0, wants: 1 }], wish(1, 20), 8, [1, 2]);
    expect(first.held).toBe(7);
    expect(takeSlots(first.holders, wish(2, 1), 8, [1, 2]).held).toBe(1);
  });

  it('are given back by who wants none, and by who lives no more', () => {
    expect(takeSlots([{ instance: 1, held: 8, wants: 8 }], wish(1, 0), 8, [1])).toEqual({ holders: [], held: 0 });
    expect(takeSlots([{ instance: 1, held: 8, wants: 8 }], wish(2, 8), 8, [2])).toEqual({ holders: [{ instance: 2, held: 8, wants: 8 }], held: 8 });
  });

  it('belong to the first ones where there are fewer than instances', () => {
    const waiting = [{ instance: 1, held: 0, wants: 5 }, { instance: 2, held: 0, wants: 5 }];
    expect([takeSlots(waiting, wish(1, 5), 1, [1, 2]).held, takeSlots(waiting, wish(2, 5), 1, [1, 2]).held]).toEqual([1, 0]);
  });

  it('are never more than there are, whoever asks for how much in whatever order', () => {
    const step = fc.record({ instance: fc.integer({ min: 1, max: 4 }), waiting: fc.nat(20), ended: fc.nat(8) });
    fc.assert(fc.property(fc.integer({ min: 1, max: 12 }), fc.array(step, { maxLength: 60 }), (total, steps) => {
      let holders: readonly SlotHolder[] = [];
      const running = new Map<number, number>();
      for (const { instance, waiting, ended } of steps) {
        const before = Math.max(0, (running.get(instance) ?? 0) - ended);
        const turn = takeSlots(holders, { instance, running: before, wants: Math.min(total, before + waiting) }, total, [1, 2, 3, 4]);
        holders = turn.holders;
        running.set(instance, Math.min(turn.held, before + waiting));
        expect([...running.values()].reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(total);
        expect(holders.reduce((sum, { held }) => sum + held, 0)).toBeLessThanOrEqual(total);
      }
    }));
  });

  it('are read as they were written, and what is something else is nobody', () => {
    const holders = [{ instance: 1, held: 8, wants: 1 }];
    expect(readHolders(JSON.parse(JSON.stringify(holders)))).toEqual(holders);
    for (const bad of [undefined, 7, {}, [null], [{ instance: 'x' }], [{ instance: 1, held: -1, wants: 0 }]]) expect(readHolders(bad)).toEqual([]);
  });
});
