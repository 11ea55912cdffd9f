import { In, IsNull, type EntityManager, type FindOptionsWhere } from 'typeorm';
import { fold } from '../../core/message/fold.js';
import type { OrganizationId } from '../organization.js';
import { raiseRevision } from './revision.js';
import { ruleSetId, type RuleSetMembers } from './rule-set-id.js';
import { RuleSetRow } from './rule-set.entity.js';
import { RuleVersionRow } from './rule-version.entity.js';
import { RuleRow } from './rule.entity.js';

/** A rule with one of its versions, the current one unless said otherwise. */
export interface StoredRule {
  readonly rule: RuleRow;
  readonly version: RuleVersionRow;
}

/** What a new version is made of. */
export interface NewVersion {
  readonly name: string;
  readonly document: Readonly<Record<string, unknown>>;
  readonly changeDescription: string;
  /** Who saved it; null where nobody did (the demo). */
  readonly by: string | null;
  readonly makeCurrent: boolean;
  readonly enabled: boolean;
}

/** One page of a list in order of the folded name, then id. */
export interface RulePage {
  readonly after: { readonly nameFolded: string; readonly ruleId: string } | null;
  readonly limit: number;
  readonly enabled?: boolean;
}

/** The rules of one organization, in one transaction. Whoever writes calls `beginChange` first and `recordSet` last. */
export class RuleStore {
  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager) {}

  beginChange(): Promise<void> {
    return raiseRevision(this.manager, this.organization);
  }

  async page(page: RulePage): Promise<StoredRule[]> {
    const query = this.manager.createQueryBuilder(RuleRow, 'rule')
      .where('rule.organization_id = :organization AND rule.deleted_at IS NULL', { organization: this.organization });
    if (page.after !== null) query.andWhere('(rule.name_folded, rule.rule_id) > (:name, :id)', { name: page.after.nameFolded, id: page.after.ruleId });
    if (page.enabled !== undefined) query.andWhere('rule.enabled = :enabled', { enabled: page.enabled });
    const rules = await query.orderBy('rule.name_folded').addOrderBy('rule.rule_id').limit(page.limit).getMany();
    return this.withCurrentVersions(rules);
  }

  /** Every rule that is not deleted, in order of the folded name. */
  async all(): Promise<StoredRule[]> {
    const rules = await this.manager.find(RuleRow, { where: this.living(), order: { nameFolded: 'ASC', ruleId: 'ASC' } });
    return this.withCurrentVersions(rules);
  }

  async find(ruleId: string): Promise<StoredRule | null> {
    const rule = await this.manager.findOneBy(RuleRow, { ...this.living(), ruleId });
    return rule === null ? null : ((await this.withCurrentVersions([rule]))[0] ?? null);
  }

  /** The rules of that name; names may be used more than once. */
  async named(name: string): Promise<StoredRule[]> {
    return this.withCurrentVersions(await this.manager.findBy(RuleRow, { ...this.living(), nameFolded: fold(name) }));
  }

  /** All versions, newest first. */
  versions(ruleId: string): Promise<RuleVersionRow[]> {
    return this.manager.find(RuleVersionRow, { where: { organizationId: this.organization, ruleId }, order: { version: 'DESC' } });
  }

  version(ruleId: string, version: number): Promise<RuleVersionRow | null> {
    return this.manager.findOneBy(RuleVersionRow, { organizationId: this.organization, ruleId, version });
  }

  /** Makes version 1 of a new rule, or the next version where the id was used before (by a deleted rule, too). */
  async save(ruleId: string, made: NewVersion): Promise<StoredRule> {
    const now = new Date();
    const known = await this.manager.findOneBy(RuleRow, { organizationId: this.organization, ruleId });
    const version = (known?.lastVersion ?? 0) + 1;
    const isCurrent = made.makeCurrent || known === null || known.deletedAt !== null;
    const rule = this.manager.create(RuleRow, {
      ...(known ?? { organizationId: this.organization, ruleId, createdAt: now, createdBy: made.by }),
      ...(isCurrent ? { name: made.name, nameFolded: fold(made.name), currentVersion: version, enabled: made.enabled } : {}),
      lastVersion: version, updatedAt: now, deletedAt: null,
    });
    const row = this.manager.create(RuleVersionRow, {
      organizationId: this.organization, ruleId, version, document: made.document, changeDescription: made.changeDescription,
      createdAt: now, createdBy: made.by, activatedAt: isCurrent ? now : null, activatedBy: isCurrent ? made.by : null,
    });
    await this.manager.save(rule);
    await this.manager.save(row);
    return { rule, version: row };
  }

  async setCurrent(rule: RuleRow, version: RuleVersionRow, name: string, by: string | null): Promise<void> {
    const now = new Date();
    await this.manager.update(RuleRow, this.keyOf(rule), { currentVersion: version.version, name, nameFolded: fold(name), updatedAt: now });
    await this.manager.update(RuleVersionRow, { ...this.keyOf(rule), version: version.version }, { activatedAt: now, activatedBy: by });
  }

  async setEnabled(rule: RuleRow, enabled: boolean): Promise<void> {
    await this.manager.update(RuleRow, this.keyOf(rule), { enabled, updatedAt: new Date() });
  }

  async remove(rule: RuleRow): Promise<void> {
    await this.manager.update(RuleRow, this.keyOf(rule), { enabled: false, deletedAt: new Date(), updatedAt: new Date() });
  }

  /** Notes which versions take part from now on; returns the set's id. */
  async recordSet(): Promise<string> {
    const rules = await this.manager.find(RuleRow, { where: { ...this.living(), enabled: true }, select: { ruleId: true, currentVersion: true } });
    const members: RuleSetMembers = rules.map((rule) => [rule.ruleId, rule.currentVersion] as const);
    const set = { organizationId: this.organization, id: ruleSetId(members), members };
    await this.manager.createQueryBuilder().insert().into(RuleSetRow).values(set).orIgnore().execute();
    return set.id;
  }

  private living(): FindOptionsWhere<RuleRow> & { deletedAt: ReturnType<typeof IsNull> } {
    return { organizationId: this.organization, deletedAt: IsNull() };
  }

  private keyOf(rule: RuleRow): { organizationId: OrganizationId; ruleId: string } {
    return { organizationId: this.organization, ruleId: rule.ruleId };
  }

  private async withCurrentVersions(rules: readonly RuleRow[]): Promise<StoredRule[]> {
    if (rules.length === 0) return [];
    const rows = await this.manager.createQueryBuilder(RuleVersionRow, 'version')
      .innerJoin(RuleRow, 'rule', 'rule.organization_id = version.organization_id AND rule.rule_id = version.rule_id AND rule.current_version = version.version')
      .where({ organizationId: this.organization, ruleId: In(rules.map((rule) => rule.ruleId)) })
      .getMany();
    const byId = new Map(rows.map((row) => [row.ruleId, row]));
    return rules.flatMap((rule) => {
      const version = byId.get(rule.ruleId);
      return version === undefined ? [] : [{ rule, version }];
    });
  }
}
