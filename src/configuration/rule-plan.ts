import { isSameJson } from '../adapter/index.js';
import { fold } from '../core/message/fold.js';
import { below, checkRule, comparableContent, contentOf, failingTests, newRuleId, translatingPlaces, unknownPlacesOf, type AcceptedRule, type KnownPlaces, type RawRule } from '../rule/index.js';
import type { StoredRule } from '../store/rule/rule.store.js';
import type { ProblemError } from '../web/index.js';

/** A rule of the document, beside the stored one. */
export interface RuleStep {
  readonly at: number;
  readonly ruleId: string;
  readonly accepted: AcceptedRule;
  readonly known: StoredRule | null;
  /** Whether what it does differs from the current version. */
  readonly isChanged: boolean;
}

export interface RulePlan {
  readonly steps: readonly RuleStep[];
  readonly errors: readonly ProblemError[];
}

/** What rules may name and do. */
export interface RuleTerms {
  readonly places: KnownPlaces;
  readonly mayTranslate: boolean;
  /** Whether rules may come into use although tests of theirs fail. */
  readonly overridesTests: boolean;
}

const RULE_ID = /^[\w.:@-]{1,100}$/;

/** Reads the rules of a document against the stored ones: found by `ruleId`, else by name. */
export function planRules(documents: readonly unknown[], stored: readonly StoredRule[], terms: RuleTerms): RulePlan {
  const finder = new RuleFinder(stored);
  const steps: RuleStep[] = [];
  const errors: ProblemError[] = [];
  for (const [at, raw] of documents.entries()) {
    const checked = checkRule(raw);
    if ('errors' in checked) {
      errors.push(...below(`/rules/${at}`, checked.errors));
      continue;
    }
    const accepted: AcceptedRule = { raw: raw as RawRule, document: checked.document };
    const found = finder.find(accepted);
    if ('pointer' in found) {
      errors.push(...below(`/rules/${at}`, [found]));
      continue;
    }
    const isChanged = found.known === null || !isSameRule(found.known, accepted.raw);
    // What was imported with unknown names stays disabled until someone puts it right; as long as it does, it may be written back.
    const { document } = checked;
    if (isChanged || document.enabled) errors.push(...below(`/rules/${at}`, [...unknownPlacesOf(document, terms.places), ...(terms.mayTranslate ? [] : translatingPlaces(raw))]));
    const step = { at, ruleId: found.ruleId, accepted, known: found.known, isChanged };
    if (!terms.overridesTests && comesIntoUse(step)) errors.push(...below(`/rules/${at}`, failingTests({ ...accepted.raw, ruleId: found.ruleId })));
    steps.push(step);
  }
  return { steps, errors };
}

/** Whether applying the document puts another version into use, or one that was switched off. */
function comesIntoUse({ accepted: { document }, known, isChanged }: RuleStep): boolean {
  if (known === null) return document.enabled && document.current;
  return isChanged ? document.current : document.enabled && !known.rule.enabled;
}

/** Whether a stored version does what the document says. */
export const isSameRule = ({ version }: Pick<StoredRule, 'version'>, raw: RawRule): boolean =>
  isSameJson(comparableContent(version.document), comparableContent(contentOf(raw)));

/** Enabled rules that the document does not name and that would lose an endpoint or entity type by it. */
export function orphansOf(stored: readonly StoredRule[], named: ReadonlySet<string>, places: KnownPlaces): ProblemError[] {
  return stored.filter(({ rule }) => rule.enabled && !named.has(rule.ruleId)).flatMap(({ rule, version }) => {
    const checked = checkRule(version.document);
    const unknown = 'document' in checked ? unknownPlacesOf(checked.document, places) : [];
    return unknown.slice(0, 1).map((error) => ({ pointer: '/endpoints', detail: `the rule "${rule.name}" would lose what it names: ${error.detail}` }));
  });
}

class RuleFinder {
  private readonly byId: ReadonlyMap<string, StoredRule>;
  private readonly byName: ReadonlyMap<string, readonly StoredRule[]>;
  private readonly taken = new Set<string>();
  private readonly newNames = new Set<string>();

  constructor(stored: readonly StoredRule[]) {
    this.byId = new Map(stored.map((one) => [one.rule.ruleId, one]));
    this.byName = Map.groupBy(stored, (one) => one.rule.nameFolded);
  }

  find({ document }: AcceptedRule): { readonly ruleId: string; readonly known: StoredRule | null } | (ProblemError & { readonly pointer: string }) {
    const { ruleId, name } = document;
    if (ruleId !== '' && !RULE_ID.test(ruleId)) return { pointer: '/ruleId', detail: 'must be 1 to 100 letters, digits or _ . : @ -' };
    const named = this.byName.get(fold(name)) ?? [];
    if (ruleId === '' && named.length > 1) return { pointer: '/name', detail: `${named.length} rules have this name: say which by ruleId` };
    const known = ruleId === '' ? (named[0] ?? null) : (this.byId.get(ruleId) ?? null);
    const id = known?.rule.ruleId ?? (ruleId === '' ? newRuleId() : ruleId);
    const isNewName = known === null && ruleId === '';
    if (this.taken.has(id) || (isNewName && this.newNames.has(fold(name)))) return { pointer: ruleId === '' ? '/name' : '/ruleId', detail: 'this rule stands in the document twice' };
    this.taken.add(id);
    if (isNewName) this.newNames.add(fold(name));
    return { ruleId: id, known };
  }
}
