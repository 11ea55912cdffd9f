import { sameName } from '../message/fold.js';
import { err, ok, type Result } from '../message/result.js';
import { Place, type Problem } from '../shape/place.js';
import { isObject } from '../shape/shape.js';
import { type CompiledRule, compileRuleAt } from './compile.js';
import { readRuleAt } from './document.js';
import { compileRuleSet, type RuleSet } from './rule-set.js';

/** Compiles rules that somebody sent, as a set of their own; refuses with every problem and its place below `key`. */
export function compileSent(documents: readonly unknown[], key: string): Result<RuleSet, readonly Problem[]> {
  const place = Place.root();
  const compiled = documents.map((raw, at) => compileAt(raw, place.at(key).at(at)));
  return place.problems.length > 0 ? err(place.problems) : ok(compileRuleSet(compiled.filter((rule) => rule !== null), key));
}

/** A rule set with a draft in the place of the rule of its id (without one: of its name), or beside the others. The draft takes part in any case. */
export function withDraft(ruleSet: RuleSet, draft: unknown, key: string): Result<RuleSet, readonly Problem[]> {
  const place = Place.root();
  const compiled = compileAt(isObject(draft) ? { ...draft, enabled: true, current: true } : draft, place.at(key));
  if (compiled === null) return err(place.problems);
  const { ruleId, rule: name } = compiled.ref;
  const isReplaced = ({ ref }: CompiledRule): boolean => (ruleId === '' ? sameName(ref.rule, name) : ref.ruleId === ruleId);
  return ok(compileRuleSet([...ruleSet.rules.filter((one) => !isReplaced(one)), compiled], key));
}

function compileAt(raw: unknown, place: Place): CompiledRule | null {
  const document = readRuleAt(raw, place);
  return document === null ? null : compileRuleAt(document, place);
}
