import { describe, expect, it } from '@jest/globals';
import { editMemory, EMPTY_MEMORY, replayMemory } from './memory.js';
import { MemoryDraft, RunningMemory } from './memory-draft.js';

describe('the memory log', () => {
  it('leads to the memory at any of its points', () => {
    const log = [
      { kind: 'attribute', name: 'Group', after: 'desk' }, { kind: 'counter', name: 'tries', after: 1 }, { kind: 'attribute', name: 'group', after: ['a'] },
      { kind: 'counter', name: 'TRIES', after: 2 }, { kind: 'attribute', name: 'GROUP', after: undefined },
    ] as const;
    expect(replayMemory(log.slice(0, 2))).toEqual({ attributes: { Group: 'desk' }, counters: { tries: 1 } });
    expect(replayMemory(log.slice(0, 4))).toEqual({ attributes: { Group: ['a'] }, counters: { tries: 2 } });
    expect(replayMemory(log)).toEqual({ attributes: {}, counters: { tries: 2 } });
  });

  it('does not reach the machinery of objects', () => {
    const { attributes } = editMemory(EMPTY_MEMORY, { kind: 'attribute', name: '__proto__', after: 'x' });
    expect(Object.keys(attributes)).toEqual(['__proto__']);
    expect(editMemory({ attributes: {}, counters: { n: 1 } }, { kind: 'counter', name: 'N', after: undefined }).counters).toEqual({});
  });
});

describe('a running memory', () => {
  const start = { attributes: { Stage: 'one' }, counters: { n: 1 } };

  it('takes over only the drafts that are kept', () => {
    const memory = new RunningMemory(start);
    const lost = new MemoryDraft(memory);
    lost.setAttribute('stage', 'stage', 'lost');
    expect(lost.attribute('stage')).toBe('lost');
    expect(memory.attribute('stage')).toBe('one');
    const kept = new MemoryDraft(memory);
    kept.setAttribute('STAGE', 'stage', 'two');
    kept.setCounter('m', 'm', 5);
    expect(kept.changes()).toEqual([
      { kind: 'attribute', name: 'Stage', before: 'one', after: 'two' }, { kind: 'counter', name: 'm', before: undefined, after: 5 },
    ]);
    memory.keep(kept);
    expect(memory.toMemory()).toEqual({ attributes: { Stage: 'two' }, counters: { n: 1, m: 5 } });
    expect(start).toEqual({ attributes: { Stage: 'one' }, counters: { n: 1 } });
  });

  it('is what it was where nothing really changed', () => {
    const memory = new RunningMemory(start);
    const draft = new MemoryDraft(memory);
    draft.setAttribute('stage', 'stage', 'other');
    draft.setAttribute('stage', 'stage', 'one');
    expect(draft.changes()).toEqual([]);
    memory.keep(draft);
    expect(memory.toMemory()).toBe(start);
  });
});
