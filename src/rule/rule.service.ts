import { Injectable } from '@nestjs/common';
import { AuditLog, type Actor } from '../identity/index.js';
import { Database } from '../store/database.js';
import { EndpointStore } from '../store/endpoint/endpoint.store.js';
import type { OrganizationId } from '../store/organization.js';
import { readRuleHistory, type RuleHistoryRow } from '../store/rule/rule-history.js';
import { RuleStore, type RulePage, type StoredRule } from '../store/rule/rule.store.js';
import { entityTag, Problem, requireMatch } from '../web/index.js';
import { checkRule } from './check-rule.js';
import { ConfigurationWatch } from './configuration-watch.service.js';
import { knownPlaces, unknownPlacesOf } from './known-places.js';
import { newRuleId, RuleChange, type AcceptedRule, type Reasons } from './rule-change.js';
import type { RawRule } from './rule-content.js';
import { translatingPlaces } from './translation/translating-places.js';
import { Translations } from './translation/translations.service.js';

const RULE_ID = /^[\w.:@-]{1,100}$/;

/** ETag of a rule: changes with its current version and with being switched on or off. */
export const ruleTag = ({ rule }: StoredRule): string => entityTag(`${rule.currentVersion}.${rule.lastVersion}.${rule.enabled ? 'on' : 'off'}`);

/** Checks a document whole, for whoever is about to put it into use. */
export type Accept = (raw: unknown) => Promise<AcceptedRule>;

/** A new version as it was sent. */
export interface SentVersion extends Pick<Reasons, 'overrideTests'> {
  readonly document: unknown;
  readonly ifMatch: string | undefined;
}

/** Rules and their versions: every save is checked, described and audited. */
@Injectable()
export class RuleService {
  constructor(private readonly database: Database, private readonly audit: AuditLog, private readonly watch: ConfigurationWatch, private readonly translations: Translations) {}

  page(organization: OrganizationId, page: RulePage): Promise<StoredRule[]> {
    return this.read(organization, (store) => store.page(page));
  }

  all(organization: OrganizationId): Promise<StoredRule[]> {
    return this.read(organization, (store) => store.all());
  }

  async find(organization: OrganizationId, ruleId: string): Promise<StoredRule> {
    return present(await this.read(organization, (store) => store.find(ruleId)), ruleId);
  }

  /** All versions of a rule, newest first. */
  versions(organization: OrganizationId, ruleId: string): Promise<StoredRule[]> {
    return this.read(organization, async (store) => {
      const { rule } = present(await store.find(ruleId), ruleId);
      return (await store.versions(ruleId)).map((version) => ({ rule, version }));
    });
  }

  async version(organization: OrganizationId, ruleId: string, version: number): Promise<StoredRule> {
    return this.read(organization, async (store) => {
      const { rule } = present(await store.find(ruleId), ruleId);
      const found = await store.version(ruleId, version);
      if (found === null) throw Problem.missing(`version ${version} of the rule "${ruleId}"`);
      return { rule, version: found };
    });
  }

  /** What was done to a rule, newest first; of deleted ones, too. */
  history(organization: OrganizationId, ruleId: string, page: { readonly before: string | null; readonly limit: number }): Promise<RuleHistoryRow[]> {
    return this.database.inOrganization(organization, async (manager) => {
      const rows = await readRuleHistory(manager, organization, ruleId, page);
      if (rows.length === 0) present(await new RuleStore(organization, manager).find(ruleId), ruleId);
      return rows;
    });
  }

  /** Makes a rule. One that says `"current": false` is switched off: its first version is not to be used yet. */
  create(organization: OrganizationId, actor: Actor, raw: unknown, { overrideTests = null }: Reasons = {}): Promise<StoredRule> {
    return this.change(organization, actor, async (change, accept) => {
      const accepted = await accept(raw);
      const ruleId = accepted.document.ruleId === '' ? newRuleId() : accepted.document.ruleId;
      if (!RULE_ID.test(ruleId)) throw Problem.invalid([{ pointer: '/ruleId', detail: 'must be 1 to 100 letters, digits or _ . : @ -' }]);
      if ((await change.store.find(ruleId)) !== null) throw Problem.conflict('rule-exists', `There is a rule "${ruleId}" already; save a new version of it.`);
      const { enabled, current } = accepted.document;
      return change.save(ruleId, accepted, { changeDescription: described(accepted), makeCurrent: true, enabled: enabled && current, overrideTests });
    });
  }

  /** Saves the next version; it becomes current unless the document says `"current": false`. */
  addVersion(organization: OrganizationId, actor: Actor, ruleId: string, { document, ifMatch, overrideTests = null }: SentVersion): Promise<StoredRule> {
    return this.change(organization, actor, async (change, accept) => {
      const known = await change.existing(ruleId);
      requireMatch(ifMatch, ruleTag(known));
      const accepted = await accept(document);
      const { current } = accepted.document;
      const enabled = 'enabled' in accepted.raw || 'active' in accepted.raw ? accepted.document.enabled : known.rule.enabled;
      return change.save(ruleId, accepted, { changeDescription: described(accepted), makeCurrent: current, enabled, overrideTests });
    });
  }

  setCurrent(organization: OrganizationId, actor: Actor, ruleId: string, { version, ...reasons }: Reasons & { readonly version: number }): Promise<StoredRule> {
    return this.change(organization, actor, async (change, accept) => {
      const known = await change.existing(ruleId);
      const wanted = await change.existingVersion(ruleId, version);
      // What it names may have gone since it was saved.
      await accept({ ...wanted.document, changeDescription: wanted.changeDescription });
      await change.setCurrent(known, wanted, reasons);
      return change.existing(ruleId);
    });
  }

  setEnabled(organization: OrganizationId, actor: Actor, ruleId: string, { enabled, ...reasons }: Reasons & { readonly enabled: boolean }): Promise<StoredRule> {
    return this.change(organization, actor, async (change, accept) => {
      const known = await change.existing(ruleId);
      if (enabled) await accept(known.version.document);
      await change.setEnabled(known, enabled, reasons);
      return change.existing(ruleId);
    });
  }

  /** A copy of the current version under another name, disabled. */
  clone(organization: OrganizationId, actor: Actor, ruleId: string, name: string | null): Promise<StoredRule> {
    return this.change(organization, actor, async (change) => {
      const known = await change.existing(ruleId);
      const raw = { ...known.version.document, name: name ?? `${known.rule.name} (copy)` };
      const checked = checkRule(raw);
      if ('errors' in checked) throw Problem.invalid(checked.errors, 'The rule cannot be used as it is stored.');
      return change.save(newRuleId(), { raw, document: checked.document }, { changeDescription: `Copy of "${known.rule.name}", version ${known.version.version}`, makeCurrent: true, enabled: false });
    });
  }

  remove(organization: OrganizationId, actor: Actor, ruleId: string): Promise<void> {
    return this.change(organization, actor, async (change) => change.remove(await change.existing(ruleId)));
  }

  /** Runs changes of rules in one transaction; afterwards this process works with them. */
  async change<T>(organization: OrganizationId, actor: Actor, work: (change: RuleChange, accept: Accept) => Promise<T>): Promise<T> {
    const result = await this.database.inOrganization(organization, async (manager) => {
      const change = new RuleChange(organization, manager, actor, this.audit);
      await change.store.beginChange();
      const done = await work(change, (raw) => accept(raw, new EndpointStore(organization, manager), this.translations.isConfigured(organization)));
      await change.store.recordSet();
      return done;
    });
    await this.watch.changed(organization);
    return result;
  }

  private read<T>(organization: OrganizationId, work: (store: RuleStore) => Promise<T>): Promise<T> {
    return this.database.inOrganization(organization, (manager) => work(new RuleStore(organization, manager)));
  }
}

/** Checks a document whole: its structure, patterns and templates, and the endpoints and entity types that it names. */
async function accept(raw: unknown, endpoints: EndpointStore, mayTranslate: boolean): Promise<AcceptedRule> {
  const checked = checkRule(raw);
  if ('errors' in checked) throw Problem.invalid(checked.errors, 'The rule cannot be used as it is.');
  const translating = mayTranslate ? [] : translatingPlaces(raw);
  if (translating.length > 0) throw Problem.invalid(translating, 'The rule translates, and no translation service is configured.');
  const unknown = unknownPlacesOf(checked.document, knownPlaces(await endpoints.all()));
  if (unknown.length > 0) throw Problem.invalid(unknown, 'The rule names what does not exist.');
  return { raw: raw as RawRule, document: checked.document };
}

function described({ document }: AcceptedRule): string {
  const text = document.changeDescription.trim();
  if (text === '') throw Problem.invalid([{ pointer: '/changeDescription', detail: 'is missing: say in a few words what this version changes' }]);
  return text;
}

function present(found: StoredRule | null, ruleId: string): StoredRule {
  if (found === null) throw Problem.missing(`rule "${ruleId}"`);
  return found;
}
