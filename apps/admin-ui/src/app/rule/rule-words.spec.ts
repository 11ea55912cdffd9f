import { conditionWords, ruleWords, verbOf } from './rule-words';

const RULE = {
  name: 'Acme incident → Vendor X issue', action: 'ROUTE', sourceSystemId: 'acme_snc', sourceEntityType: 'incident', targetSystemId: 'vendorx_jira', targetEntityType: 'Issue', targetCondition: 'CREATE',
  entityConditions: [{ attribute: 'assignment_group', operator: 'EQUALS', values: ['Vendor X', 'Vendor Y'] }],
  conversationConditions: [{ attribute: 'counter:retries', operator: 'LESS_THAN', values: ['10'] }],
  delayConditions: [{ type: 'Time', seconds: 60 }, { type: 'TicketId', endpoint: 'vendorx_jira', entityType: 'Issue' }],
  mappings: [
    { type: 'Single', template: '${short_description}', targetAttribute: 'fields.summary', sourceFormatters: [{ type: 'Truncate', maxLength: 255 }], defaultValue: 'No title' },
    { type: 'Table', sources: ['impact', 'urgency'], targets: ['fields.priority'], rows: [{}, {}], defaults: ['Low'] },
    { type: 'Single', template: 'INC-BRIDGE', targetAttribute: 'fields.project.key' },
  ],
  conversationAttributeMappings: [{ type: 'CounterIncrement', counterName: 'retries' }],
  attachmentMapping: { mapAttachmentsFromSourceMessage: true, extensionBlacklist: ['exe'] },
};
const nameOf = (endpoint: string): string => ({ acme_snc: 'Acme', vendorx_jira: 'Vendor X' })[endpoint] ?? endpoint;

describe('a rule in words', () => {
  it('says when it applies', () => {
    expect(ruleWords(RULE, nameOf).when).toEqual([
      'a message from Acme arrives (incident)', 'the conversation has no ticket at the target yet', 'assignment_group is “Vendor X” or “Vendor Y”', 'in the conversation, the counter retries is less than 10',
    ]);
  });

  it('says what it waits for and what it does', () => {
    const words = ruleWords(RULE, nameOf);
    expect(words.waits).toEqual(['60 seconds have passed', 'the ticket id of Issue at Vendor X is known']);
    expect(words.does).toEqual(['creates Issue at Vendor X', 'fills in 3 attributes', 'sends the attachments of the message, except .exe']);
  });

  it('tells each mapping as target, from and how', () => {
    expect(ruleWords(RULE).mappings.map(({ target, from, how }) => [target, from, how])).toEqual([
      ['fields.summary', '${short_description}', 'copies, at most 255 characters, or “No title”'],
      ['fields.priority', 'impact, urgency', 'table of 2 rows, with defaults'],
      ['fields.project.key', 'INC-BRIDGE', 'always this'],
      ['retries', '', 'adds 1'],
    ]);
  });

  it('tells response rules by what they listen to', () => {
    const rule = { ...RULE, targetCondition: 'RESPONSE_TO_CREATE', responseStatus: 'ERROR', entityConditions: [], conversationConditions: [] };
    expect(ruleWords(rule, nameOf).when).toEqual(['Acme answered a create (incident) and it failed']);
    expect(verbOf(rule)).toBe('on failed create');
  });

  it('says that a drop rule ends everything', () => {
    expect(ruleWords({ ...RULE, action: 'DROP' }).does).toEqual(['drops the message: nothing else happens, whatever other rules say']);
  });

  it.each([{}, { mappings: 'nonsense', entityConditions: [null, 4] }, { delayConditions: [{}], attachmentMapping: null }])('survives a document that leaves things out: %j', (rule) => {
    expect(() => ruleWords(rule)).not.toThrow();
  });
});

describe('a condition in words', () => {
  it('joins what none may be with nor', () => { expect(conditionWords({ attribute: 'state', operator: 'NOT_EQUALS', values: ['Closed', ''] })).toBe('state is not “Closed” nor blank'); });
  it('needs no value where the operator has none', () => { expect(conditionWords({ attribute: 'comment', operator: 'NOT_BLANK', values: [] })).toBe('comment is not blank'); });
  it('shows an unknown operator as it is', () => { expect(conditionWords({ attribute: 'a', operator: 'SOUNDS_LIKE', values: ['b'] })).toBe('a sounds like “b”'); });
});
