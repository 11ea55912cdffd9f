import { describe, expect, it } from 'vitest';
import type { UnmappedValue } from '../api/models';
import { editorAddress, unmappedGroups } from './unmapped-groups';

const value = (id: string, more: Partial<UnmappedValue> = {}): UnmappedValue => ({
  id, ruleId: 'r', rule: 'R', ruleVersion: 1, mapping: '/mappings/0', sources: ['priority'], targets: ['severity'], values: [id], hasDefault: false, count: 1,
  firstAt: '2030-01-01T00:00:00.000Z', lastAt: '2030-01-01T00:00:00.000Z', messageId: 'm', seenAt: null, seenBy: null, ...more,
});

describe('values without a row', () => {
  it('stand together by their table, the most frequent first', () => {
    const groups = unmappedGroups([value('a'), value('b', { mapping: '/mappings/1', count: 9 }), value('c', { count: 2, lastAt: '2030-01-02T00:00:00.000Z' })]);
    expect(groups.map((group) => [group.mapping, group.count, group.values.map(({ id }) => id)])).toEqual([['/mappings/1', 9, ['b']], ['/mappings/0', 3, ['c', 'a']]]);
    expect(groups[1]?.lastAt).toBe('2030-01-02T00:00:00.000Z');
  });

  it('are none of another rule\'s', () => {
    expect(unmappedGroups([value('a'), value('a', { ruleId: 's' })])).toHaveLength(2);
  });

  it('lead to their table in the editor, with a row begun; one that was cut begins none', () => {
    expect(editorAddress(value('Low'))).toEqual({ path: ['/rules', 'r', 'edit'], query: { table: '/mappings/0', message: 'm', row: '["Low"]' } });
    expect(editorAddress(value('x', { values: ['long…'] })).query).toEqual({ table: '/mappings/0', message: 'm' });
  });
});
