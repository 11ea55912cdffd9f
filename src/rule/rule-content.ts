import { readRuleDocument } from '../core/rule/document.js';
import type { StoredRule } from '../store/rule/rule.store.js';

/** A rule document as someone wrote it. */
export type RawRule = Readonly<Record<string, unknown>>;

/** Keys that tell of a version rather than of what the rule does; the store's columns hold them. */
const LIFECYCLE: readonly string[] = [
  'ruleId', 'version', 'changeDescription', 'createdTime', 'createdBy', 'activatedTime', 'activatedBy', 'enabled', 'current', 'active',
];

/** What a rule document says of routing: all of it but its lifecycle; unknown keys are kept. */
export function contentOf(raw: RawRule): RawRule {
  return Object.fromEntries(Object.entries(raw).filter(([key]) => !LIFECYCLE.includes(key)));
}

/** The content with every top-level key that was left out filled in, so that short and full documents of the same rule compare equal. */
export function comparableContent(content: RawRule): RawRule {
  const read = readRuleDocument(content);
  return contentOf(read.ok ? { ...read.value, ...content, iterate: read.value.iterate, routeOneTargetPerAttachment: false } : content);
}

/** A stored rule as export, import and the configuration document write it. Times in ms since 1970. */
export function ruleDocumentOf({ rule, version }: StoredRule): RawRule {
  return {
    ruleId: rule.ruleId, name: version.document['name'] ?? rule.name, version: version.version, changeDescription: version.changeDescription,
    createdTime: version.createdAt.getTime(), createdBy: version.createdBy,
    activatedTime: version.activatedAt?.getTime() ?? null, activatedBy: version.activatedBy,
    enabled: rule.enabled, current: rule.currentVersion === version.version,
    ...version.document,
  };
}
