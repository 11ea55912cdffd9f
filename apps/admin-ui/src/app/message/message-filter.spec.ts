import { actsOnAll, isFiltered, rememberedIn, rememberedKey } from './message-filter';

describe('a filter', () => {
  it('narrows nothing while it is blank', () => { expect(isFiltered({ ticketId: '', state: undefined })).toBe(false); });
  it('narrows by any of its members', () => { expect(isFiltered({ endpoint: 'acme_snc' })).toBe(true); });
});

describe('all that a filter finds', () => {
  it('is acted on as it is found: every filter goes along', () => {
    const filter = { ticketId: 'INC1', said: 'printer', rule: 'r', endpoint: 'acme', entityType: '', remembered: ['group=x'], since: '1h' };
    const search = { ticketId: 'INC1', text: 'printer', rule: 'r', endpoint: 'acme', conversationAttribute: ['group=x'], from: '2026-11-21T12:00:00.000Z' };
    expect(actsOnAll(filter, '2026-11-21T12:00:00.000Z')).toEqual([
      { action: 'message.retry', filter: search }, { action: 'delivery.retry', filter: { messages: search } }, { action: 'delivery.hold', filter: { messages: search } }, { action: 'delivery.skip', filter: { messages: search } },
    ]);
  });

  it('has the acts that its state allows, and none while nothing is filtered', () => {
    const actions = (state: string | undefined): readonly string[] => actsOnAll({ state, endpoint: 'acme' }, undefined).map(({ action }) => action);
    expect([actions('FAILED').length, actions('ROUTED'), actions('NO_ROUTE')]).toEqual([4, ['delivery.retry', 'delivery.hold', 'delivery.skip'], []]);
    expect(actsOnAll({ ticketId: '', state: undefined }, undefined)).toEqual([]);
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
