import { describe, expect, it } from '@jest/globals';
import { aConversation, aMessage, anUnseenConversation, aRule, aRuleSet, NOW } from '../../../test/support/routing.js';
import { evaluate } from './evaluate.js';
import { explain } from './explain.js';

const asks = (attribute: string, ...values: string[]): object => ({ entityConditions: [{ attribute, operator: 'EQUALS', values }] });

const ruleSet = aRuleSet(
  aRule({ ruleId: '1', name: 'answers', targetCondition: 'RESPONSE_TO_CREATE' }),
  aRule({ ruleId: '2', name: 'priority two', ...asks('priority', '2', '3') }),
  aRule({ ruleId: '3', name: 'updates', targetCondition: 'UPDATE' }),
  aRule({ ruleId: '4', name: 'files', attachmentRequired: true }),
  aRule({ ruleId: '5', name: 'fits', ...asks('priority', '1') }),
  aRule({ ruleId: '6', name: 'gone', ...asks('gone', '${priority}') }),
  aRule({ ruleId: '7', name: 'other source', sourceEntityType: 'request' }),
  aRule({ ruleId: '8', name: 'waits', targetSystemId: 'c_sys', delayConditions: [{ type: 'Time', seconds: 1 }] }),
);

const message = aMessage({ attributes: { priority: '1' } });

describe('a stored trace', () => {
  it('names what ran, what waits, and the nearest misses with their first reason', () => {
    const { trace } = evaluate(ruleSet, message, anUnseenConversation(), NOW);
    expect(trace.ruleSet).toBe('set-1');
    expect(trace.executed.map((ref) => ref.rule)).toEqual(['fits']);
    expect(trace.delayed).toEqual([{ ruleId: '8', rule: 'waits', ruleVersion: 1 }]);
    expect(trace.misses.map(({ rule, reason, detail, expected, actual }) => [rule, reason, detail, expected, actual])).toEqual([
      ['updates', 'operation', 'the target does not have the ticket', 'UPDATE', null],
      ['files', 'attachment', 'needs an attachment', 'one or more', 'none'],
      ['gone', 'condition', 'gone EQUALS ${priority}', '1', null],
      ['priority two', 'condition', 'priority EQUALS 2, 3', '2, 3', '1'],
      ['answers', 'message-kind', 'is for answers, this is a message', 'RESPONSE_TO_CREATE', null],
    ]);
    expect(trace.missCounts).toEqual({ operation: 1, attachment: 1, condition: 2, 'message-kind': 1 });
  });

  it('counts all misses and keeps five', () => {
    const many = aRuleSet(...Array.from({ length: 40 }, (_, at) => aRule({ ruleId: `${at}`, name: `r${100 + at}`, ...asks('a', `${at}`) })));
    const { trace, outcome } = evaluate(many, aMessage({ attributes: { a: 'x'.repeat(500) } }), aConversation(), NOW);
    expect(outcome).toBe('NO_ROUTE');
    expect(trace.missCounts).toEqual({ condition: 40 });
    expect(trace.misses.map((miss) => miss.rule)).toEqual(['r100', 'r101', 'r102', 'r103', 'r104']);
    expect(trace.misses[0]?.actual).toHaveLength(201);
  });

  it('tells the wrong outcome of an answer', () => {
    const answers = aRuleSet(
      aRule({ name: 'on error', targetCondition: 'RESPONSE_TO_CREATE', responseStatus: 'ERROR' }), aRule({ ruleId: 'r2', name: 'normal' }),
    );
    const response = { operation: 'CREATE', status: 'SUCCESS', httpStatus: 201, error: null, ticketId: 'INC1' } as const;
    const { trace } = evaluate(answers, aMessage({ response }), aConversation(), NOW);
    expect(trace.misses.map(({ rule, reason, expected, actual }) => [rule, reason, expected, actual])).toEqual([
      ['on error', 'outcome', 'RESPONSE_TO_CREATE ERROR', 'CREATE SUCCESS'],
      ['normal', 'message-kind', 'ALL', null],
    ]);
  });

  it('names the drop rules that matched', () => {
    const { trace } = evaluate(aRuleSet(aRule({ name: 'drop', action: 'DROP' }), aRule({ ruleId: 'r2' })), message, aConversation(), NOW);
    expect(trace.dropped.map((ref) => ref.rule)).toEqual(['drop']);
    expect(trace.executed).toEqual([]);
  });

  it('tells misses from the memory that conditions saw', () => {
    const rules = aRuleSet(
      aRule({ name: 'writes', priority: 1, conversationAttributeMappings: [{ type: 'Single', template: 'two', targetAttribute: 'stage' }] }),
      aRule({ ruleId: 'r2', name: 'asks', conversationConditions: [{ attribute: 'stage', operator: 'EQUALS', values: ['two'] }] }),
    );
    const { trace } = evaluate(rules, message, aConversation({ attributes: { stage: 'one' } }), NOW);
    expect(trace.misses).toMatchObject([{ rule: 'asks', detail: 'stage EQUALS two', actual: 'one' }]);
  });
});

describe('an explanation', () => {
  it('shows every rule of the source and every condition', () => {
    const { decision, rules } = explain(ruleSet, message, anUnseenConversation(), NOW);
    expect(decision).toEqual(evaluate(ruleSet, message, anUnseenConversation(), NOW));
    expect(rules.map(({ rule, fate }) => [rule, fate])).toEqual([
      ['answers', 'missed'], ['files', 'missed'], ['fits', 'executed'], ['gone', 'missed'], ['priority two', 'missed'],
      ['updates', 'missed'], ['waits', 'delayed'],
    ]);
    expect(rules[2]?.conditions).toEqual([{ on: 'message', condition: 'priority EQUALS 1', holds: true, expected: '1', actual: '1' }]);
    expect(rules[3]?.conditions[0]).toMatchObject({ holds: false, expected: '1', actual: null });
  });

  it('says which rules a drop rule overruled, and why one failed', () => {
    const dropping = aRuleSet(aRule({ name: 'drop', action: 'DROP' }), aRule({ ruleId: 'r2', name: 'other' }));
    expect(explain(dropping, message, aConversation(), NOW).rules.map(({ fate }) => fate)).toEqual(['dropped', 'overruled']);
    const failing = aRuleSet(aRule({ mappings: [{ type: 'Single', template: 'x', targetAttribute: 'a', sourceFormatters: [{ type: 'DateFormat', toFormat: 'yyyy' }] }] }));
    expect(explain(failing, message, aConversation(), NOW).rules).toMatchObject([{ fate: 'failed', reason: expect.stringContaining('mappings[0]') }]);
  });
});
