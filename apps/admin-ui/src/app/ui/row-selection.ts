import { type Signal, computed, signal } from '@angular/core';

/** Rows that somebody marked; one that is not shown any more is not selected. */
export interface RowSelection<T> {
  readonly rows: Signal<readonly T[]>;
  readonly isAll: Signal<boolean>;
  has(id: string): boolean;
  set(id: string, isMarked: boolean): void;
  setAll(isMarked: boolean): void;
}

/** A selection among the rows that are shown. */
export function rowSelection<T>(shown: () => readonly T[], idOf: (row: T) => string): RowSelection<T> {
  const marked = signal<ReadonlySet<string>>(new Set());
  const rows = computed(() => (marked().size === 0 ? [] : shown().filter((row) => marked().has(idOf(row)))));
  return {
    rows,
    isAll: computed(() => rows().length > 0 && rows().length === shown().length),
    has: (id) => marked().has(id),
    set: (id, isMarked) => { marked.update((before) => new Set(isMarked ? [...before, id] : [...before].filter((one) => one !== id))); },
    setAll: (isMarked) => { marked.set(new Set(isMarked ? shown().map(idOf) : [])); },
  };
}
