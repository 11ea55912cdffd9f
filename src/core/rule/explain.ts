import type { Conversation } from '../conversation/conversation.js';
import { RunningMemory } from '../conversation/memory-draft.js';
import { printInstant } from '../message/instant.js';
import type { Message } from '../message/message.js';
import type { CompiledRule } from './compile.js';
import type { Decision, RuleRef } from './decision.js';
import { evaluate, toEpochMs } from './evaluate.js';
import type { RuleSet } from './rule-set.js';
import { type Known, type Scope, scopeOf } from './scope.js';
import { TargetsSeen } from './targets-seen.js';
import { missOf } from './trace.js';

/** What became of one rule of the message's source. */
export interface ExplainedRule extends RuleRef {
  /** `overruled`: it would have taken part, but a drop rule matched. */
  readonly fate: 'executed' | 'delayed' | 'failed' | 'dropped' | 'overruled' | 'missed';
  /** Why it was missed or failed, in words; null otherwise. */
  readonly reason: string | null;
  readonly conditions: readonly ExplainedCondition[];
}

/** One condition with what it wanted and what it saw. */
export interface ExplainedCondition {
  readonly on: 'message' | 'conversation';
  readonly condition: string;
  readonly holds: boolean;
  readonly expected: string;
  /** Null is absent. */
  readonly actual: string | null;
}

export interface Explanation {
  readonly decision: Decision;
  /** Every rule of the message's endpoint and entity type, in order. */
  readonly rules: readonly ExplainedRule[];
}

/**
 * The full trace of a message: each candidate and each condition, beside the decision that `evaluate` makes of the
 * same arguments. Given the rule set and conversation as they were, it tells why what happened happened.
 */
// eslint-disable-next-line @typescript-eslint/max-params -- the arguments of evaluate
export function explain(
  ruleSet: RuleSet,
  message: Message,
  conversation: Conversation,
  now: string | number,
  known: Known = {},
): Explanation {
  const decision = evaluate(ruleSet, message, conversation, now, known);
  const memory = new RunningMemory(conversation);
  const scope = scopeOf({ message, conversation, memory, now: printInstant(toEpochMs(now)), known });
  const seen = new TargetsSeen(conversation);
  const fates = fatesOf(ruleSet, decision);
  const rules = ruleSet.rulesOfSource(message).map((rule): ExplainedRule => {
    const miss = missOf(rule, scope, seen);
    const fate = miss !== null ? 'missed' : (fates.get(rule.ref) ?? 'overruled');
    const failure = decision.trace.failed.find((failed) => isSameRule(failed, rule.ref));
    return { ...rule.ref, fate, reason: miss?.detail ?? failure?.error ?? null, conditions: explainConditions(rule, scope) };
  });
  return { decision, rules };
}

function explainConditions(rule: CompiledRule, scope: Scope): ExplainedCondition[] {
  return rule.conditions.map((condition, at) => ({
    on: at < rule.entityConditionCount ? 'message' : 'conversation',
    condition: condition.inWords,
    holds: condition.holds(scope),
    expected: condition.expected(scope),
    actual: condition.actual(scope),
  }));
}

function fatesOf(ruleSet: RuleSet, decision: Decision): Map<RuleRef, ExplainedRule['fate']> {
  const { executed, delayed, failed, dropped } = decision.trace;
  const fates = new Map<RuleRef, ExplainedRule['fate']>();
  const note = (refs: readonly RuleRef[], fate: ExplainedRule['fate']): void => {
    for (const { ref } of ruleSet.rules) if (refs.some((one) => isSameRule(one, ref))) fates.set(ref, fate);
  };
  note(executed, 'executed');
  note(delayed, 'delayed');
  note(failed, 'failed');
  note(dropped, 'dropped');
  return fates;
}

/** Rules of a case may lack an id; then their names tell them apart. */
function isSameRule(left: RuleRef, right: RuleRef): boolean {
  return left.ruleId === right.ruleId && left.rule === right.rule;
}
