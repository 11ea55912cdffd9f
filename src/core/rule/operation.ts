import type { Operation } from '../message/message.js';
import type { CompiledRule } from './compile.js';
import type { TargetsSeen } from './targets-seen.js';

/** Why a rule is of the wrong operation for its target, in words; null where it fits (or has no target). */
export function wrongOperation(rule: CompiledRule, seen: TargetsSeen): string | null {
  if (rule.target === null) return null;
  const isSeen = seen.has(rule.target.key);
  if (rule.targetCondition === 'CREATE' && isSeen) return 'the target has the ticket already, or a create is on its way';
  if (rule.targetCondition === 'UPDATE' && !isSeen) return 'the target does not have the ticket';
  return null;
}

/** The operation that a rule's next message would have; null without target. */
export function operationNow(rule: CompiledRule, seen: TargetsSeen): Operation | null {
  if (rule.target === null) return null;
  return seen.has(rule.target.key) ? 'UPDATE' : 'CREATE';
}
