import { Injectable } from '@nestjs/common';
import { EndpointService, EndpointView, isSameEndpoint, type EndpointChange, type JsonObject, type KnownEndpoint } from '../adapter/index.js';
import { AuditLog, type Actor } from '../identity/index.js';
import { RuleChange, ruleDocumentOf, Translations } from '../rule/index.js';
import { Database } from '../store/database.js';
import type { OrganizationId } from '../store/organization.js';
import { entityTag, Problem, requireMatch } from '../web/index.js';
import type { ChangeDto, PlanDto } from './configuration.dto.js';
import { differencesOf } from './differences.js';
import { partsOf, type Parts } from './document-parts.js';
import { planEndpoints, shortSecrets, type EndpointStep } from './endpoint-plan.js';
import { disableOthers, suspendOthers } from './prune.js';
import { putRule } from './put-rule.js';
import { orphansOf, planRules } from './rule-plan.js';

/** How a document is applied. */
export interface ApplyOptions {
  readonly dryRun: boolean;
  readonly prune: boolean;
  /** ETag of the configuration as the writer had read it. */
  readonly ifMatch?: string | undefined;
  /** Why rules may come into use although tests of theirs fail. */
  readonly overrideTests?: string | null;
}

/** Everything that is configured of an organization, as one document. */
export interface ConfigurationDocument {
  readonly endpoints: readonly JsonObject[];
  readonly rules: readonly JsonObject[];
}

/** The changes of one transaction. */
interface Scope {
  readonly organization: OrganizationId;
  readonly endpoints: EndpointChange;
  readonly rules: RuleChange;
}

/** Ends the transaction of a dry run. */
class RolledBack extends Error {
  constructor(readonly plan: PlanDto) {
    super('dry run');
  }
}

export const configurationTag = (document: ConfigurationDocument): string => entityTag(Buffer.from(JSON.stringify(document)));

/** Endpoints and rules as one document: exported, compared, applied whole or not at all. */
@Injectable()
export class ConfigurationService {
  constructor(private readonly database: Database, private readonly endpoints: EndpointService, private readonly view: EndpointView, private readonly audit: AuditLog, private readonly translations: Translations) {}

  read(organization: OrganizationId): Promise<ConfigurationDocument> {
    return this.inScope(organization, { kind: 'system', id: '', name: '' }, (scope) => this.documentOf(scope));
  }

  /** Applies a document and answers the plan. What it does not name stays as it is, unless it is to be pruned. */
  async apply(organization: OrganizationId, actor: Actor, raw: unknown, options: ApplyOptions): Promise<PlanDto> {
    const document = partsOf(raw);
    try {
      const plan = await this.inScope(organization, actor, async (scope) => {
        await scope.rules.store.beginChange();
        if (options.ifMatch !== undefined) requireMatch(options.ifMatch, configurationTag(await this.documentOf(scope)));
        const done = await this.run(scope, document, options);
        await scope.rules.store.recordSet();
        if (options.dryRun) throw new RolledBack(done);
        return done;
      });
      await this.endpoints.changed(organization);
      return plan;
    } catch (error) {
      if (error instanceof RolledBack) return error.plan;
      throw error;
    }
  }

  private async run(scope: Scope, document: Parts, { dryRun, prune, overrideTests = null }: ApplyOptions): Promise<PlanDto> {
    const storedEndpoints = (await scope.endpoints.store.all()).map((row) => scope.endpoints.opened(row));
    const storedRules = await scope.rules.store.all();
    const endpointPlan = planEndpoints(document.endpoints ?? [], storedEndpoints);
    const rulePlan = planRules(document.rules ?? [], storedRules, { places: endpointPlan.places, mayTranslate: this.translations.isConfigured(scope.organization), overridesTests: overrideTests !== null });
    const named = new Set(rulePlan.steps.map((step) => step.ruleId));
    const isPruned = prune && document.rules !== null;
    const errors = [...endpointPlan.errors, ...rulePlan.errors];
    if (errors.length === 0 && !isPruned) errors.push(...orphansOf(storedRules, named, endpointPlan.places));
    if (errors.length > 0) throw Problem.invalid(errors, 'The document cannot be applied; nothing was changed.');
    const changes: ChangeDto[] = [];
    for (const step of endpointPlan.steps) changes.push(await this.putEndpoint(scope, step));
    for (const step of rulePlan.steps) changes.push(await putRule(scope.rules, step, overrideTests));
    if (prune && document.endpoints !== null) changes.push(...(await suspendOthers(scope.endpoints, storedEndpoints, new Set(endpointPlan.steps.map(({ draft }) => draft.id)))));
    if (isPruned) changes.push(...(await disableOthers(scope.rules, storedRules, named)));
    return { dryRun, changes, warnings: shortSecrets(endpointPlan.steps).map(({ pointer = '', detail }) => ({ pointer, detail })) };
  }

  private async putEndpoint(scope: Scope, { draft, known }: EndpointStep): Promise<ChangeDto> {
    const before = known === null ? null : await this.endpointDocument(scope, known);
    const isSame = known !== null && isSameEndpoint(draft, known) && !(await scope.endpoints.hasNewInbound(draft));
    const row = isSame ? known.row : await scope.endpoints.put(draft, known);
    const change = { kind: 'endpoint' as const, id: draft.id, name: draft.name };
    if (before === null) return { ...change, action: 'create', differences: [] };
    if (isSame) return { ...change, action: 'none', differences: [] };
    return { ...change, action: 'update', differences: differencesOf(before, await this.endpointDocument(scope, scope.endpoints.opened(row))) };
  }

  private async documentOf(scope: Scope): Promise<ConfigurationDocument> {
    const endpoints: JsonObject[] = [];
    for (const row of await scope.endpoints.store.all()) endpoints.push(await this.endpointDocument(scope, scope.endpoints.opened(row)));
    return { endpoints, rules: (await scope.rules.store.all()).map(ruleDocumentOf) };
  }

  private async endpointDocument(scope: Scope, known: KnownEndpoint): Promise<JsonObject> {
    return this.view.documentOf(scope.organization, known, await scope.endpoints.credentials.list(known.row.id));
  }

  private inScope<T>(organization: OrganizationId, actor: Actor, work: (scope: Scope) => Promise<T>): Promise<T> {
    return this.database.inOrganization(organization, (manager) =>
      work({ organization, endpoints: this.endpoints.changeIn(organization, manager, actor), rules: new RuleChange(organization, manager, actor, this.audit) }));
  }
}
