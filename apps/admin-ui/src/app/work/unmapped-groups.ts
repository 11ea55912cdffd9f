import type { UnmappedValue } from '../api/models';

/** A table of a rule, and what it has no row for. */
export interface UnmappedGroup {
  /** Names the group in the address. */
  readonly key: string;
  readonly ruleId: string;
  readonly rule: string;
  readonly mapping: string;
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  readonly hasDefault: boolean;
  /** How often altogether. */
  readonly count: number;
  readonly lastAt: string;
  readonly values: readonly UnmappedValue[];
}

/** Values of one table together, the table that met them most often first; within it the most frequent first. */
export function unmappedGroups(all: readonly UnmappedValue[]): readonly UnmappedGroup[] {
  const groups = new Map<string, UnmappedValue[]>();
  for (const one of all) {
    const key = [one.ruleId, one.mapping].join('|');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups].map(([key, members]) => groupOf(key, members)).sort((one, other) => other.count - one.count || one.key.localeCompare(other.key));
}

function groupOf(key: string, members: readonly UnmappedValue[]): UnmappedGroup {
  const values = members.toSorted((one, other) => other.count - one.count || Date.parse(other.lastAt) - Date.parse(one.lastAt));
  const [first] = values as [UnmappedValue, ...UnmappedValue[]];
  const { ruleId, rule, mapping, sources, targets, hasDefault } = first;
  const lastAt = values.reduce((latest, one) => (Date.parse(one.lastAt) > Date.parse(latest) ? one.lastAt : latest), first.lastAt);
  return { key, ruleId, rule, mapping, sources, targets, hasDefault, count: values.reduce((sum, one) => sum + one.count, 0), lastAt, values };
}

/** The address of a table in the rule editor, with the message beside it and a row begun for the values; a value that was cut begins none. */
export function editorAddress({ ruleId, mapping, values, messageId }: UnmappedValue): { readonly path: readonly string[]; readonly query: Readonly<Record<string, string>> } {
  const isWhole = values.every((value) => !value.endsWith('…'));
  return { path: ['/rules', ruleId, 'edit'], query: { table: mapping, message: messageId, ...(isWhole ? { row: JSON.stringify(values) } : {}) } };
}
