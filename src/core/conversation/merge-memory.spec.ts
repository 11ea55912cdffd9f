import { describe, expect, it } from '@jest/globals';
import { mergeMemory } from './merge-memory.js';

const staying = { attributes: { Group: 'first', same: [1, 2], only: 'here' }, counters: { retries: 3 } };
const merged = { attributes: { group: 'second', SAME: [1, 2], other: 'there', __proto__x: 'a' }, counters: { RETRIES: 1, hops: 2 } };

describe('the memory of two conversations that become one', () => {
  it('keeps what the staying one remembers, takes along what only the other one does, and names what was given up', () => {
    expect(mergeMemory(staying, merged, 'STAYING')).toEqual({
      memory: { attributes: { Group: 'first', same: [1, 2], only: 'here', other: 'there', __proto__x: 'a' }, counters: { retries: 3, hops: 2 } },
      taken: [{ kind: 'attribute', name: 'other', before: undefined, after: 'there' }, { kind: 'attribute', name: '__proto__x', before: undefined, after: 'a' }, { kind: 'counter', name: 'hops', before: undefined, after: 2 }],
      conflicts: [{ kind: 'attribute', name: 'Group', kept: 'first', givenUp: 'second' }, { kind: 'counter', name: 'retries', kept: 3, givenUp: 1 }],
    });
  });

  it('takes the values of the merged one where that is the rule, under the spelling that is there', () => {
    const { memory, taken, conflicts } = mergeMemory(staying, merged, 'MERGED');
    expect(memory).toMatchObject({ attributes: { Group: 'second', only: 'here', other: 'there' }, counters: { retries: 1, hops: 2 } });
    expect(taken).toContainEqual({ kind: 'attribute', name: 'Group', before: 'first', after: 'second' });
    expect(conflicts).toContainEqual({ kind: 'counter', name: 'retries', kept: 1, givenUp: 3 });
  });

  it('of nothing and something is something, and of nothing nothing', () => {
    const empty = { attributes: {}, counters: {} };
    expect(mergeMemory(empty, merged, 'STAYING').memory).toEqual(merged);
    expect(mergeMemory(staying, empty, 'MERGED')).toEqual({ memory: staying, taken: [], conflicts: [] });
  });
});
