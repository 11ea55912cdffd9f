import { ok, type Result } from '../message/result.js';
import type { Problem } from '../shape/place.js';
import { prepareCase } from './case.js';
import { evaluate } from './evaluate.js';
import { type PrintedDecision, printDecision } from './printed-decision.js';
import type { RuleSet } from './rule-set.js';

/** A simulated decision and what the case held that meant nothing. */
export interface Simulation {
  readonly decision: PrintedDecision;
  readonly warnings: readonly string[];
}

/**
 * Decides a case without comparing: the very function that production runs. `currentRules` are meant where the case
 * names none; a case that cannot be read is refused with every problem.
 */
export function simulate(raw: unknown, currentRules: RuleSet | null = null): Result<Simulation, readonly Problem[]> {
  const prepared = prepareCase(raw, currentRules);
  if (!prepared.ok) return prepared;
  const { routingCase, ruleSet } = prepared.value;
  const { message, conversation, now, known, warnings } = routingCase;
  return ok({ decision: printDecision(evaluate(ruleSet, message, conversation, now, known)), warnings });
}
