import type { Conversation } from '../conversation/conversation.js';
import { printInstant } from '../message/instant.js';
import type { Message } from '../message/message.js';
import type { CompiledRule } from './compile.js';
import type { Decision, DelayedExecution, Need, WaitReason } from './decision.js';
import { openWaits } from './delay.js';
import { effectsOf, startOf, toEpochMs } from './evaluate.js';
import { execute } from './execute.js';
import { wrongOperation } from './operation.js';
import { WaitingTargets } from './postpone.js';
import { type Known, type Scope, scopeOf } from './scope.js';

/** What releasing decided for an execution that waited. */
export type Release =
  /** It goes on waiting, for what `execution.waitingFor` now says. */
  | { readonly kind: 'WAITING'; readonly execution: DelayedExecution }
  | { readonly kind: 'CANCELLED'; readonly reason: string }
  | { readonly kind: 'FAILED'; readonly error: string; readonly needs: readonly Need[] }
  | ({ readonly kind: 'EXECUTED'; readonly needs: readonly Need[] } & Effects);

/** Why a rule has no version that could be used: null where nothing is known of it. */
export type AbsentRule = 'disabled' | 'deleted' | 'unusable' | null;

const ABSENCES: Readonly<Record<Exclude<AbsentRule, null>, string>> = {
  disabled: 'the rule is disabled', deleted: 'the rule was deleted', unusable: 'the rule has no current version that can be used',
};

type Effects = Pick<Decision, 'outbound' | 'memory' | 'changes' | 'keptAttachments' | 'unmapped'>;

/**
 * Decides whether a delayed execution runs now, by the current version of its rule (or why there is none).
 * The message is the original one, the conversation is as it is now, and `conversation.delayed` holds only the
 * executions that stand before this one. Matching conditions are not tested again, the operation is. `byHand` is an
 * operator's release: it waits for nothing. With `needs`, nothing may be committed.
 */
// eslint-disable-next-line @typescript-eslint/max-params -- the specified arguments, and who asks
export function release(
  execution: DelayedExecution,
  currentRule: CompiledRule | AbsentRule,
  message: Message,
  conversation: Conversation,
  now: string | number,
  known: Known = {},
  byHand = false,
): Release {
  if (currentRule === null) return { kind: 'CANCELLED', reason: 'the rule is gone' };
  if (typeof currentRule === 'string') return { kind: 'CANCELLED', reason: ABSENCES[currentRule] };
  if (!currentRule.isActive) return { kind: 'CANCELLED', reason: 'the rule is disabled' };
  if (currentRule.action === 'DROP') return { kind: 'CANCELLED', reason: 'the rule drops now' };
  const nowMs = toEpochMs(now);
  const state = startOf(conversation);
  const scope = scopeOf({ message, conversation, memory: state.memory, now: printInstant(nowMs), known });
  const waitingFor = byHand ? [] : stillWaitingFor(execution, currentRule, scope, nowMs);
  if (waitingFor.length > 0) {
    if (!isTimedOut(execution, waitingFor, nowMs)) return { kind: 'WAITING', execution: { ...execution, waitingFor } };
    const ended = endOf(execution, waitingFor);
    if (ended !== null) return ended;
  }
  const wrong = wrongOperation(currentRule, state.seen);
  if (wrong !== null) return { kind: 'CANCELLED', reason: `wrong operation at release: ${wrong}` };
  const error = execute(currentRule, scope, state);
  if (error !== null) return { kind: 'FAILED', error, needs: scope.needs };
  return { kind: 'EXECUTED', ...effectsOf(state), needs: scope.needs };
}

function stillWaitingFor(
  execution: DelayedExecution,
  rule: CompiledRule,
  scope: Scope,
  nowMs: number,
): WaitReason[] {
  const { dueAt } = execution;
  const waitingFor: WaitReason[] = dueAt !== null && toEpochMs(dueAt) > nowMs ? [{ type: 'Time', dueAt }] : [];
  waitingFor.push(...openWaits(rule.delay, scope));
  if (new WaitingTargets(scope.conversation).holdUp(rule)) waitingFor.push({ type: 'Order' });
  return waitingFor;
}

/** A time is never cut short by a time-out; the other waits are. */
function isTimedOut(execution: DelayedExecution, waitingFor: readonly WaitReason[], nowMs: number): boolean {
  if (execution.timeoutAt === null || waitingFor.some((reason) => reason.type === 'Time')) return false;
  return toEpochMs(execution.timeoutAt) <= nowMs;
}

/** What a time-out makes of the execution; null where it is routed all the same. */
function endOf(execution: DelayedExecution, waitingFor: readonly WaitReason[]): Release | null {
  const reason = `waited too long for ${waitingFor.map(inWords).join(' and ')}`;
  switch (execution.onTimeout) {
    case 'CANCEL':
      return { kind: 'CANCELLED', reason };
    case 'FAIL':
      return { kind: 'FAILED', error: `rule "${execution.rule}": ${reason}`, needs: [] };
    case 'ROUTE':
    case null:
      return null;
  }
}

function inWords(reason: WaitReason): string {
  switch (reason.type) {
    case 'Time':
      return `${reason.dueAt}`;
    case 'ConversationAttribute':
      return `${reason.attribute} ${reason.operator}${reason.values.length > 0 ? ` ${reason.values.join(', ')}` : ''}`;
    case 'TicketId':
      return `the ticket id of ${reason.endpoint} ${reason.entityType}`;
    case 'Order':
      return 'an earlier execution for the same target';
  }
}
