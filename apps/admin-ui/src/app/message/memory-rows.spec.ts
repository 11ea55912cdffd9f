import { describe, expect, it } from 'vitest';
import type { MemoryChange } from '../api/models';
import { memoryRows } from './memory-rows';

const change = (kind: MemoryChange['kind'], name: string, before: MemoryChange['before'], after: MemoryChange['after']): MemoryChange =>
  ({ id: `${name}${String(after)}`, kind, name, before, after, changedAt: '2026-11-21T12:00:00.000Z', actor: null, messageId: 'm', reason: null, rule: 'r', ruleId: 'r', ruleVersion: 1 });

describe('the memory around a message', () => {
  it('shows what changed first, with what it was and became, however often it changed', () => {
    const rows = memoryRows({ before: { attributes: { group: 'First', site: '' }, counters: { moves: 1 } }, changes: [change('counter', 'moves', 1, 2), change('attribute', 'Group', 'First', 'Second'), change('attribute', 'group', 'Second', 'Third')] });
    expect(rows.map(({ name, before, after, isChanged, changes }) => [name, before, after, isChanged, changes.length])).toEqual([['group', 'First', 'Third', true, 2], ['moves', '1', '2', true, 1], ['site', 'blank', 'blank', false, 0]]);
  });

  it('shows changes where nothing is known of what was before', () => {
    expect(memoryRows({ before: null, changes: [change('attribute', 'group', null, 'Second')] })).toMatchObject([{ name: 'group', before: 'nothing', after: 'Second', isChanged: true }]);
  });
});
