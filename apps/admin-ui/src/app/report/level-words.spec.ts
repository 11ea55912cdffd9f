import { describe, expect, it } from 'vitest';
import { monthText, partsText, shareText, stoodText } from './level-words';

describe('a service level in words', () => {
  it('never reads as all of them where one is missing', () => { expect([1, 0.99999, 0.5, 0.57, 0, null].map(shareText)).toEqual(['100 %', '99.99 %', '50 %', '57 %', '0 %', '–']); });
  it('names its month', () => { expect(monthText('2026-05')).toBe('May 2026'); });
  it('tells what did not simply go', () => {
    expect(partsText({ dead: 1_200, held: 0, waiting: 3, skipped: 0 })).toBe('1,200 dead · 3 on the way');
    expect(partsText({ dead: 0, held: 0, waiting: 0, skipped: 0 })).toBe('');
  });
  it('tells why the target stood still, the longest first', () => { expect(stoodText({ stood: { suspended: 0, maintenance: 120, credentials: 0, circuit: 7_200 } })).toBe('2 h failing · 2 min maintenance'); });
});
