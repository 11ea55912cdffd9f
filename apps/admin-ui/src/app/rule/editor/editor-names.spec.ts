import { describe, expect, it } from 'vitest';
import { readableNames, writableNames } from './editor-names';

const READABLE = [
  { name: 'sf:now', meaning: 'now', isPrefix: false, where: 'message' as const }, { name: 'sf:item', meaning: 'item', isPrefix: false, where: 'item' as const },
  { name: 'sf:response:status', meaning: 'status', isPrefix: false, where: 'answer' as const }, { name: 'sf:virtual:', meaning: 'virtual', isPrefix: true, where: 'mapping' as const },
];
const PARTS = {
  draft: { virtualAttributeMappings: [{ targetAttribute: 'sf:virtual:title' }], conversationAttributeMappings: [{ targetAttribute: 'owner' }, { type: 'Table', targets: ['sf:conversation:team'] }] },
  attributes: { impact: '1', Short: 'Printer' },
  names: { source: [{ name: 'IMPACT', sample: '3' }, { name: 'state', sample: 'New' }], target: [{ name: 'priority', sample: '' }], conversation: ['owner', 'note'], counters: ['retries'] },
  readable: READABLE,
};
const named = (inMappings: boolean, draft = PARTS.draft): string[] => readableNames({ ...PARTS, draft }, inMappings).map((one) => one.name);

describe('names that may be read', () => {
  it('are each there once, the message in hand first', () => {
    expect(named(true)).toEqual(['impact', 'Short', 'state', 'sf:virtual:title', 'sf:conversation:owner', 'sf:conversation:team', 'sf:conversation:note', 'sf:conversation:counter:retries', 'sf:now', 'sf:virtual:']);
  });
  it('hold no virtual attributes in conditions', () => { expect(named(false).filter((name) => name.startsWith('sf:virtual'))).toEqual([]); });
  it('hold what answers and iterations have only there', () => {
    expect(named(true, { ...PARTS.draft, targetCondition: 'RESPONSE_TO_CREATE', iterate: 'BY_VALUE' } as never)).toEqual(expect.arrayContaining(['sf:response:status', 'sf:item']));
  });
});

describe('names that may be written', () => {
  it('are those of the list', () => {
    expect(['mappings', 'virtualAttributeMappings', 'conversationAttributeMappings'].map((list) => writableNames(PARTS, list).map((one) => one.name))).toEqual([['priority'], ['title'], ['owner', 'team', 'note']]);
  });

  it('offers what the target says that it has, with its values', () => {
    const described = [{ entityType: 'ticket', name: 'Priority', label: 'Priority', type: 'choice', choices: ['1', '2'] }, { entityType: 'ticket', name: 'title', label: null, type: 'text', choices: [] }];
    expect(writableNames({ ...PARTS, described }, 'mappings')).toEqual([{ name: 'Priority', about: 'Priority · 1, 2' }, { name: 'title', about: 'text' }]);
  });
});
