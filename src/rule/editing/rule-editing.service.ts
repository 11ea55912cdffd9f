import { Injectable } from '@nestjs/common';
import { readCase } from '../../core/rule/case-file.js';
import type { Known } from '../../core/rule/scope.js';
import { tryRule, type RuleTrial } from '../../core/rule/trial.js';
import { Database } from '../../store/database.js';
import { EndpointStore } from '../../store/endpoint/endpoint.store.js';
import type { OrganizationId } from '../../store/organization.js';
import { readRecentBodies } from '../../store/rule/recent-bodies.js';
import { readRuleHits, type RuleHits } from '../../store/rule/rule-hits.js';
import { RuleStore } from '../../store/rule/rule.store.js';
import { Problem, type ProblemError } from '../../web/index.js';
import { below, checkRule, errorOf } from '../check-rule.js';
import { knownPlaces, unknownPlacesOf } from '../known-places.js';
import type { RawRule } from '../rule-content.js';
import { translatingPlaces } from '../translation/translating-places.js';
import { Translations } from '../translation/translations.service.js';
import { namesFilledAt, namesInBodies, namesKept } from './attribute-names.js';
import type { AttributeNamesDto, AttributeNamesQuery, RuleTrialDto } from './rule-editing.dto.js';

/** Rounds in which one translation may ask for the next. */
const MOST_ROUNDS = 3;
const NOTHING: RuleTrial = { conditions: [], mappings: [], problems: [], needs: [] };

/** What an editor of rules asks: names to offer, how often rules take part, and what an unfinished draft would do. */
@Injectable()
export class RuleEditing {
  constructor(private readonly database: Database, private readonly translations: Translations) {}

  hits(organization: OrganizationId, fromMs: number): Promise<RuleHits> {
    return this.database.inOrganization(organization, (manager) => readRuleHits(manager, organization, fromMs));
  }

  names(organization: OrganizationId, { source = '', sourceEntityType = '', target = '', targetEntityType = '' }: AttributeNamesQuery): Promise<AttributeNamesDto> {
    return this.database.inOrganization(organization, async (manager) => {
      const rules = (await new RuleStore(organization, manager).all()).map(({ version }) => version.document);
      const fromSource = source === '' ? [] : await readRecentBodies(manager, organization, source);
      const fromTarget = target === '' ? [] : await readRecentBodies(manager, organization, target);
      const filled = namesFilledAt(rules, target, targetEntityType);
      const known = new Set(filled.map(({ name }) => name.toLowerCase()));
      return {
        source: namesInBodies(fromSource, sourceEntityType),
        target: [...filled, ...namesInBodies(fromTarget, targetEntityType).filter(({ name }) => !known.has(name.toLowerCase()))],
        ...namesKept(rules),
      };
    });
  }

  /** Everything that is wrong with a draft and, of a case, what each of its parts would do. A case that cannot be read refuses. */
  async trial(organization: OrganizationId, rule: RawRule, routingCase: unknown): Promise<RuleTrialDto> {
    const tried = routingCase === undefined || routingCase === null ? NOTHING : this.tryOn(organization, rule, routingCase);
    const problems = new Map([...tried.problems.map(errorOf), ...(await this.problemsOf(organization, rule))].map((one) => [`${one.pointer ?? ''} ${one.detail}`, one]));
    return {
      problems: [...problems.values()].map(({ pointer = '', detail }) => ({ pointer, detail })),
      conditions: [...tried.conditions], mappings: tried.mappings.map((one) => ({ ...one, reads: [...one.reads], writes: [...one.writes] })), untranslated: tried.needs.length,
    };
  }

  private tryOn(organization: OrganizationId, rule: RawRule, routingCase: unknown): RuleTrial {
    const read = readCase(routingCase);
    if (!read.ok) throw Problem.invalid(below('/case', read.error.map(errorOf)), 'The message cannot be read.');
    let known: Known = read.value.known;
    let tried = tryRule(rule, { ...read.value, known });
    for (let round = 1; tried.needs.length > 0 && round < MOST_ROUNDS; round++) {
      known = { ...known, ...this.translations.known(organization, tried.needs) };
      tried = tryRule(rule, { ...read.value, known });
    }
    return tried;
  }

  private async problemsOf(organization: OrganizationId, rule: RawRule): Promise<readonly ProblemError[]> {
    const checked = checkRule(rule);
    if ('errors' in checked) return checked.errors;
    const endpoints = await this.database.inOrganization(organization, (manager) => new EndpointStore(organization, manager).all());
    return [...unknownPlacesOf(checked.document, knownPlaces(endpoints)), ...(this.translations.isConfigured(organization) ? [] : translatingPlaces(rule))];
  }
}
