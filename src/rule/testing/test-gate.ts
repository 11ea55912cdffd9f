import { runRuleTests } from '../../core/rule/rule-tests.js';
import { Problem, type ProblemError } from '../../web/index.js';
import type { RawRule } from '../rule-content.js';

/** The tests of a rule that fail, each with what differed; pointers start at the rule. */
export function failingTests(raw: RawRule): ProblemError[] {
  return runRuleTests(raw).flatMap((result, at) => (result.passed ? [] : [{ pointer: `/tests/${at}`, detail: `"${result.name}" fails: ${result.explanation.join('; ')}` }]));
}

/**
 * Lets a version come into use whose tests pass, or for which someone gives a reason to do without. Answers what the
 * audit log says of that: nothing where there was nothing to overrule.
 */
export function passTests(raw: RawRule, overrideTests: string | null): Readonly<Record<string, unknown>> {
  const failing = failingTests(raw);
  if (failing.length === 0) return {};
  const reason = overrideTests?.trim() ?? '';
  if (reason === '') throw testsFailed(failing);
  return { testsOverridden: reason, failedTests: failing.map(({ detail }) => detail) };
}

export const testsFailed = (errors: readonly ProblemError[]): Problem => new Problem(
  422, 'rule-tests-failed', 'Tests of the rule fail, so it was not put into use. Put it right, save it with `"current": false`, or give a reason in `overrideTests`.', { errors });
