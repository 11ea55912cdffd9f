import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ACCUSED, trialOf } from './blame.js';

/** A process that takes lanes until it ends: of those that are suspected one alone, the least suspected first. */
function lives(lanes: Map<string, number>, ends: (inHand: readonly string[], life: number) => boolean): { condemned: string[]; done: string[]; crashes: number } {
  const condemned: string[] = [];
  const done: string[] = [];
  let crashes = 0;
  const finish = (name: string, to: string[]): void => {
    lanes.delete(name);
    to.push(name);
  };
  for (; lanes.size > 0 && crashes < 1_000;) {
    for (const [name, count] of lanes) lanes.set(name, count + 1); // all are taken
    const ordered = [...lanes].sort((a, b) => a[1] - b[1]);
    const together = ordered.flatMap(([name, count]) => (trialOf(count) === 'with-others' ? [name] : []));
    if (together.length > 0 && ends(together, crashes)) {
      crashes++;
      continue;
    }
    for (const name of together) finish(name, done);
    let ended = false;
    for (const [name, count] of ordered) {
      if (!lanes.has(name)) continue;
      if (trialOf(count) === 'guilty') finish(name, condemned);
      else {
        lanes.set(name, count + ACCUSED);
        ended = ends([name], crashes);
        if (ended) break;
        finish(name, done);
      }
    }
    if (ended) crashes++;
  }
  return { condemned, done, crashes };
}

const many = (...names: readonly string[]): Map<string, number> => new Map(names.map((name) => [name, 0]));

describe('blame for the end of a process', () => {
  it('falls on nobody who had company: lanes that were in hand at every end are delivered', () => {
    const lanes = many('a', 'b', 'c', 'd', 'e', 'f');
    const { condemned, done } = lives(lanes, (_, life) => life < 9);
    expect(condemned).toEqual([]);
    expect(done).toHaveLength(6);
  });

  it('falls on nobody by chance: who was alone when two others ended the process is delivered', () => {
    let alone = 0;
    const { condemned, done } = lives(many('a', 'b'), (inHand) => inHand.length > 1 || (inHand[0] === 'a' && alone++ < 2));
    expect(condemned).toEqual([]);
    expect(done.sort()).toEqual(['a', 'b']);
  });

  it('falls on the lane that ends it alone, after few crashes, whoever was in hand with it', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(40), (count, at) => {
      const names = Array.from({ length: count }, (_, n) => `l${n}`);
      const poison = names[at % count]!;
      const { condemned, done, crashes } = lives(many(...names), (inHand) => inHand.includes(poison));
      expect(condemned).toEqual([poison]);
      expect(done).toHaveLength(count - 1);
      expect(crashes).toBe(5);
    }));
  });

  it('tries a lane with others at first, then alone', () => {
    expect([1, 2, 3, 90, 101, 104, 205, 305].map(trialOf)).toEqual(['with-others', 'with-others', 'alone', 'alone', 'alone', 'alone', 'alone', 'guilty']);
  });
});
