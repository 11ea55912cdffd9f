import type { Conversation } from '../conversation/conversation.js';
import { printInstant } from '../message/instant.js';
import { type CompiledRule, entityKey } from './compile.js';
import type { DelayedExecution, WaitReason } from './decision.js';
import { openWaits } from './delay.js';
import { operationNow } from './operation.js';
import type { Scope } from './scope.js';
import type { TargetsSeen } from './targets-seen.js';

/** Why an execution waits, and until when at most. */
export interface Wait {
  readonly dueAt: string | null;
  readonly waitingFor: readonly WaitReason[];
  readonly timeoutAt: string | null;
}

/** The targets for which an execution waits already: later ones queue behind it. */
export class WaitingTargets {
  private readonly keys = new Set<string>();

  constructor(conversation: Conversation) {
    for (const { endpoint, entityType } of conversation.delayed) {
      // Executions without target hold nobody up.
      if (endpoint !== '') this.keys.add(entityKey(endpoint, entityType));
    }
  }

  /** Whether an execution of this rule must wait behind another; a retry to its own source passes. */
  holdUp(rule: CompiledRule): boolean {
    return rule.target !== null && !rule.answersItsSource && this.keys.has(rule.target.key);
  }

  /** Why the execution of a rule that matched at `nowMs` waits, or null; asked in the order of the rules. */
  plan(rule: CompiledRule, scope: Scope, nowMs: number): Wait | null {
    const dueAt = rule.delay.timeMs > 0 ? printInstant(nowMs + rule.delay.timeMs) : null;
    const waitingFor: WaitReason[] = dueAt === null ? [] : [{ type: 'Time', dueAt }];
    waitingFor.push(...openWaits(rule.delay, scope));
    if (this.holdUp(rule)) waitingFor.push({ type: 'Order' });
    if (waitingFor.length === 0) return null;
    if (rule.target !== null) this.keys.add(rule.target.key);
    return { dueAt, waitingFor, timeoutAt: timeoutAt(rule, nowMs) };
  }
}

/** The delayed execution to record; one that would create counts as a create on its way from here on. */
export function postpone(rule: CompiledRule, wait: Wait, seen: TargetsSeen): DelayedExecution {
  const operation = operationNow(rule, seen);
  if (rule.target !== null) seen.add(rule.target.key);
  return {
    ...rule.ref,
    endpoint: rule.target?.endpoint ?? '',
    entityType: rule.target?.entityType ?? '',
    operation,
    ...wait,
    onTimeout: rule.delay.timeout?.onTimeout ?? null,
  };
}

/** The time-out bounds the waits for other things than time, so it begins when the time is over. */
function timeoutAt(rule: CompiledRule, nowMs: number): string | null {
  const { timeMs, timeout } = rule.delay;
  return timeout === null ? null : printInstant(nowMs + timeMs + timeout.afterMs);
}
