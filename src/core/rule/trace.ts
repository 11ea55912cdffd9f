import type { CompiledRule } from './compile.js';
import type { ExecutionFailure, Miss, MissReason, RuleRef, Trace } from './decision.js';
import { wrongOperation } from './operation.js';
import { answers, type RuleSet } from './rule-set.js';
import { firstFailingCondition, lacksAttachment, type Selection } from './select.js';
import type { Scope } from './scope.js';
import type { TargetsSeen } from './targets-seen.js';

const NEAREST = 5;
/** Characters of a value that a trace shows. */
const SHOWN_LENGTH = 200;

/** What became of the rules that took part. */
export interface Fates {
  readonly executed: readonly RuleRef[];
  readonly delayed: readonly RuleRef[];
  readonly failed: readonly ExecutionFailure[];
  readonly dropped: readonly RuleRef[];
}

/** What the steps of an evaluation left, on the state before any execution. */
export interface Evaluated {
  readonly ruleSet: RuleSet;
  readonly selection: Selection;
  readonly ofWrongOperation: readonly CompiledRule[];
  readonly scope: Scope;
  readonly seen: TargetsSeen;
}

/** The trace that is stored with a message: fates, counts, and the five nearest misses in words. */
export function storedTrace(evaluated: Evaluated, fates: Fates): Trace {
  const { ruleSet, selection, ofWrongOperation, scope, seen } = evaluated;
  const bucket = ruleSet.bucketFor(scope.message);
  const ofSource = ruleSet.rulesOfSource(scope.message);
  const others = ofSource.length === bucket.rules.length ? [] : ofSource.filter((rule) => !bucket.rules.includes(rule));
  const ofOtherKind = others.filter((rule) => isOtherKind(rule, scope));
  const ofOtherOutcome = others.filter((rule) => !isOtherKind(rule, scope));
  const { kept, withoutAttachment } = selection;
  const missCounts = countMisses({
    operation: ofWrongOperation.length,
    attachment: withoutAttachment.length,
    condition: bucket.rules.length - kept.length - withoutAttachment.length,
    outcome: ofOtherOutcome.length,
    'message-kind': ofOtherKind.length,
  });
  const nearest = [...ofWrongOperation, ...withoutAttachment].slice(0, NEAREST);
  if ((missCounts.condition ?? 0) > 0 && nearest.length < NEAREST) {
    nearest.push(...firstUnkept(bucket.rules, kept, withoutAttachment, NEAREST - nearest.length));
  }
  nearest.push(...[...ofOtherOutcome, ...ofOtherKind].slice(0, NEAREST - nearest.length));
  const misses = nearest.map((rule) => missOf(rule, scope, seen)).filter((miss) => miss !== null);
  return { ruleSet: ruleSet.id, ...fates, misses, missCounts };
}

/** The first reason for which a rule takes no part in a message of its source; null if it takes part. */
export function missOf(rule: CompiledRule, scope: Scope, seen: TargetsSeen): Miss | null {
  const ofAnswer = missOfAnswer(rule, scope);
  if (ofAnswer !== null) return ofAnswer;
  const failing = rule.conditions[firstFailingCondition(rule, scope)];
  if (failing !== undefined) {
    const actual = failing.actual(scope);
    const shown = actual === null ? null : shorten(actual);
    return { ...rule.ref, reason: 'condition', detail: failing.inWords, expected: shorten(failing.expected(scope)), actual: shown };
  }
  if (lacksAttachment(rule, scope)) {
    return { ...rule.ref, reason: 'attachment', detail: 'needs an attachment', expected: 'one or more', actual: 'none' };
  }
  const wrong = rule.action === 'DROP' ? null : wrongOperation(rule, seen);
  if (wrong === null) return null;
  return { ...rule.ref, reason: 'operation', detail: wrong, expected: rule.targetCondition, actual: null };
}

function missOfAnswer(rule: CompiledRule, scope: Scope): Miss | null {
  const { response } = scope.message;
  if (isOtherKind(rule, scope)) {
    const words = response === null ? 'is for answers, this is a message' : 'is for messages, this is an answer';
    return { ...rule.ref, reason: 'message-kind', detail: words, expected: rule.targetCondition, actual: null };
  }
  if (response === null || answers(rule, response.operation, response.status)) return null;
  const expected = `${rule.targetCondition} ${rule.document.responseStatus ?? 'SUCCESS or ERROR'}`;
  const actual = `${response.operation} ${response.status}`;
  return { ...rule.ref, reason: 'outcome', detail: 'is for another answer', expected, actual };
}

function isOtherKind(rule: CompiledRule, scope: Scope): boolean {
  return (rule.answeredOperation === null) !== (scope.message.response === null);
}

/** The first rules in order whose conditions failed: those that are neither kept nor lack an attachment. */
function firstUnkept(
  rules: readonly CompiledRule[],
  kept: readonly CompiledRule[],
  withoutAttachment: readonly CompiledRule[],
  count: number,
): CompiledRule[] {
  const found: CompiledRule[] = [];
  for (const rule of rules) {
    if (found.length === count) break;
    if (!kept.includes(rule) && !withoutAttachment.includes(rule)) found.push(rule);
  }
  return found;
}

function countMisses(counts: { readonly [reason in MissReason]: number }): { [reason in MissReason]?: number } {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

function shorten(text: string): string {
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}
