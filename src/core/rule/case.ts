import { err, ok, type Result } from '../message/result.js';
import { Place, type Problem } from '../shape/place.js';
import { compareWithExpectation, type Mismatch } from './case-comparison.js';
import { readCase, type RoutingCase } from './case-file.js';
import { type CompiledRule, compileRuleAt } from './compile.js';
import { evaluate } from './evaluate.js';
import { type PrintedDecision, printDecision } from './printed-decision.js';
import { compileRuleSet, type RuleSet } from './rule-set.js';

/** How a case came out. */
export interface CaseResult {
  readonly name: string;
  readonly passed: boolean;
  /** Why it failed: what cannot be read of it, or where the decision is another; one sentence each. */
  readonly explanation: readonly string[];
  readonly warnings: readonly string[];
  readonly mismatches: readonly Mismatch[];
  /** Null where the case could not be read. */
  readonly decision: PrintedDecision | null;
}

/** A case as it was read, with the rules to evaluate. */
export interface PreparedCase {
  readonly routingCase: RoutingCase;
  readonly ruleSet: RuleSet;
}

/** Reads a case and compiles its rules; `currentRules` are meant where it names none. */
export function prepareCase(raw: unknown, currentRules: RuleSet | null = null): Result<PreparedCase, readonly Problem[]> {
  const read = readCase(raw);
  if (!read.ok) return read;
  const routingCase = read.value;
  if (routingCase.rules === null) return ok({ routingCase, ruleSet: currentRules ?? compileRuleSet([]) });
  const place = Place.root();
  const compiled = routingCase.rules.map((rule, at): CompiledRule | null => compileRuleAt(rule, place.at('rules').at(at)));
  if (place.problems.length > 0) return err(place.problems);
  return ok({ routingCase, ruleSet: compileRuleSet(compiled.filter((rule) => rule !== null), 'case') });
}

/** Runs a case file and compares: what a rule's tests, the CLI and the test suite do. A case that expects nothing passes. */
export function runCase(raw: unknown, currentRules: RuleSet | null = null): CaseResult {
  const prepared = prepareCase(raw, currentRules);
  if (!prepared.ok) return unreadable(raw, prepared.error);
  const { routingCase, ruleSet } = prepared.value;
  const { name, message, conversation, now, known, warnings } = routingCase;
  const decision = printDecision(evaluate(ruleSet, message, conversation, now, known));
  const mismatches = routingCase.expect === null ? [] : compareWithExpectation(routingCase.expect, decision);
  return {
    name,
    passed: mismatches.length === 0,
    explanation: mismatches.map((mismatch) => mismatch.inWords),
    warnings,
    mismatches,
    decision,
  };
}

/** The line that closes a run of cases: `3 passed, 1 failed`. */
export function closingLine(results: readonly CaseResult[]): string {
  const passed = results.filter((result) => result.passed).length;
  return `${passed} passed, ${results.length - passed} failed`;
}

/** Problems as sentences: `rules[0].mappings[2].template: expected a template, found …`. */
export function problemsInWords(problems: readonly Problem[]): string[] {
  return problems.map(({ path, expected, found }) => `${path === '' ? 'document' : path}: expected ${expected}, found ${found}`);
}

function unreadable(raw: unknown, problems: readonly Problem[]): CaseResult {
  const named = typeof raw === 'object' && raw !== null && 'name' in raw ? raw.name : undefined;
  const name = typeof named === 'string' ? named : 'unnamed case';
  return { name, passed: false, explanation: problemsInWords(problems), warnings: [], mismatches: [], decision: null };
}
