import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fairShare } from './fair-share.js';

const groupOf = (item: string): string => item[0]!;
const many = (group: string, count: number): string[] => Array.from({ length: count }, (_, n) => `${group}${n}`);

describe('a fair share', () => {
  it('takes all that there is where it is little', () => {
    expect(fairShare(['a0', 'b0'], 2, groupOf)).toEqual({ taken: ['a0', 'b0'], left: [] });
  });

  it('takes whole who has little, however much another brought before', () => {
    const { taken, left } = fairShare([...many('a', 200), ...many('b', 5)], 64, groupOf);
    expect(taken).toEqual([...many('a', 59), ...many('b', 5)]);
    expect(left).toEqual(many('a', 200).slice(59));
  });

  it('divides evenly among those who have more', () => {
    const { taken } = fairShare([...many('a', 100), ...many('b', 100), ...many('c', 2)], 10, groupOf);
    expect([...Map.groupBy(taken, groupOf)].map(([group, { length }]) => `${group}${length}`)).toEqual(['a4', 'b4', 'c2']);
  });

  it('loses nothing, takes as many as it should, and keeps the order within each group', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 80 }), fc.integer({ min: 1, max: 40 }), (groups, count) => {
      const items = groups.map((group, n) => `${group}${n}`);
      const { taken, left } = fairShare(items, count, groupOf);
      expect(taken).toHaveLength(Math.min(count, items.length));
      expect([...taken, ...left].sort()).toEqual([...items].sort());
      for (const group of 'abcd') expect([...taken, ...left].filter((one) => one.startsWith(group))).toEqual(items.filter((one) => one.startsWith(group)));
    }));
  });
});
