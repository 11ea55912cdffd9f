import { describe, expect, it } from '@jest/globals';
import { HeldSlots } from './held-slots.js';

describe('slots that an instance holds', () => {
  it('must be asked for first, and again where they are too few', () => {
    const slots = new HeldSlots();
    expect(slots.mayStart(0, 8, 0)).toBe('ask');
    slots.heard(2, 5, 0);
    expect([slots.mayStart(1, 8, 0), slots.mayStart(2, 8, 0), slots.mayStart(2, 8, 250)]).toEqual(['yes', Number.POSITIVE_INFINITY, 'ask']);
  });

  it('are never more than the endpoint has now', () => {
    const slots = new HeldSlots();
    slots.heard(8, 8, 0);
    expect([slots.mayStart(2, 3, 0), slots.mayStart(3, 3, 0)]).toEqual(['yes', 'ask']);
  });

  it('are asked for more patiently after some refusals', () => {
    const slots = new HeldSlots();
    for (let n = 0; n < 8; n++) slots.heard(0, 1, 0);
    expect(slots.refusedForMs(0)).toBe(250);
    slots.heard(0, 1, 0);
    expect([slots.refusedForMs(0), slots.mayStart(0, 1, 500)]).toEqual([2_000, 1_500]);
    slots.heard(1, 1, 2_000);
    expect(slots.refusedForMs(2_000)).toBe(0);
  });

  it('are no more than the calls under way while the others are told of these, and until they are heard', () => {
    const slots = new HeldSlots();
    slots.heard(4, 4, 0);
    slots.tell(2);
    expect([slots.mayStart(1, 4, 0), slots.mayStart(2, 4, 0)]).toEqual(['yes', Number.POSITIVE_INFINITY]);
    slots.unheard(0);
    expect([slots.mayStart(1, 4, 0), slots.mayStart(2, 4, 0), slots.mayStart(2, 4, 250)]).toEqual(['yes', Number.POSITIVE_INFINITY, 'ask']);
    slots.heard(3, 4, 250);
    expect(slots.mayStart(2, 4, 250)).toBe('yes');
  });

  it('are none after this process lost its claims', () => {
    const slots = new HeldSlots();
    slots.heard(4, 4, 0);
    slots.forget();
    expect([slots.isAny, slots.mayStart(0, 4, 0)]).toEqual([false, 'ask']);
  });
});
