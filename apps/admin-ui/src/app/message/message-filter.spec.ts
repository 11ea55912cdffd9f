import { isFiltered, mayTakeAll, rememberedIn, rememberedKey } from './message-filter';

describe('a filter', () => {
  it('narrows nothing while it is blank', () => { expect(isFiltered({ ticketId: '', state: undefined })).toBe(false); });
  it('narrows by any of its members', () => { expect(isFiltered({ endpoint: 'acme_snc' })).toBe(true); });
});

describe('all failed messages at once', () => {
  it.each([[{ state: 'FAILED' }, true], [{ state: 'FAILED', endpoint: 'acme', since: '1h', ticketId: '' }, true], [{ state: 'ROUTED' }, false], [{ state: 'FAILED', ticketId: 'INC1' }, false], [{ state: 'FAILED', said: 'printer' }, false], [{ state: 'FAILED', rule: 'r' }, false], [{ state: 'FAILED', remembered: ['group=x'] }, false]])('are offered only where nothing more than they would be taken: %o', (filter, may) => {
    expect(mayTakeAll(filter)).toBe(may);
  });
});

describe('what a conversation remembers, in the address', () => {
  const inAddress = (address: string): readonly string[] | undefined => { const params = new URLSearchParams(address); return rememberedIn({ keys: [...params.keys()], get: (key) => params.get(key) }); };

  it('stands under its own name', () => {
    expect(inAddress('state=FAILED&conversation.caller.group=second line&conversation.impact=1')).toEqual(['caller.group=second line', 'impact=1']);
    expect(inAddress('conversation.=1&conversation.a=&conversation=x')).toBeUndefined();
  });

  it.each([['group = a=b ', { key: 'conversation.group', value: 'a=b' }], ['group', undefined], ['=x', undefined], ['a= ', undefined]])('is written as %j', (text, key) => {
    expect(rememberedKey(text)).toEqual(key);
  });
});
