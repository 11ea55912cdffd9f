import type { Operation } from '../message/message.js';
import { type BackoffSettings, nextAttempt } from './backoff.js';

/** What an adapter said of one attempt, as far as the lane's next step depends on it. */
export interface AttemptEnd {
  readonly outcome: 'success' | 'retryable' | 'rejected' | 'unknown' | 'credentials';
  readonly retryAfterMs: number | null;
  readonly error: string | null;
}

/** What is known of the delivery that was attempted; times in milliseconds. */
export interface AttemptedDelivery {
  readonly operation: Operation;
  /** From 1. */
  readonly attempt: number;
  readonly ageMs: number;
  /** Whether the target can be searched for what an unknown create may have made. */
  readonly canLookUp: boolean;
  readonly onUnknown: 'hold' | 'resend';
  /** Whether a lane goes on behind an update that died, or holds; behind a create it always holds. */
  readonly onDeadUpdate: 'continue' | 'hold';
  readonly backoff: BackoffSettings;
  /** A random number, 0 up to but not including 1. */
  readonly random: number;
}

/** Why a lane stops until an operator acts. */
export type Blocked = 'DEAD_CREATE' | 'DEAD_UPDATE' | 'UNKNOWN_OUTCOME';

/** What happens to a delivery and its lane after an attempt. */
export type NextStep =
  | { readonly kind: 'sent' }
  | { readonly kind: 'retry'; readonly afterMs: number; readonly reason: string }
  | { readonly kind: 'dead'; readonly reason: string; readonly blocked: Blocked | null }
  | { readonly kind: 'hold'; readonly reason: string; readonly blocked: Blocked }
  /** The endpoint refuses us: its lanes wait until someone looks, this one with its delivery first. */
  | { readonly kind: 'pause'; readonly reason: string };

/** The target's wish is a minimum with a floor of a second, and no longer than an hour, however it is worded. */
const LEAST_WISH_MS = 1_000;
const LONGEST_WISH_MS = 3_600_000;

/** Decides the next step of a lane: pure, the same arguments give the same step. */
export function nextStep(end: AttemptEnd, delivery: AttemptedDelivery): NextStep {
  const reason = end.error ?? 'the target gave no reason';
  switch (end.outcome) {
    case 'success':
      return { kind: 'sent' };
    case 'rejected':
      return dead(delivery, reason);
    case 'credentials':
      return { kind: 'pause', reason };
    case 'retryable':
      return retryOrGiveUp(end, delivery, reason);
    case 'unknown':
      if (delivery.canLookUp || delivery.onUnknown === 'resend') return retryOrGiveUp(end, delivery, reason);
      return { kind: 'hold', reason: `Nobody can say whether the target did it: ${reason}`, blocked: 'UNKNOWN_OUTCOME' };
  }
}

function retryOrGiveUp(end: AttemptEnd, delivery: AttemptedDelivery, reason: string): NextStep {
  const { attempt, ageMs, random, backoff } = delivery;
  const wish = end.retryAfterMs === null ? null : Math.min(Math.max(end.retryAfterMs, LEAST_WISH_MS), LONGEST_WISH_MS);
  const next = nextAttempt({ attempt, ageMs, random, notBeforeMs: wish }, backoff);
  if (next.kind === 'give-up') return dead(delivery, `given up after ${Math.round(ageMs / 1_000)} s and ${attempt} attempts: ${reason}`);
  return { kind: 'retry', afterMs: next.afterMs, reason };
}

/** Updates behind a create that died would be orphans: it always stops its lane. */
function dead(delivery: AttemptedDelivery, reason: string): NextStep {
  const blockedByUpdate = delivery.onDeadUpdate === 'hold' ? 'DEAD_UPDATE' : null;
  return { kind: 'dead', reason, blocked: delivery.operation === 'CREATE' ? 'DEAD_CREATE' : blockedByUpdate };
}
