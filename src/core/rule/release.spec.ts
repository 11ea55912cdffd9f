import { describe, expect, it } from '@jest/globals';
import { aConversation, aMessage, anUnseenConversation, aRule, aRuleSet, compiled, NOW } from '../../../test/support/routing.js';
import type { Conversation } from '../conversation/conversation.js';
import type { Message } from '../message/message.js';
import type { DelayedExecution } from './decision.js';
import { evaluate } from './evaluate.js';
import { release, type Release } from './release.js';

interface Setup {
  readonly rule?: Readonly<Record<string, unknown>>;
  readonly newRule?: Readonly<Record<string, unknown>> | null;
  readonly message?: Message;
  readonly before?: Conversation;
  readonly after?: Conversation;
  readonly now?: string;
  readonly byHand?: boolean;
}

/** Lets a rule be delayed in one conversation and releases it in another. */
function setup({ rule = {}, newRule = rule, message = aMessage(), before = aConversation(), after = before, now = NOW, byHand = false }: Setup): {
  readonly execution: DelayedExecution;
  readonly released: Release;
} {
  const [execution] = evaluate(aRuleSet(aRule(rule)), message, before, NOW).delayed;
  if (execution === undefined) throw new Error('was not delayed');
  const current = newRule === null ? null : compiled(aRule(newRule));
  return { execution, released: release(execution, current, message, after, now, {}, byHand) };
}

const minute = { delayConditions: [{ type: 'Time', seconds: 60 }] };
const approval = { delayConditions: [{ type: 'ConversationAttribute', attribute: 'approved' }] };
const later = (seconds: number): string => new Date(Date.parse(NOW) + seconds * 1_000).toISOString();

describe('releasing a delayed execution', () => {
  it('waits until its time, and then runs', () => {
    expect(setup({ rule: minute, now: later(59) }).released).toMatchObject({
      kind: 'WAITING', execution: { dueAt: later(60), waitingFor: [{ type: 'Time', dueAt: later(60) }] },
    });
    expect(setup({ rule: minute, now: later(60) }).released).toMatchObject({ kind: 'EXECUTED', outbound: [{ operation: 'UPDATE' }] });
  });

  it('waits until its condition holds', () => {
    expect(setup({ rule: approval }).released.kind).toBe('WAITING');
    expect(setup({ rule: approval, after: aConversation({ attributes: { Approved: 'yes' } }) }).released.kind).toBe('EXECUTED');
  });

  it('waits until a ticket id is known', () => {
    const rule = { targetSystemId: 'c_sys', delayConditions: [{ type: 'TicketId', endpoint: 'vendorx_jira', entityType: 'issue' }] };
    const { released } = setup({ rule, before: anUnseenConversation() });
    expect(released).toMatchObject({ kind: 'WAITING', execution: { waitingFor: [{ type: 'TicketId', endpoint: 'vendorx_jira', entityType: 'issue' }] } });
    expect(setup({ rule, before: anUnseenConversation(), after: aConversation() }).released.kind).toBe('EXECUTED');
  });

  it('waits behind earlier executions for the same target, unless it answers its own source', () => {
    const waiting = { rule: 'earlier', endpoint: 'vendorx_jira', entityType: 'Issue', creates: false, dueAt: null };
    const behind = aConversation({ delayed: [waiting] });
    expect(setup({ rule: minute, after: behind, now: later(60) }).released).toMatchObject({
      kind: 'WAITING', execution: { waitingFor: [{ type: 'Order' }] },
    });
    const retry = { ...minute, sourceSystemId: 'vendorx_jira', sourceEntityType: 'Issue' };
    const message = aMessage({ endpoint: 'vendorx_jira', entityType: 'Issue', ticketId: 'VX-7' });
    expect(setup({ rule: retry, message, after: behind, now: later(60) }).released.kind).toBe('EXECUTED');
  });

  it('uses the current version of the rule', () => {
    const newRule = { ...minute, version: 2, mappings: [{ type: 'Single', template: 'new', targetAttribute: 'a' }] };
    const { released } = setup({ rule: minute, newRule, now: later(60) });
    expect(released).toMatchObject({ kind: 'EXECUTED', outbound: [{ ruleVersion: 2, attributes: { a: 'new' } }] });
  });

  it('ends where the rule is gone, disabled or drops', () => {
    expect(setup({ rule: minute, newRule: null }).released).toEqual({ kind: 'CANCELLED', reason: 'the rule is gone' });
    expect(setup({ rule: minute, newRule: { ...minute, enabled: false } }).released).toEqual({ kind: 'CANCELLED', reason: 'the rule is disabled' });
    expect(setup({ rule: minute, newRule: { action: 'DROP' } }).released).toEqual({ kind: 'CANCELLED', reason: 'the rule drops now' });
  });

  it('reads the memory as it is now and the message as it was', () => {
    const rule = {
      ...minute,
      mappings: [{ type: 'Single', template: '${a} ${sf:conversation:x} ${sf:now}', targetAttribute: 'a' }],
      conversationAttributeMappings: [{ type: 'CounterIncrement', counterName: 'n' }],
    };
    const { released } = setup({
      rule, message: aMessage({ attributes: { a: 'old' } }), after: aConversation({ attributes: { x: 'new' }, counters: { n: 4 } }), now: later(61),
    });
    expect(released).toMatchObject({
      kind: 'EXECUTED', outbound: [{ attributes: { a: `old new ${later(61)}` } }], memory: { counters: { n: 5 } },
      changes: [{ kind: 'counter', name: 'n', before: 4, after: 5, ruleId: 'r1', ruleVersion: 1 }],
    });
  });

  it('does not test the matching conditions again', () => {
    const newRule = { ...minute, entityConditions: [{ attribute: 'a', operator: 'EQUALS', values: ['never'] }] };
    expect(setup({ rule: minute, newRule, now: later(60) }).released.kind).toBe('EXECUTED');
  });

  it('determines the operation again', () => {
    const unseen = anUnseenConversation();
    expect(setup({ rule: minute, before: unseen }).execution.operation).toBe('CREATE');
    expect(setup({ rule: minute, before: unseen, now: later(60) }).released).toMatchObject({ outbound: [{ operation: 'CREATE' }] });
    expect(setup({ rule: minute, before: unseen, after: aConversation(), now: later(60) }).released).toMatchObject({ outbound: [{ operation: 'UPDATE' }] });
    const pending = anUnseenConversation({ pendingCreates: [{ endpoint: 'vendorx_jira', entityType: 'Issue' }] });
    expect(setup({ rule: { ...minute, targetCondition: 'CREATE' }, before: unseen, after: pending, now: later(60) }).released).toMatchObject({
      kind: 'CANCELLED', reason: expect.stringContaining('wrong operation at release'),
    });
    expect(setup({ rule: { ...minute, targetCondition: 'UPDATE' }, after: unseen, now: later(60) }).released).toMatchObject({
      kind: 'CANCELLED', reason: expect.stringContaining('wrong operation at release'),
    });
    expect(setup({ rule: { ...minute, targetCondition: 'UPDATE' }, after: pending, now: later(60) }).released.kind).toBe('EXECUTED');
  });

  it('fails with the reason of its execution', () => {
    const rule = { ...minute, mappings: [{ type: 'Single', template: 'soon', targetAttribute: 'a', sourceFormatters: [{ type: 'DateFormat', toFormat: 'yyyy' }] }] };
    expect(setup({ rule, now: later(60) }).released).toMatchObject({ kind: 'FAILED', error: expect.stringContaining('"soon"') });
  });

  it('asks for translations as a message does', () => {
    const rule = { ...minute, mappings: [{ type: 'Single', template: 'hei', targetAttribute: 'a', sourceFormatters: [{ type: 'Translate', target: 'en' }] }] };
    expect(setup({ rule, now: later(60) }).released.kind === 'EXECUTED').toBe(true);
    expect(setup({ rule, now: later(60) }).released).toMatchObject({ needs: [{ source: '', target: 'en', text: 'hei' }] });
  });

  it.each([
    ['ROUTE', 'EXECUTED'],
    ['CANCEL', 'CANCELLED'],
    ['FAIL', 'FAILED'],
  ])('ends a wait of which the time is over: %s is %s', (onTimeout, kind) => {
    const rule = { delayConditions: [{ type: 'Time', seconds: 10 }, { type: 'ConversationAttribute', attribute: 'approved', timeoutSeconds: 30, onTimeout }] };
    const { execution, released } = setup({ rule, now: later(39) });
    expect(execution.timeoutAt).toBe(later(40));
    expect(released.kind).toBe('WAITING');
    const ended = setup({ rule, now: later(40) }).released;
    expect(ended.kind).toBe(kind);
    if (ended.kind === 'CANCELLED') expect(ended.reason).toBe('waited too long for approved NOT_BLANK');
  });

  it('takes the shortest of several time-outs, the rule’s own included', () => {
    const rule = { timeoutSeconds: 5, onTimeout: 'CANCEL', delayConditions: [{ type: 'ConversationAttribute', attribute: 'a', timeoutSeconds: 9, onTimeout: 'FAIL' }] };
    expect(setup({ rule }).execution).toMatchObject({ timeoutAt: later(5), onTimeout: 'CANCEL' });
  });

  it('by hand waits for nothing, but not for the wrong operation', () => {
    expect(setup({ rule: minute, byHand: true }).released.kind).toBe('EXECUTED');
    expect(setup({ rule: approval, byHand: true }).released.kind).toBe('EXECUTED');
    expect(setup({ rule: { ...minute, targetCondition: 'UPDATE' }, after: anUnseenConversation(), byHand: true }).released.kind).toBe('CANCELLED');
  });
});
