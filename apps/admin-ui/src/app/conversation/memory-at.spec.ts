import type { MemoryChange } from '../api/models';
import { memoryAt, momentsOf } from './memory-at';

const change = (id: string, changedAt: string, name: string, before: MemoryChange['before'], after: MemoryChange['after'], kind: MemoryChange['kind'] = 'attribute'): MemoryChange =>
  ({ id, changedAt, name, before, after, kind, actor: null, messageId: null, reason: null, rule: null, ruleId: null, ruleVersion: null });
const CHANGES = [change('1', '2026-01-01T10:00:00Z', 'group', null, 'desk'), change('2', '2026-01-01T11:00:00Z', 'group', 'desk', 'vendor'), change('3', '2026-01-01T11:00:00Z', 'tries', null, 1, 'counter')];
const NOW = { attributes: { group: 'vendor' }, counters: { tries: 1 }, memoryChanges: CHANGES };

describe('the memory at an instant', () => {
  it('has an instant per change, oldest first', () => { expect(momentsOf(CHANGES.toReversed())).toEqual(['2026-01-01T10:00:00Z', '2026-01-01T11:00:00Z']); });

  it('takes back what changed later', () => {
    expect(memoryAt(NOW, '2026-01-01T10:00:00Z')).toMatchObject({ attributes: { group: 'desk' }, counters: {}, memoryChanges: [{ id: '1' }] });
  });

  it('is as it is now after the last change', () => { expect(memoryAt(NOW, '2026-01-01T11:00:00Z')).toEqual(NOW); });

  it('was nothing before the first', () => { expect(memoryAt(NOW, '2025-01-01T00:00:00Z')).toEqual({ attributes: {}, counters: {}, memoryChanges: [] }); });
});
