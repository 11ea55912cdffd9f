import { fold } from '../message/fold.js';
import type { Value } from '../message/value.js';
import type { Memory, MemoryChange } from './conversation.js';

/** Reads conversation attributes and counters by folded name without prefix. */
export interface MemoryReader {
  attribute(foldedName: string): Value | undefined;
  /** 0 until first incremented. */
  counter(foldedName: string): number;
}

interface Entry<T> {
  readonly name: string;
  readonly value: T;
}

type Change = Omit<MemoryChange, 'ruleId' | 'ruleVersion'>;

/**
 * The memory of a conversation while a message is evaluated: executions write to drafts, and a draft that is kept
 * becomes what the next execution reads. The memory it started from is never changed.
 */
export class RunningMemory implements MemoryReader {
  private attributes: Map<string, Entry<Value>> | null = null;
  private counters: Map<string, Entry<number>> | null = null;
  private changed = false;

  constructor(private readonly start: Memory) {}

  attribute(foldedName: string): Value | undefined {
    return this.attributeEntry(foldedName)?.value;
  }

  counter(foldedName: string): number {
    return this.counterEntry(foldedName)?.value ?? 0;
  }

  /** The stored spelling and value of an attribute. */
  attributeEntry(foldedName: string): Entry<Value> | undefined {
    this.attributes ??= byFoldedName(this.start.attributes);
    return this.attributes.get(foldedName);
  }

  /** The stored spelling and value of a counter. */
  counterEntry(foldedName: string): Entry<number> | undefined {
    this.counters ??= byFoldedName(this.start.counters);
    return this.counters.get(foldedName);
  }

  /** Takes over what an execution wrote. */
  keep(draft: MemoryDraft): void {
    for (const change of draft.changes()) {
      this.changed = true;
      const folded = fold(change.name);
      if (change.kind === 'counter') this.counters?.set(folded, { name: change.name, value: change.after as number });
      else this.attributes?.set(folded, { name: change.name, value: change.after as Value });
    }
  }

  /** The memory as a value; the very object it started from when nothing changed. */
  toMemory(): Memory {
    if (!this.changed) return this.start;
    return {
      attributes: this.attributes === null ? this.start.attributes : toObject(this.attributes),
      counters: this.counters === null ? this.start.counters : toObject(this.counters),
    };
  }
}

/** What one execution writes to the memory; nothing of it counts until it is kept. */
export class MemoryDraft implements MemoryReader {
  private readonly written = new Map<string, Change>();

  constructor(private readonly base: RunningMemory) {}

  attribute(foldedName: string): Value | undefined {
    const change = this.written.get(`a${foldedName}`);
    return change === undefined ? this.base.attribute(foldedName) : change.after;
  }

  counter(foldedName: string): number {
    const change = this.written.get(`c${foldedName}`);
    return change === undefined ? this.base.counter(foldedName) : (change.after as number);
  }

  /** Sets an attribute; the spelling under which it is first stored stays. */
  setAttribute(name: string, foldedName: string, after: Value): void {
    const stored = this.base.attributeEntry(foldedName);
    this.written.set(`a${foldedName}`, { kind: 'attribute', name: stored?.name ?? name, before: stored?.value, after });
  }

  /** Sets a counter. */
  setCounter(name: string, foldedName: string, after: number): void {
    const stored = this.base.counterEntry(foldedName);
    this.written.set(`c${foldedName}`, { kind: 'counter', name: stored?.name ?? name, before: stored?.value, after });
  }

  /** What really changed, in the order in which it was first written; a value written again as it was is no change. */
  changes(): Change[] {
    return [...this.written.values()].filter((change) => !identical(change.before, change.after));
  }
}

function identical(left: Value | undefined, right: Value | undefined): boolean {
  return left === right || (typeof left === 'object' && JSON.stringify(left) === JSON.stringify(right));
}

function byFoldedName<T>(values: { readonly [name: string]: T }): Map<string, Entry<T>> {
  const entries = new Map<string, Entry<T>>();
  for (const [name, value] of Object.entries(values)) entries.set(fold(name), { name, value });
  return entries;
}

function toObject<T>(entries: Map<string, Entry<T>>): { [name: string]: T } {
  // `fromEntries` defines properties, so that a name like `__proto__` stays a name.
  return Object.fromEntries([...entries.values()].map((entry) => [entry.name, entry.value]));
}
