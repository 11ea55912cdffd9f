import type { Conversation } from '../conversation/conversation.js';
import { RunningMemory } from '../conversation/memory-draft.js';
import { printInstant, readInstant } from '../message/instant.js';
import type { Message } from '../message/message.js';
import { AttachmentShelf } from './attachment-shelf.js';
import type { CompiledRule } from './compile.js';
import type { Decision, DelayedExecution, ExecutionFailure, Outcome, RuleRef } from './decision.js';
import { postpone, WaitingTargets } from './postpone.js';
import { execute, type RunningState } from './execute.js';
import { wrongOperation } from './operation.js';
import type { RuleSet } from './rule-set.js';
import { type Known, type Scope, scopeOf } from './scope.js';
import { select } from './select.js';
import { TargetsSeen } from './targets-seen.js';
import { type Fates, storedTrace } from './trace.js';

/**
 * Decides what becomes of one message. Pure and total: no clock, no I/O, no exceptions; the same arguments give the
 * same decision. `now` is an ISO instant or milliseconds since 1970; `known` holds translations by `translationKey`,
 * and what it lacks comes back in `needs` (such a decision must not be committed).
 */
// eslint-disable-next-line @typescript-eslint/max-params -- the one signature that everybody knows
export function evaluate(
  ruleSet: RuleSet,
  message: Message,
  conversation: Conversation,
  now: string | number,
  known: Known = {},
): Decision {
  const nowMs = toEpochMs(now);
  const state = startOf(conversation);
  const scope = scopeOf({ message, conversation, memory: state.memory, now: printInstant(nowMs), known });
  const selection = select(ruleSet.bucketFor(message), scope);
  const dropping = selection.kept.filter((rule) => rule.action === 'DROP');
  const seenBefore = new TargetsSeen(conversation);
  const taking: CompiledRule[] = [];
  const ofWrongOperation: CompiledRule[] = [];
  for (const rule of dropping.length > 0 ? [] : selection.kept) {
    (wrongOperation(rule, seenBefore) === null ? taking : ofWrongOperation).push(rule);
  }
  // What waits is told apart on the state before the message, and before any execution changes it.
  const waiting = new WaitingTargets(conversation);
  const plans = taking.map((rule) => ({ rule, wait: waiting.plan(rule, scope, nowMs) }));
  const executed: RuleRef[] = [];
  const failed: ExecutionFailure[] = [];
  const delayed: DelayedExecution[] = [];
  for (const { rule, wait } of plans) {
    if (wait !== null) {
      delayed.push(postpone(rule, wait, state.seen));
      continue;
    }
    const error = execute(rule, scope, state);
    if (error === null) executed.push(rule.ref);
    else failed.push({ ...rule.ref, error });
  }
  const fates = { executed, failed, delayed: delayed.map(refOf), dropped: dropping.map((rule) => rule.ref) };
  const evaluated = { ruleSet, selection, ofWrongOperation, scope: scopeBefore(scope, conversation), seen: seenBefore };
  const trace = storedTrace(evaluated, fates);
  return { outcome: outcomeOf(fates), ...effectsOf(state), delayed, trace, needs: scope.needs };
}

/** The state that executions of one message start from. */
export function startOf(conversation: Conversation): RunningState {
  const { attributes, counters } = conversation;
  return {
    memory: new RunningMemory({ attributes, counters }),
    seen: new TargetsSeen(conversation),
    shelf: new AttachmentShelf(conversation.attachments),
    outbound: [],
    changes: [],
    unmapped: [],
  };
}

/** What executions left behind, as the decision shows it. */
export function effectsOf(state: RunningState): Pick<Decision, 'outbound' | 'memory' | 'changes' | 'keptAttachments' | 'unmapped'> {
  return {
    outbound: state.outbound,
    memory: state.memory.toMemory(),
    changes: state.changes,
    keptAttachments: state.shelf.toList(),
    unmapped: state.unmapped,
  };
}

/** An ISO instant or milliseconds since 1970 as the latter; text that is no instant is 1970. */
export function toEpochMs(now: string | number): number {
  const epochMs = typeof now === 'number' ? now : readInstant(now);
  return epochMs !== null && Number.isFinite(epochMs) ? epochMs : 0;
}

/** Misses are told from the memory that conditions saw, not from what executions made of it. */
function scopeBefore(scope: Scope, conversation: Conversation): Scope {
  return { ...scope, memory: new RunningMemory(conversation) };
}

function refOf({ ruleId, rule, ruleVersion }: RuleRef): RuleRef {
  return { ruleId, rule, ruleVersion };
}

function outcomeOf(fates: Fates): Outcome {
  if (fates.dropped.length > 0) return 'DROPPED';
  if (fates.failed.length > 0) return 'FAILED';
  if (fates.executed.length > 0) return 'ROUTED';
  return fates.delayed.length > 0 ? 'DELAYED' : 'NO_ROUTE';
}
