import { compileRuleDocument } from '../core/rule/compile.js';
import { readRuleDocument, type RuleDocument } from '../core/rule/document.js';
import { problemsOfRuleTests } from '../core/rule/rule-tests.js';
import type { Problem as PlaceProblem } from '../core/shape/place.js';
import type { ProblemError } from '../web/index.js';

/** Either the rule with all keys filled in, or everything that is wrong with it; pointers start at the rule. */
export type CheckedRule = { readonly document: RuleDocument } | { readonly errors: readonly ProblemError[] };

/** Characters of a rule's name: it stands in lists, cursors and traces. */
const LONGEST_NAME = 300;

/** Reads and compiles a rule document as it would be for routing, and reads its tests. */
export function checkRule(raw: unknown): CheckedRule {
  const read = readRuleDocument(raw);
  if (!read.ok) return { errors: read.error.map(errorOf) };
  if (read.value.name.length > LONGEST_NAME) return { errors: [{ pointer: '/name', detail: `must have at most ${LONGEST_NAME} characters` }] };
  const compiled = compileRuleDocument(read.value);
  if (!compiled.ok) return { errors: compiled.error.map(errorOf) };
  const brokenTests = problemsOfRuleTests(read.value);
  return brokenTests.length === 0 ? { document: read.value } : { errors: brokenTests.map(errorOf) };
}

export const errorOf = (problem: PlaceProblem): ProblemError => ({ pointer: problem.pointer, detail: `${problem.path === '' ? 'the document' : problem.path}: expected ${problem.expected}, found ${problem.found}` });

/** The same errors below another pointer. */
export const below = (pointer: string, errors: readonly ProblemError[]): ProblemError[] => errors.map((error) => ({ ...error, pointer: `${pointer}${error.pointer ?? ''}` }));
