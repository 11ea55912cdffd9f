import { sameName } from '../message/fold.js';
import { describeFound, type Problem } from '../shape/place.js';
import { isObject } from '../shape/shape.js';
import { type CaseResult, prepareCase, runCase } from './case.js';

type Raw = Readonly<Record<string, unknown>>;

/** Tests of one rule that are read at all: each is compiled and run whenever the rule is put into use. */
export const MOST_TESTS = 200;

/**
 * Runs the `tests` of a rule document that compiles: case files in which the document itself takes part, enabled and
 * current, beside the rules that a test names (in the place of one of its own id or name).
 */
export function runRuleTests(document: Raw): CaseResult[] {
  return testsOf(document).map((test) => runCase(withRule(test, document)));
}

/** What cannot be read of a rule's `tests`; places start at the rule: `tests[2].message.endpoint`. */
export function problemsOfRuleTests(document: Raw): Problem[] {
  const { tests } = document;
  if (tests === undefined || tests === null) return [];
  if (!Array.isArray(tests)) return [{ path: 'tests', pointer: '/tests', expected: 'a list of cases', found: describeFound(tests) }];
  if (tests.length > MOST_TESTS) return [{ path: 'tests', pointer: '/tests', expected: `${MOST_TESTS} tests at most`, found: `${tests.length}` }];
  return tests.flatMap((test: unknown, at) => {
    const prepared = prepareCase(withRule(test, document));
    return prepared.ok ? [] : prepared.error.map((problem) => below(at, problem));
  });
}

function testsOf({ tests }: Raw): readonly unknown[] {
  return Array.isArray(tests) ? tests : [];
}

/** The case with the rule in it; a test that is no object stays as it is, and is refused as that. */
function withRule(test: unknown, document: Raw): unknown {
  if (!isObject(test)) return test;
  const rule = { ...document, enabled: true, current: true, active: true };
  const { rules } = test;
  if (rules === undefined || rules === null) return { ...test, rules: [rule] };
  if (!Array.isArray(rules)) return test;
  const place = rules.findIndex((one: unknown) => isSameRule(one, document));
  return { ...test, rules: place < 0 ? [...rules, rule] : rules.with(place, rule) };
}

function isSameRule(one: unknown, document: Raw): boolean {
  if (!isObject(one)) return false;
  const [left, right] = [one['ruleId'], document['ruleId']];
  if (typeof left === 'string' && left !== '' && typeof right === 'string' && right !== '') return left === right;
  return typeof one['name'] === 'string' && typeof document['name'] === 'string' && sameName(one['name'], document['name']);
}

function below(at: number, problem: Problem): Problem {
  const path = `tests[${at}]${problem.path === '' ? '' : '.'}${problem.path}`;
  return { ...problem, path, pointer: `/tests/${at}${problem.pointer}` };
}
