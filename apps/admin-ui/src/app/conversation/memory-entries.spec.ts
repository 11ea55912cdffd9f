import type { MemoryChange } from '../api/models';
import { memoryEntries, valueText } from './memory-entries';

const change = (id: string, kind: 'attribute' | 'counter', name: string, before: MemoryChange['before'], after: MemoryChange['after'], second: number): MemoryChange =>
  ({ id, kind, name, before, after, ruleId: 'r', rule: 'r', ruleVersion: 1, messageId: null, actor: null, reason: null, changedAt: `2026-11-21T12:00:0${String(second)}.000Z` });

describe('the memory of a conversation', () => {
  it('has attributes first, each with its changes, newest first', () => {
    const entries = memoryEntries({
      attributes: { group: 'Vendor X' }, counters: { retries: 2 },
      memoryChanges: [change('1', 'attribute', 'group', null, 'Desk', 1), change('3', 'counter', 'retries', 1, 2, 3), change('2', 'attribute', 'group', 'Desk', 'Vendor X', 2)],
    });
    expect(entries.map((entry) => [entry.kind, entry.name, entry.value])).toEqual([['attribute', 'group', 'Vendor X'], ['counter', 'retries', '2']]);
    expect(entries[0]?.history.map((one) => one.id)).toEqual(['2', '1']);
  });

  it('still tells of what was removed again', () => {
    const entries = memoryEntries({ attributes: {}, counters: {}, memoryChanges: [change('1', 'attribute', 'group', 'Desk', null, 1)] });
    expect(entries).toMatchObject([{ name: 'group', value: 'removed' }]);
  });

  it('tells blank from nothing', () => {
    expect([valueText(''), valueText(null), valueText('x'), valueText(['a', 1])]).toEqual(['blank', 'nothing', 'x', '["a",1]']);
  });
});
