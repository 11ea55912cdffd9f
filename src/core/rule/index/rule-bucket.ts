import type { CompiledRule } from '../compile.js';
import type { CompiledCondition } from '../condition/condition.js';
import type { IndexHint } from '../condition/index-hint.js';
import type { Scope } from '../scope.js';
import { AttributePlaces } from './attribute-places.js';
import { SharedConditions } from './shared-conditions.js';

/** A condition that the index can use. */
type Indexable = CompiledCondition & { readonly hint: IndexHint };

/** What the index holds about one attribute. */
interface Subject {
  readonly read: CompiledCondition['read'];
  readonly places: AttributePlaces;
}

/**
 * The rules of one source in order, with a pre-filter, so that a thousand rules cost about as much as the few that
 * fit. Each rule is found by the most telling of its conditions that need something to be there; of the rules found,
 * those are taken out that something there excludes, and those of which a condition that many share fails. What is
 * left is asked in full: the pre-filter may leave a rule too many, and never takes out one that fits.
 */
export class RuleBucket {
  private readonly finding = new SubjectIndex(1);
  private readonly excluding = new SubjectIndex(0);
  private readonly shared: SharedConditions;
  /** 1 where nothing need be found. */
  private readonly start: Uint8Array;

  constructor(readonly rules: readonly CompiledRule[]) {
    this.start = new Uint8Array(rules.length);
    const spread = countTexts(rules);
    const unused = rules.map((rule, at) => this.add(rule, at, spread));
    this.shared = new SharedConditions(unused);
  }

  /** Places of the rules that may fit, in order; every rule that is not among them fails one of its conditions. */
  candidates(scope: Scope): readonly number[] {
    const marks = this.start.slice();
    this.finding.mark(scope, marks);
    this.excluding.mark(scope, marks);
    this.shared.exclude(scope, marks);
    const candidates: number[] = [];
    for (let at = marks.indexOf(1); at >= 0; at = marks.indexOf(1, at + 1)) candidates.push(at);
    return candidates;
  }

  /** Adds a rule; answers its conditions of which the index makes no use. */
  private add(rule: CompiledRule, at: number, spread: Spread): readonly CompiledCondition[] {
    const finding = mostTelling(rule.conditions, spread);
    if (finding === null) this.start[at] = 1;
    else this.finding.add(finding, at);
    const rest: CompiledCondition[] = [];
    for (const condition of rule.conditions) {
      if (condition === finding) continue;
      if (isIndexable(condition) && condition.hint.excludes) this.excluding.add(condition, at);
      else rest.push(condition);
    }
    return rest;
  }
}

/** Attributes that rules ask about. */
class SubjectIndex {
  /** Attributes of the message by folded name: only those that a message carries are looked up. */
  private readonly ofMessage = new Map<string, Subject>();
  /** Conversation attributes and other built-in names: each is read. */
  private readonly builtIn = new Map<string, Subject>();

  constructor(private readonly markOfFound: 0 | 1) {}

  add({ foldedName, read, hint }: Indexable, place: number): void {
    const subjects = foldedName.startsWith('sf:') ? this.builtIn : this.ofMessage;
    const subject = subjects.get(foldedName) ?? { read, places: new AttributePlaces(this.markOfFound) };
    subjects.set(foldedName, subject);
    subject.places.add(hint, place);
  }

  mark(scope: Scope, marks: Uint8Array): void {
    if (this.ofMessage.size > 0) {
      for (const [foldedName, value] of scope.attributes.entries()) this.ofMessage.get(foldedName)?.places.find(value, marks);
    }
    for (const { read, places } of this.builtIn.values()) places.find(read(scope), marks);
  }
}

/** How many different texts are asked of an attribute in one way: the more, the fewer rules a text finds. */
type Spread = ReadonlyMap<string, ReadonlySet<string>>;

function countTexts(rules: readonly CompiledRule[]): Spread {
  const spread = new Map<string, Set<string>>();
  for (const condition of rules.flatMap((rule) => rule.conditions).filter(isIndexable)) {
    const texts = spread.get(spreadKey(condition)) ?? new Set<string>();
    spread.set(spreadKey(condition), texts);
    for (const text of condition.hint.texts) texts.add(text);
  }
  return spread;
}

function mostTelling(conditions: readonly CompiledCondition[], spread: Spread): Indexable | null {
  let best: Indexable | null = null;
  for (const condition of conditions) {
    if (!isIndexable(condition) || condition.hint.excludes) continue;
    if (best === null || worth(condition, spread) > worth(best, spread)) best = condition;
  }
  return best;
}

function worth(condition: Indexable, spread: Spread): number {
  const texts = spread.get(spreadKey(condition))?.size ?? 0;
  switch (condition.hint.fits) {
    case 'equals':
      return texts + 0.5;
    case 'contains':
    case 'has':
    case 'starts':
    case 'ends':
      return texts;
    case 'above':
    case 'below':
      // However many there are, a number is above about half of them.
      return Math.min(texts, 2) - 0.25;
    case 'present':
    case 'filled':
      return 0;
  }
}

function spreadKey({ foldedName, hint }: Indexable): string {
  return `${hint.fits} ${foldedName}`;
}

function isIndexable(condition: CompiledCondition): condition is Indexable {
  return condition.hint !== null;
}
