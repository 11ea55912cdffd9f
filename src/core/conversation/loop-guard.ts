/** How much one conversation may do before it looks like a loop. */
export interface LoopLimits {
  /** Deliveries of one conversation within the window; retries of one delivery count once. */
  readonly deliveries: number;
  readonly windowMs: number;
  /** Length of a chain of causes without a message that is neither response nor echo. */
  readonly chain: number;
  /** Answers to deliveries that response rules caused. */
  readonly answers: number;
}

export const DEFAULT_LOOP_LIMITS: LoopLimits = { deliveries: 120, windowMs: 60_000, chain: 20, answers: 5 };

/** What a conversation has done, with the message in hand. */
export interface LoopFacts {
  /** Deliveries routed within the window, those of this message included. */
  readonly recentDeliveries: number;
  /** Causes before this message: 0 for one that someone outside wrote. */
  readonly chain: number;
  /** How many response rules in a row led to this message. */
  readonly answers: number;
}

/** Why a conversation's route lane must be blocked until someone releases it, in words; null where it need not. */
export function loopReason(facts: LoopFacts, limits: LoopLimits = DEFAULT_LOOP_LIMITS): string | null {
  if (facts.recentDeliveries > limits.deliveries) {
    const seconds = limits.windowMs / 1_000;
    return `${facts.recentDeliveries} deliveries in one conversation within ${seconds} s, at most ${limits.deliveries} are usual`;
  }
  if (facts.answers > limits.answers) {
    return `answers caused answers ${facts.answers} times in a row, at most ${limits.answers} are offered to rules`;
  }
  if (facts.chain > limits.chain) {
    return `a chain of ${facts.chain} messages that caused each other, without one that came from outside`;
  }
  return null;
}
