import { fold } from '../message/fold.js';
import type { Value } from '../message/value.js';
import type { Memory, MemoryChange } from './conversation.js';

/** What a change to the memory is, whoever made it; `after` undefined removes. */
export type MemoryEdit = Pick<MemoryChange, 'kind' | 'name' | 'after'>;

export const EMPTY_MEMORY: Memory = { attributes: {}, counters: {} };

/** The memory after an edit; names compare folded, and the spelling under which something is first stored stays. */
export function editMemory(memory: Memory, edit: MemoryEdit): Memory {
  if (edit.kind === 'attribute') {
    return { ...memory, attributes: withEntry<Value>(memory.attributes, edit.name, edit.after) };
  }
  const count = typeof edit.after === 'number' ? edit.after : undefined;
  return { ...memory, counters: withEntry<number>(memory.counters, edit.name, count) };
}

/** The memory that a log of changes leads to: the whole log for now, its beginning for any earlier point. */
export function replayMemory(changes: readonly MemoryEdit[], start: Memory = EMPTY_MEMORY): Memory {
  return changes.reduce(editMemory, start);
}

function withEntry<T>(entries: { readonly [name: string]: T }, name: string, after: T | undefined): { [name: string]: T } {
  const folded = fold(name);
  const stored = Object.keys(entries).find((known) => fold(known) === folded);
  const kept = Object.entries(entries).filter(([known]) => known !== stored || after !== undefined);
  const changed = kept.map(([known, value]): [string, T] => [known, known === stored && after !== undefined ? after : value]);
  // `fromEntries` defines properties, so that a name like `__proto__` stays a name.
  return Object.fromEntries(stored === undefined && after !== undefined ? [...changed, [name, after]] : changed);
}
