import { Injectable, Logger } from '@nestjs/common';
import { compileRule, type CompiledRule } from '../core/rule/compile.js';
import { compileRuleSet, type RuleSet } from '../core/rule/rule-set.js';
import { Database } from '../store/database.js';
import { organizationId, type OrganizationId } from '../store/organization.js';
import { ruleSetId } from '../store/rule/rule-set-id.js';
import { readCurrentRuleSet, readRuleSet, type SetMember, type StoredRuleSet } from '../store/rule/rule-set-reader.js';
import { ConfigurationWatch } from './configuration-watch.service.js';

const EMPTY: RuleSet = compileRuleSet([], ruleSetId([]));
/** Earlier sets that were asked for, to explain old messages. */
const KEPT_EARLIER = 8;

/** The compiled rules of every organization, in memory; swapped as a whole when they change. */
@Injectable()
export class RuleSets {
  private readonly logger = new Logger('rules');
  private readonly current_ = new Map<OrganizationId, RuleSet>();
  private readonly earlier = new Map<string, RuleSet>();

  constructor(private readonly database: Database, watch: ConfigurationWatch) {
    watch.onChange((organization) => this.load(organization));
  }

  /** The rules that take part now: one object until they change, its `id` is what traces store. */
  current(organization: OrganizationId | string): RuleSet {
    return this.current_.get(organizationId(organization)) ?? EMPTY;
  }

  /** The rules as they took part under that id; null where there never was such a set. */
  async earlierSet(organization: OrganizationId, id: string): Promise<RuleSet | null> {
    const current = this.current(organization);
    if (current.id === id) return current;
    const key = `${organization} ${id}`;
    const kept = this.earlier.get(key);
    if (kept !== undefined) return kept;
    const stored = await readRuleSet(organization, this.database.worker, id);
    if (stored === null) return null;
    const made = this.compile(organization, stored, undefined);
    this.earlier.set(key, made);
    if (this.earlier.size > KEPT_EARLIER) this.earlier.delete(this.earlier.keys().next().value ?? key);
    return made;
  }

  private async load(organization: OrganizationId): Promise<() => void> {
    const stored = await readCurrentRuleSet(organization, this.database.worker);
    const known = this.current_.get(organization);
    const made = known?.id === stored.id ? known : this.compile(organization, stored, known);
    return () => { this.current_.set(organization, made); };
  }

  /** Versions never change, so what the set before had compiled is taken over. */
  private compile(organization: OrganizationId, stored: StoredRuleSet, before: RuleSet | undefined): RuleSet {
    const known = new Map(before?.rules.map((rule) => [`${rule.ref.ruleId} ${rule.ref.ruleVersion}`, rule]));
    const rules = stored.members.map((member) => known.get(`${member.ruleId} ${member.version}`) ?? this.compileMember(organization, member));
    return compileRuleSet(rules.filter((rule) => rule !== null), stored.id);
  }

  /** A version that was accepted once but is understood no more (after an upgrade) hurts only itself, and is told of. */
  private compileMember(organization: OrganizationId, member: SetMember): CompiledRule | null {
    const compiled = compileRule({ ...member.document, ruleId: member.ruleId, version: member.version, enabled: true, current: true });
    if (compiled.ok) return compiled.value;
    const [first] = compiled.error;
    this.logger.error({ message: 'a stored rule cannot be used', organization, ruleId: member.ruleId, version: member.version, place: first?.path, expected: first?.expected });
    return null;
  }
}
