import { fold } from '../message/fold.js';
import type { Message, Operation, ResponseStatus } from '../message/message.js';
import { type CompiledRule, entityKey } from './compile.js';
import { RuleBucket } from './index/rule-bucket.js';

const NO_RULES = new RuleBucket([]);

/** The enabled current rules of an organization, indexed by where messages come from and what kind they are. */
export class RuleSet {
  /** Every active rule in order of priority. */
  readonly rules: readonly CompiledRule[];
  private readonly normal = new Map<string, RuleBucket>();
  private readonly response = new Map<string, RuleBucket>();
  private readonly asksForChanges = new Set<string>();
  private readonly byId = new Map<string, CompiledRule>();
  private readonly bySource = new Map<string, readonly CompiledRule[]>();

  constructor(
    rules: readonly CompiledRule[],
    /** Names this set in traces. */
    readonly id: string,
  ) {
    this.rules = rules.filter((rule) => rule.isActive).sort(compareRules);
    for (const rule of this.rules) this.byId.set(rule.ref.ruleId, rule);
    for (const source of new Set(this.rules.map((rule) => rule.sourceKey))) {
      this.addSource(source, this.rules.filter((rule) => rule.sourceKey === source));
    }
  }

  /** The rules for a message, in order: of its endpoint, entity type and kind (for answers: operation and outcome too). */
  bucketFor(message: Message): RuleBucket {
    const source = entityKey(message.endpoint, message.entityType);
    const { response } = message;
    if (response === null) return this.normal.get(source) ?? NO_RULES;
    return this.response.get(answerKey(source, response.operation, response.status)) ?? NO_RULES;
  }

  /** The active rule of that id; null where it is gone or disabled. */
  ruleOf(ruleId: string): CompiledRule | null {
    return this.byId.get(ruleId) ?? null;
  }

  /** Whether a rule of that source asks what has changed: only then need its last known values be read. */
  readsPrevious(endpoint: string, entityType: string): boolean {
    return this.asksForChanges.has(entityKey(endpoint, entityType));
  }

  /** All rules of a message's endpoint and entity type, whatever their kind. */
  rulesOfSource(message: Message): readonly CompiledRule[] {
    return this.bySource.get(entityKey(message.endpoint, message.entityType)) ?? [];
  }

  /** Whether an answer of that kind would meet any response rule; where none listens it stays on its delivery. */
  listensToAnswers(endpoint: string, entityType: string, operation: Operation, status: ResponseStatus): boolean {
    return this.response.has(answerKey(entityKey(endpoint, entityType), operation, status));
  }

  private addSource(source: string, rules: readonly CompiledRule[]): void {
    this.bySource.set(source, rules);
    if (rules.some(asksForChanges)) this.asksForChanges.add(source);
    const normal = rules.filter((rule) => rule.answeredOperation === null);
    if (normal.length > 0) this.normal.set(source, new RuleBucket(normal));
    for (const operation of ['CREATE', 'UPDATE'] as const) {
      for (const status of ['SUCCESS', 'ERROR'] as const) {
        const listening = rules.filter((rule) => answers(rule, operation, status));
        if (listening.length > 0) this.response.set(answerKey(source, operation, status), new RuleBucket(listening));
      }
    }
  }
}

const CHANGE_OPERATORS: ReadonlySet<string> = new Set(['CHANGED', 'NOT_CHANGED']);

const asksForChanges = (rule: CompiledRule): boolean => rule.document.entityConditions.some((condition) => CHANGE_OPERATORS.has(condition.operator));

/** Indexes compiled rules; those that are disabled or not current take no part. */
export function compileRuleSet(rules: readonly CompiledRule[], id = ''): RuleSet {
  return new RuleSet(rules, id);
}

/** Whether a response rule is for that operation and outcome (no status means both). */
export function answers(rule: CompiledRule, operation: Operation, status: ResponseStatus): boolean {
  const wanted = rule.document.responseStatus;
  return rule.answeredOperation === operation && (wanted === null || wanted === status);
}

/** Higher priority first; then the folded name by code unit, then the id, so that the order is always the same. */
function compareRules(left: CompiledRule, right: CompiledRule): number {
  return (
    right.priority - left.priority ||
    compareText(fold(left.ref.rule), fold(right.ref.rule)) ||
    compareText(left.ref.ruleId, right.ref.ruleId)
  );
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function answerKey(source: string, operation: Operation, status: ResponseStatus): string {
  return `${source}\n${operation}\n${status}`;
}
