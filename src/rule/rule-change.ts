import type { RuleDocument } from '../core/rule/document.js';
import type { Actor, AuditLog } from '../identity/index.js';
import type { EntityManager } from '../store/data-source.js';
import type { OrganizationId } from '../store/organization.js';
import { newId } from '../store/pipeline/uuid.js';
import type { RuleVersionRow } from '../store/rule/rule-version.entity.js';
import { RuleStore, type StoredRule } from '../store/rule/rule.store.js';
import { Problem } from '../web/index.js';
import { contentOf, type RawRule } from './rule-content.js';
import { settleUnmapped } from './settle-unmapped.js';
import { passTests } from './testing/test-gate.js';

/** A rule that passed its check, with the document as it was written. */
export interface AcceptedRule {
  readonly raw: RawRule;
  readonly document: RuleDocument;
}

/** What to do with a new version, apart from keeping it. */
export interface SaveOptions {
  readonly changeDescription: string;
  readonly makeCurrent: boolean;
  readonly enabled: boolean;
  /** Why it may come into use although its tests fail. */
  readonly overrideTests?: string | null;
}

/** Why something is done. */
export interface Reasons {
  readonly reason?: string | null;
  readonly overrideTests?: string | null;
}

/** Changes of rules in one transaction; each is written to the audit log. Nothing comes into use here whose own tests fail. */
export class RuleChange {
  readonly store: RuleStore;

  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager, private readonly actor: Actor, private readonly audit: AuditLog) {
    this.store = new RuleStore(organization, manager);
  }

  async existing(ruleId: string): Promise<StoredRule> {
    const found = await this.store.find(ruleId);
    if (found === null) throw Problem.missing(`rule "${ruleId}"`);
    return found;
  }

  async existingVersion(ruleId: string, version: number): Promise<RuleVersionRow> {
    const found = await this.store.version(ruleId, version);
    if (found === null) throw Problem.missing(`version ${version} of the rule "${ruleId}"`);
    return found;
  }

  /** Makes a rule, or the next version of the one with that id. */
  async save(ruleId: string, { raw, document }: AcceptedRule, { overrideTests = null, ...options }: SaveOptions): Promise<StoredRule> {
    // Some version must be current: the first one of a rule that is switched off is not in use for that.
    const isFirst = (await this.store.find(ruleId)) === null;
    const overridden = options.makeCurrent && (options.enabled || !isFirst) ? passTests({ ...raw, ruleId }, overrideTests) : {};
    const saved = await this.store.save(ruleId, {
      name: document.name, document: contentOf(raw), by: this.actor.kind === 'system' ? null : this.actor.name, ...options,
    });
    if (saved.rule.currentVersion === saved.version.version) await this.settleUnmapped(ruleId, saved.version);
    await this.note(saved.version.version === 1 ? 'rule.create' : 'rule.save-version', ruleId, {
      name: document.name, version: saved.version.version, current: saved.rule.currentVersion === saved.version.version, changeDescription: options.changeDescription, ...overridden,
    });
    return saved;
  }

  async setCurrent({ rule }: StoredRule, version: RuleVersionRow, { reason = null, overrideTests = null }: Reasons = {}): Promise<void> {
    if (rule.currentVersion === version.version) return;
    const overridden = passTests({ ...version.document, ruleId: rule.ruleId }, overrideTests);
    const name = String(version.document['name'] ?? rule.name);
    await this.store.setCurrent(rule, version, name, this.actor.kind === 'system' ? null : this.actor.name);
    await this.settleUnmapped(rule.ruleId, version);
    await this.note('rule.set-current', rule.ruleId, { name, version: version.version, before: rule.currentVersion, ...(reason === null ? {} : { reason }), ...overridden });
  }

  async setEnabled({ rule, version }: StoredRule, enabled: boolean, { overrideTests = null }: Reasons = {}): Promise<void> {
    if (rule.enabled === enabled) return;
    const overridden = enabled ? passTests({ ...version.document, ruleId: rule.ruleId }, overrideTests) : {};
    await this.store.setEnabled(rule, enabled);
    await this.note(enabled ? 'rule.enable' : 'rule.disable', rule.ruleId, { name: rule.name, version: rule.currentVersion, ...overridden });
  }

  async remove({ rule }: StoredRule): Promise<void> {
    await this.store.remove(rule);
    await this.settleUnmapped(rule.ruleId, null);
    await this.note('rule.delete', rule.ruleId, { name: rule.name, version: rule.currentVersion });
  }

  private settleUnmapped(ruleId: string, version: RuleVersionRow | null): Promise<void> {
    return settleUnmapped(this.organization, this.manager, ruleId, version);
  }

  private note(action: string, subject: string, details: Readonly<Record<string, unknown>>): Promise<void> {
    return this.audit.record(this.manager, this.organization, this.actor, action, `rule:${subject}`, details);
  }
}

/** A new rule id: 32 hex digits, as exported rules have them. */
export const newRuleId = (): string => newId().replaceAll('-', '');
