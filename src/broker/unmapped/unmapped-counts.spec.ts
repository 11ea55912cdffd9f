import { describe, expect, it } from '@jest/globals';
import type { Unmapped } from '../../core/rule/decision.js';
import { UnmappedCounts } from './unmapped-counts.js';

const value = (held: string, more: Partial<Unmapped> = {}): Unmapped => ({ ruleId: 'r', rule: 'R', ruleVersion: 1, mapping: '/mappings/0', sources: ['priority'], targets: ['severity'], values: [held], hasDefault: false, ...more });
const taken = (counts: UnmappedCounts) => [...counts.take().values()];

describe('values without a row, counted until they are written down', () => {
  it('are one per rule, table and value, in any case, with the latest message as the example', () => {
    const counts = new UnmappedCounts();
    counts.note('acme', { messageId: 'm1', values: [value('Urgent')] }, 1_000);
    counts.note('acme', { messageId: 'm2', values: [value('URGENT'), value('Low')] }, 2_000);
    counts.note('other', { messageId: 'm3', values: [value('Urgent')] }, 3_000);
    expect(taken(counts)).toMatchObject([
      { organization: 'acme', held: ['Urgent'], count: 2, firstMs: 1_000, lastMs: 2_000, messageId: 'm2' }, { held: ['Low'], count: 1 }, { organization: 'other', count: 1 },
    ]);
    expect(taken(counts)).toEqual([]);
  });

  it('belong to their table wherever it stands in its list, and to no other table', () => {
    const counts = new UnmappedCounts();
    counts.note('acme', { messageId: 'm', values: [value('x'), value('x', { ruleVersion: 2, mapping: '/mappings/5' }), value('x', { mapping: '/virtualAttributeMappings/0' }), value('x', { targets: ['urgency'] })] });
    const [one, moved, inOtherList, otherTarget] = taken(counts);
    expect([moved!.id, moved!.tableId]).toEqual([one!.id, one!.tableId]);
    expect(new Set([one!.tableId, inOtherList!.tableId, otherTarget!.tableId]).size).toBe(3);
  });

  it('are kept when they could not be written down', () => {
    const counts = new UnmappedCounts();
    counts.note('acme', { messageId: 'm1', values: [value('x')] }, 1_000);
    const before = counts.take();
    counts.note('acme', { messageId: 'm2', values: [value('x')] }, 2_000);
    counts.putBack(before);
    expect(taken(counts)).toMatchObject([{ count: 2, firstMs: 1_000, lastMs: 2_000, messageId: 'm2' }]);
  });

  it('are so many at most, whatever comes', () => {
    const counts = new UnmappedCounts();
    for (let at = 0; at < 6_000; at++) counts.note('acme', { messageId: 'm', values: [value(`v${at}`)] });
    expect(taken(counts)).toHaveLength(5_000);
  });

  it('are no secrets, and nothing that the database cannot keep', () => {
    const counts = new UnmappedCounts();
    counts.note('acme', { messageId: 'm', values: [value('hunter2', { sources: ['password'] }), value('a\0b\ud800')] });
    expect(taken(counts)).toMatchObject([{ held: ['a\uFFFDb\uFFFD'] }]);
  });
});
