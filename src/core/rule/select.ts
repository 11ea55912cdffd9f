import type { CompiledRule } from './compile.js';
import type { RuleBucket } from './index/rule-bucket.js';
import type { Scope } from './scope.js';

/** What the conditions of a bucket's rules left over. */
export interface Selection {
  /** Rules of which all conditions hold, in order. */
  readonly kept: readonly CompiledRule[];
  /** Rules that only lack an attachment. */
  readonly withoutAttachment: readonly CompiledRule[];
}

/** Keeps the rules of which all conditions hold; all of them see the same state. */
export function select(bucket: RuleBucket, scope: Scope): Selection {
  const kept: CompiledRule[] = [];
  const withoutAttachment: CompiledRule[] = [];
  for (const at of bucket.candidates(scope)) {
    const rule = bucket.rules[at];
    if (rule === undefined || firstFailingCondition(rule, scope) >= 0) continue;
    if (lacksAttachment(rule, scope)) withoutAttachment.push(rule);
    else kept.push(rule);
  }
  return { kept, withoutAttachment };
}

/** The place of the first condition that does not hold, or -1. */
export function firstFailingCondition(rule: CompiledRule, scope: Scope): number {
  const { conditions } = rule;
  for (let at = 0; at < conditions.length; at += 1) if (conditions[at]?.holds(scope) !== true) return at;
  return -1;
}

/** Whether a rule asks for an attachment and the message has none. */
export function lacksAttachment(rule: CompiledRule, scope: Scope): boolean {
  return rule.needsAttachment && scope.message.attachments.length === 0;
}
