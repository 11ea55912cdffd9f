import { Injectable } from '@nestjs/common';
import type { Actor } from '../identity/index.js';
import { Database } from '../store/database.js';
import { EndpointStore } from '../store/endpoint/endpoint.store.js';
import type { OrganizationId } from '../store/organization.js';
import { Problem, type ProblemError } from '../web/index.js';
import { below, checkRule } from './check-rule.js';
import { knownPlaces, unknownPlacesOf } from './known-places.js';
import { newRuleId, type AcceptedRule, type RuleChange } from './rule-change.js';
import type { RawRule } from './rule-content.js';
import type { ImportedRuleDto } from './rule.dto.js';
import { RuleService } from './rule.service.js';
import { failingTests } from './testing/test-gate.js';
import { translatingPlaces } from './translation/translating-places.js';
import { Translations } from './translation/translations.service.js';

const MOST_RULES = 5_000;

/** Takes rule files as other installations exported them: what they name may not exist yet. */
@Injectable()
export class RuleImport {
  constructor(private readonly database: Database, private readonly rules: RuleService, private readonly translations: Translations) {}

  /** Imports one document or a list as new rules, disabled; a wrong structure refuses all of it with every error. */
  async importNew(organization: OrganizationId, actor: Actor, file: unknown, dryRun: boolean): Promise<ImportedRuleDto[]> {
    const accepted = acceptAll(file);
    const problems = await this.problemsOf(organization, accepted);
    if (dryRun) return accepted.map(({ document }, at) => ({ ruleId: document.ruleId, name: document.name, version: 1, problems: shown(problems[at] ?? []) }));
    return this.rules.change(organization, actor, async (change) => {
      const imported: ImportedRuleDto[] = [];
      for (const [at, one] of accepted.entries()) {
        const ruleId = await freeId(change, one);
        imported.push(resultOf(await change.save(ruleId, one, { changeDescription: described(one), makeCurrent: true, enabled: false }), problems[at] ?? []));
      }
      return imported;
    });
  }

  /** Imports one document as a version of an existing rule; it does not become current. */
  async importVersion(organization: OrganizationId, actor: Actor, ruleId: string, file: unknown): Promise<ImportedRuleDto> {
    const [one] = acceptAll([file]);
    const [problems] = await this.problemsOf(organization, [one!]);
    return this.rules.change(organization, actor, async (change) => {
      const known = await change.existing(ruleId);
      const saved = await change.save(ruleId, one!, { changeDescription: described(one!), makeCurrent: false, enabled: known.rule.enabled });
      return resultOf(saved, problems ?? []);
    });
  }

  private async problemsOf(organization: OrganizationId, rules: readonly AcceptedRule[]): Promise<readonly (readonly ProblemError[])[]> {
    const endpoints = await this.database.inOrganization(organization, (manager) => new EndpointStore(organization, manager).all());
    const places = knownPlaces(endpoints);
    const isTranslating = this.translations.isConfigured(organization);
    return rules.map(({ raw, document }) => [...unknownPlacesOf(document, places), ...(isTranslating ? [] : translatingPlaces(raw)), ...failingTests(raw)]);
  }
}

function acceptAll(file: unknown): AcceptedRule[] {
  const documents: readonly unknown[] = Array.isArray(file) ? file : [file];
  if (documents.length === 0 || documents.length > MOST_RULES) throw Problem.invalid([{ pointer: '', detail: `must hold 1 to ${MOST_RULES} rules` }]);
  const errors: ProblemError[] = [];
  const accepted: AcceptedRule[] = [];
  for (const [at, raw] of documents.entries()) {
    const checked = checkRule(raw);
    if ('errors' in checked) errors.push(...below(Array.isArray(file) ? `/${at}` : '', checked.errors));
    else accepted.push({ raw: raw as RawRule, document: checked.document });
  }
  if (errors.length > 0) throw Problem.invalid(errors, 'The file holds rules that cannot be read; nothing was imported.');
  return accepted;
}

/** The id of the file where it is free: imported from a list, a rule is always a new one. */
async function freeId(change: RuleChange, { document }: AcceptedRule): Promise<string> {
  return /^[\w.:@-]{1,100}$/.test(document.ruleId) && (await change.store.find(document.ruleId)) === null ? document.ruleId : newRuleId();
}

const described = ({ document }: AcceptedRule): string => document.changeDescription.trim() || 'Imported';

const resultOf = ({ rule, version }: Awaited<ReturnType<RuleChange['save']>>, problems: readonly ProblemError[]): ImportedRuleDto => ({
  ruleId: rule.ruleId, name: rule.name, version: version.version,
  problems: shown(problems),
});

const shown = (problems: readonly ProblemError[]): ImportedRuleDto['problems'] => problems.map(({ pointer = '', detail }) => ({ pointer, detail }));
