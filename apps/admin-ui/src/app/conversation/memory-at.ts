import type { ConversationDetail, MemoryChange } from '../api/models';

type Memory = Pick<ConversationDetail, 'attributes' | 'counters' | 'memoryChanges'>;

/** Instants at which the memory changed, oldest first. */
export const momentsOf = (changes: readonly MemoryChange[]): readonly string[] => [...new Set(changes.map(({ changedAt }) => changedAt))].sort();

/** The memory as it was just after an instant: later changes are taken back, newest first, and left out of the history. */
export function memoryAt({ attributes, counters, memoryChanges }: Memory, at: string): Memory {
  const now: Record<MemoryChange['kind'], Record<string, unknown>> = { attribute: { ...attributes }, counter: { ...counters } };
  const later = memoryChanges.filter(({ changedAt }) => changedAt > at).toSorted((one, other) => other.changedAt.localeCompare(one.changedAt) || other.id.localeCompare(one.id));
  for (const { kind, name, before } of later) {
    if (before === null) delete now[kind][name];
    else now[kind][name] = before;
  }
  return { attributes: now.attribute, counters: now.counter as Record<string, number>, memoryChanges: memoryChanges.filter(({ changedAt }) => changedAt <= at) };
}
