import { fold } from '../message/fold.js';
import { sameValue } from '../message/same-value.js';
import type { Value } from '../message/value.js';
import type { Memory } from './conversation.js';

/** Whose value counts where two conversations that become one both remember something: of the one that stays, or of the one that goes. */
export type MemoryRule = 'STAYING' | 'MERGED';

interface Remembered {
  readonly kind: 'attribute' | 'counter';
  /** As the conversation that stays spells it, where it has it. */
  readonly name: string;
}

/** What the conversation that stays remembers differently from now on. */
export interface MemoryTaken extends Remembered {
  readonly before: Value | undefined;
  readonly after: Value;
}

/** Where both remembered something else: what counts, and what was given up. */
export interface MemoryConflict extends Remembered {
  readonly kept: Value;
  readonly givenUp: Value;
}

export interface MergedMemory {
  readonly memory: Memory;
  readonly taken: readonly MemoryTaken[];
  readonly conflicts: readonly MemoryConflict[];
}

/** The memory of two conversations that become one. What only one of them remembers comes along; names compare folded. */
export function mergeMemory(staying: Memory, merged: Memory, rule: MemoryRule): MergedMemory {
  const taken: MemoryTaken[] = [];
  const conflicts: MemoryConflict[] = [];
  const merge = <T extends Value>(kind: Remembered['kind'], here: { readonly [name: string]: T }, there: { readonly [name: string]: T }): { [name: string]: T } => {
    const entries = new Map(Object.entries(here).map(([name, value]) => [fold(name), { name, value }]));
    for (const [foreign, after] of Object.entries(there)) {
      const known = entries.get(fold(foreign));
      const name = known?.name ?? foreign;
      if (known !== undefined && sameValue(known.value, after)) continue;
      if (known !== undefined) conflicts.push(rule === 'STAYING' ? { kind, name, kept: known.value, givenUp: after } : { kind, name, kept: after, givenUp: known.value });
      if (known !== undefined && rule === 'STAYING') continue;
      taken.push({ kind, name, before: known?.value, after });
      entries.set(fold(foreign), { name, value: after });
    }
    // `fromEntries` defines properties, so that a name like `__proto__` stays a name.
    return Object.fromEntries([...entries.values()].map(({ name, value }): [string, T] => [name, value]));
  };
  const memory = { attributes: merge<Value>('attribute', staying.attributes, merged.attributes), counters: merge<number>('counter', staying.counters, merged.counters) };
  return { memory, taken, conflicts };
}
