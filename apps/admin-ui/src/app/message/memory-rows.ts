import type { MemoryChange, MessageMemory } from '../api/models';

/** One remembered thing before and after a message. */
export interface MemoryRow {
  readonly name: string;
  readonly kind: MemoryChange['kind'];
  readonly before: string;
  readonly after: string;
  readonly isChanged: boolean;
  /** Who changed it, in order. */
  readonly changes: readonly MemoryChange[];
}

/** What changed comes first, then by name: attributes, then counters. */
export function memoryRows({ before, changes }: MessageMemory): readonly MemoryRow[] {
  const rows = [rowsOf('attribute', before?.attributes ?? {}, changes), rowsOf('counter', before?.counters ?? {}, changes)].flat();
  return [...rows.filter((row) => row.isChanged), ...rows.filter((row) => !row.isChanged)];
}

function rowsOf(kind: MemoryRow['kind'], values: Readonly<Record<string, unknown>>, changes: readonly MemoryChange[]): MemoryRow[] {
  const own = changes.filter((change) => change.kind === kind);
  const names = [...Object.keys(values), ...own.map(({ name }) => name)].filter((name, at, all) => all.findIndex((one) => isSame(one, name)) === at);
  return names.sort().map((name) => {
    const by = own.filter((change) => isSame(change.name, name));
    const known = Object.entries(values).find(([one]) => isSame(one, name))?.[1];
    const [first, last] = [by[0], by.at(-1)];
    return { name, kind, before: shown(first === undefined ? known : first.before), after: shown(last === undefined ? known : last.after), isChanged: by.length > 0, changes: by };
  });
}

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (value === '') return 'blank';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
