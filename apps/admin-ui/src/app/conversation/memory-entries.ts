import type { ConversationDetail, MemoryChange } from '../api/models';

/** One thing that a conversation remembers, and how it came to its value, newest change first. */
export interface MemoryEntry {
  readonly name: string;
  readonly kind: 'attribute' | 'counter';
  readonly value: string;
  readonly history: readonly MemoryChange[];
}

/** The memory by name: attributes, then counters; what was removed again stays as long as its history is known. */
export function memoryEntries(conversation: Pick<ConversationDetail, 'attributes' | 'counters' | 'memoryChanges'>): readonly MemoryEntry[] {
  const histories = Map.groupBy(conversation.memoryChanges.toSorted((one, other) => other.changedAt.localeCompare(one.changedAt) || other.id.localeCompare(one.id)), (change) => `${change.kind} ${change.name}`);
  const entries: MemoryEntry[] = [];
  for (const [kind, values] of [['attribute', conversation.attributes], ['counter', conversation.counters]] as const) {
    const removed = [...histories.values()].map((history) => history[0]).filter((change) => change?.kind === kind && !(change.name in values)).map((change) => change?.name ?? '');
    for (const name of [...Object.keys(values), ...removed].sort()) {
      entries.push({ name, kind, value: name in values ? valueText(values[name]) : 'removed', history: histories.get(`${kind} ${name}`) ?? [] });
    }
  }
  return entries;
}

/** A remembered value as text: blank and absent are told apart. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (value === '') return 'blank';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
