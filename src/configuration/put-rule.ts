import { contentOf, type RuleChange } from '../rule/index.js';
import type { StoredRule } from '../store/rule/rule.store.js';
import type { ChangeDto } from './configuration.dto.js';
import { differencesOf } from './differences.js';
import { isSameRule, type RuleStep } from './rule-plan.js';

/** Makes a stored rule as the document says, and tells what that changed. */
export async function putRule(rules: RuleChange, { ruleId, accepted, known, isChanged }: RuleStep, overrideTests: string | null): Promise<ChangeDto> {
  const { document, raw } = accepted;
  const change = { kind: 'rule' as const, id: ruleId, name: document.name };
  const changeDescription = document.changeDescription.trim() || 'Applied with a configuration document';
  if (known === null) {
    // Some version must be current: a first one that is not to be used yet is switched off instead.
    await rules.save(ruleId, accepted, { changeDescription, makeCurrent: true, enabled: document.enabled && document.current, overrideTests });
    return { ...change, action: 'create', differences: [] };
  }
  const before = { ...contentOf(known.version.document), enabled: known.rule.enabled };
  if (isChanged && !document.current) return putDraft(rules, known, { change, accepted, changeDescription });
  if (isChanged) {
    await rules.save(ruleId, accepted, { changeDescription, makeCurrent: true, enabled: document.enabled, overrideTests });
    return { ...change, action: 'update', differences: differencesOf(before, { ...contentOf(raw), enabled: document.enabled }) };
  }
  if (document.enabled === known.rule.enabled) return { ...change, action: 'none', differences: [] };
  await rules.setEnabled(known, document.enabled, { overrideTests });
  return { ...change, action: 'update', differences: [{ pointer: '/enabled', before: known.rule.enabled, after: document.enabled }] };
}

/** A version that is not to be current is saved once, however often the document is applied. */
async function putDraft(
  rules: RuleChange, known: StoredRule, { change, accepted, changeDescription }: { readonly change: Pick<ChangeDto, 'kind' | 'id' | 'name'>; readonly accepted: RuleStep['accepted']; readonly changeDescription: string },
): Promise<ChangeDto> {
  const newest = await rules.existingVersion(known.rule.ruleId, known.rule.lastVersion);
  if (isSameRule({ version: newest }, accepted.raw)) return { ...change, action: 'none', differences: [] };
  await rules.save(known.rule.ruleId, accepted, { changeDescription, makeCurrent: false, enabled: known.rule.enabled });
  return { ...change, action: 'update', differences: differencesOf(contentOf(newest.document), contentOf(accepted.raw)) };
}
