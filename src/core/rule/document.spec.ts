import { describe, expect, it } from '@jest/globals';
import { aRule } from '../../../test/support/routing.js';
import { readRuleDocument, type RuleDocument, ruleShape } from './document.js';

function read(raw: unknown): RuleDocument {
  const document = readRuleDocument(raw);
  if (!document.ok) throw new Error(JSON.stringify(document.error));
  return document.value;
}

function pathsOf(raw: unknown): string[] {
  const document = readRuleDocument(raw);
  return document.ok ? [] : document.error.map((problem) => problem.path);
}

describe('a rule document', () => {
  it('gets every key that a short one leaves out', () => {
    const { targetCondition, priority, enabled, current, action, iterate, mappings, attachmentMapping } = read(aRule());
    expect({ targetCondition, priority, enabled, current, action, iterate, mappings, attachmentMapping }).toEqual({
      targetCondition: 'ALL', priority: 0, enabled: true, current: true, action: 'ROUTE', iterate: 'NONE', mappings: [],
      attachmentMapping: null,
    });
  });

  it('keeps keys that it does not know, in mappings too', () => {
    const mapping = { type: 'Single', template: 'x', targetAttribute: 'a', note: 'kept' };
    const document = read(aRule({ linkedRules: ['r9'], useCase: 'UC1', mappings: [mapping] }));
    expect(document['linkedRules']).toEqual(['r9']);
    expect(document['useCase']).toBe('UC1');
    expect(document.mappings).toEqual([mapping]);
  });

  it('of an older export says active, and one target per attachment', () => {
    expect(read(aRule({ active: true }))).toMatchObject({ enabled: true, current: true });
    expect(read(aRule({ active: false }))).toMatchObject({ enabled: false, current: false });
    expect(read(aRule({ active: false, enabled: true }))).toMatchObject({ enabled: true });
    expect(read(aRule({ routeOneTargetPerAttachment: true })).iterate).toBe('BY_ATTACHMENT');
  });

  it('comes back the same when it is read again', () => {
    const once = read(aRule({ delayConditions: [{ type: 'Time', seconds: 1 }], attachmentMapping: { maxCount: 1 } }));
    expect(read(once)).toEqual(once);
  });

  it('is refused with every error at once', () => {
    const raw = {
      name: '', priority: 1.5, enabled: 'yes', action: 'SEND', sourceSystemId: 5, targetCondition: 'create',
      entityConditions: [{ attribute: 'a', operator: 'LIKE' }, 'x'],
      delayConditions: [{ type: 'Time' }, { type: 'Forever' }, { type: 'TicketId', endpoint: 'e', entityType: 't', timeoutSeconds: 5 }],
      mappings: [
        { type: 'Single', template: 1, targetAttribute: 'a', sourceFormatters: [{ type: 'Truncate' }, { type: 'Shout' }] },
        { type: 'Table', sources: ['a'], targets: ['b', 'c'], rows: [{ when: ['1', '2'], then: [null] }, { when: [{ match: 'SOME' }], then: [] }] },
        { type: 'Copy' },
        { type: 'MultiValueToSingle' },
      ],
      conversationAttributeMappings: [{ type: 'CounterIncrement' }],
      attachmentMapping: { maxCount: -1, extensionBlacklist: 'exe' },
    };
    expect(pathsOf(raw)).toEqual([
      'name', 'enabled', 'action', 'priority', 'sourceSystemId', 'sourceEntityType', 'targetCondition',
      'entityConditions[0].operator', 'entityConditions[1]',
      'delayConditions[0].seconds', 'delayConditions[1].type', 'delayConditions[2].onTimeout',
      'mappings[0].template', 'mappings[0].sourceFormatters[0].maxLength', 'mappings[0].sourceFormatters[1].type',
      'mappings[1].rows[1].when[0]', 'mappings[2].type', 'mappings[3].sourceAttribute', 'mappings[3].targetAttribute',
      'conversationAttributeMappings[0].counterName', 'attachmentMapping.extensionBlacklist', 'attachmentMapping.maxCount',
    ]);
  });

  it('has tables whose rows are as long as their columns', () => {
    const table = { type: 'Table', sources: ['a'], targets: ['b', 'c'], rows: [{ when: ['1', '2'], then: [null] }], defaults: ['x'] };
    expect(pathsOf(aRule({ mappings: [table] }))).toEqual([
      'mappings[0].rows[0].when', 'mappings[0].rows[0].then', 'mappings[0].defaults',
    ]);
  });

  it('needs a target to route to, and a multi-value to iterate by', () => {
    expect(pathsOf(aRule({ targetSystemId: '', targetEntityType: ' ' }))).toEqual(['targetSystemId', 'targetEntityType']);
    expect(pathsOf(aRule({ action: 'DROP', targetSystemId: '', targetEntityType: '' }))).toEqual([]);
    expect(pathsOf(aRule({ iterate: 'BY_VALUE' }))).toEqual(['iterateAttribute']);
  });

  it('says what was expected and what was found', () => {
    const document = readRuleDocument(aRule({ priority: 'high' }));
    expect(document).toEqual({
      ok: false,
      error: [{ path: 'priority', pointer: '/priority', expected: 'a whole number', found: '"high"' }],
    });
    expect(readRuleDocument(null)).toMatchObject({ ok: false, error: [{ path: '', expected: 'an object', found: 'null' }] });
  });

  it('has a JSON schema', () => {
    expect(ruleShape.schema.required).toEqual(['name', 'sourceSystemId', 'sourceEntityType']);
    expect(JSON.stringify(ruleShape.schema)).toContain('CounterIncrement');
  });
});
