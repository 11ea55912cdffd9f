import { Injectable } from '@nestjs/common';
import { fold } from '../../core/message/fold.js';
import { AuditLog, InboundGate, makeInboundSecret, type Actor } from '../../identity/index.js';
import { GuardedHttp } from '../../net/index.js';
import { ConfigurationWatch, unknownPlacesOf, checkRule } from '../../rule/index.js';
import { Database } from '../../store/database.js';
import type { EndpointRow } from '../../store/endpoint/endpoint.entity.js';
import type { InboundCredentialKind } from '../../store/identity/inbound-credential.store.js';
import type { OrganizationId } from '../../store/organization.js';
import { RuleStore } from '../../store/rule/rule.store.js';
import type { EntityManager } from '../../store/data-source.js';
import { entityTag, Problem, requireMatch } from '../../web/index.js';
import type { CheckStep } from '../contract.js';
import { EndpointChange, type EndpointTools } from './endpoint-change.js';
import { readEndpoint, unknownReferences, type KnownEndpoint } from './endpoint-document.js';
import { EndpointSecrets } from './endpoint-secrets.js';
import { Endpoints } from './endpoints.service.js';
import { isJsonObject } from './json-place.js';
import type { LiveEndpoint } from './live-endpoint.js';
import { checkMaintenance } from './maintenance-windows.js';
import { wayOut } from './way-out.js';

const CHECK_MS = 15_000;

export const endpointTag = (row: Pick<EndpointRow, 'version'>): string => entityTag(row.version);

/** A document to make an endpoint of, and the version that its writer had read. */
export interface EndpointWrite {
  readonly document: unknown;
  readonly ifMatch?: string | undefined;
}

/** Endpoints and their inbound credentials: every change is checked and audited. */
@Injectable()
export class EndpointService {
  private readonly tools: EndpointTools;

  constructor(
    private readonly database: Database, audit: AuditLog, private readonly gate: InboundGate, secrets: EndpointSecrets,
    private readonly watch: ConfigurationWatch, private readonly endpoints: Endpoints, private readonly http: GuardedHttp,
  ) {
    this.tools = { audit, gate, secrets };
  }

  /** Changes of endpoints in a transaction that someone else runs; `changed` is to be called after its commit. */
  changeIn(organization: OrganizationId, manager: EntityManager, actor: Actor): EndpointChange {
    return new EndpointChange(organization, manager, actor, this.tools);
  }

  /** Makes this process work with what a transaction changed. */
  async changed(organization: OrganizationId): Promise<void> {
    this.gate.forget();
    await this.watch.changed(organization);
  }

  read<T>(organization: OrganizationId, work: (change: EndpointChange) => Promise<T>): Promise<T> {
    // Nobody acts here: nothing is written.
    return this.database.inOrganization(organization, (manager) => work(new EndpointChange(organization, manager, { kind: 'system', id: '', name: '' }, this.tools)));
  }

  /** Makes or replaces an endpoint. Answers whether it is new. */
  put(organization: OrganizationId, actor: Actor, id: string | null, { document: raw, ifMatch }: EndpointWrite): Promise<{ readonly known: KnownEndpoint; readonly isNew: boolean }> {
    return this.change(organization, actor, async (change, manager) => {
      const given = isJsonObject(raw) && id !== null ? { ...raw, id: raw['id'] ?? id } : raw;
      const wanted = id ?? (isJsonObject(raw) && typeof raw['id'] === 'string' ? raw['id'] : '');
      const known = await change.find(wanted);
      if (id === null && known !== null) throw Problem.conflict('endpoint-exists', `There is an endpoint "${wanted}" already.`);
      if (known !== null) requireMatch(ifMatch, endpointTag(known.row));
      const read = readEndpoint(given, known);
      if ('errors' in read) throw Problem.invalid(read.errors, 'The endpoint cannot be used as it is.');
      if (id !== null && read.draft.id !== id) throw Problem.invalid([{ pointer: '/id', detail: `must be "${id}", as the address says` }]);
      const places = new Map(await change.places()).set(fold(read.draft.id), namesOf(read.draft.entityTypes));
      const unknown = unknownReferences(read.draft.entityTypes, places);
      if (unknown.length > 0) throw Problem.invalid(unknown, 'The endpoint names what does not exist.');
      await refuseOrphans(new RuleStore(organization, manager), places);
      const row = await change.put(read.draft, known);
      return { known: change.opened(row), isNew: known === null };
    });
  }

  setStatus(organization: OrganizationId, actor: Actor, id: string, status: 'ACTIVE' | 'SUSPENDED'): Promise<KnownEndpoint> {
    return this.change(organization, actor, async (change) => change.opened(await change.setStatus(await change.existing(id), status)));
  }

  /** Sets the windows in which nothing is sent to it; the document is `{ "windows": […] }`. */
  setMaintenance(organization: OrganizationId, actor: Actor, id: string, { document: raw, ifMatch }: EndpointWrite): Promise<EndpointRow> {
    const windows = isJsonObject(raw) ? raw['windows'] : undefined;
    const problems = checkMaintenance(windows).map((problem) => ({ ...problem, pointer: `/windows${problem.pointer}` }));
    if (problems.length > 0) throw Problem.invalid(problems, 'These windows cannot be used as they are.');
    return this.change(organization, actor, async (change) => {
      const known = await change.existing(id);
      requireMatch(ifMatch, endpointTag(known.row));
      return change.setMaintenance(known, windows as readonly unknown[]);
    });
  }

  remove(organization: OrganizationId, actor: Actor, id: string): Promise<void> {
    return this.change(organization, actor, async (change, manager) => {
      const known = await change.existing(id);
      const places = new Map(await change.places());
      places.delete(fold(id));
      await refuseOrphans(new RuleStore(organization, manager), places);
      if (await change.store.hasHistory(id)) throw Problem.conflict('endpoint-has-history', `The endpoint "${id}" has taken part in conversations; suspend it instead.`);
      await change.remove(known);
    });
  }

  /** Makes an inbound credential and tells its secret, this once. */
  generateCredential(organization: OrganizationId, actor: Actor, id: string, { kind, label }: { readonly kind: InboundCredentialKind; readonly label: string }): Promise<{ readonly secret: string; readonly hash: Buffer }> {
    return this.change(organization, actor, async (change) => {
      await change.existing(id);
      const secret = makeInboundSecret();
      await change.addCredential(id, kind, label, secret);
      return { secret, hash: this.gate.hashOf(secret) };
    });
  }

  removeCredential(organization: OrganizationId, actor: Actor, id: string, fingerprint: string): Promise<void> {
    return this.change(organization, actor, async (change) => {
      await change.existing(id);
      await change.removeCredential(id, fingerprint);
    });
  }

  /** Tries network, authentication and rights of an endpoint, now. */
  async check(organization: OrganizationId, id: string): Promise<readonly CheckStep[]> {
    const live = await this.live(organization, id);
    return live.adapter.check(live, wayOut(this.http, live), AbortSignal.timeout(CHECK_MS));
  }

  /** The endpoint as it is stored now, as the stages work with it. */
  async live(organization: OrganizationId, id: string): Promise<LiveEndpoint> {
    await this.read(organization, (change) => change.existing(id));
    await this.watch.poll();
    const live = this.endpoints.find(organization, id);
    if (live === undefined) throw Problem.conflict('endpoint-unusable', `The endpoint "${id}" cannot be used; the log says why.`);
    return live;
  }

  /** Changes endpoints in one transaction; this process works with what came of it. */
  async change<T>(organization: OrganizationId, actor: Actor, work: (change: EndpointChange, manager: EntityManager) => Promise<T>): Promise<T> {
    const result = await this.database.inOrganization(organization, async (manager) => {
      const change = this.changeIn(organization, manager, actor);
      await change.store.beginChange();
      return work(change, manager);
    });
    await this.changed(organization);
    return result;
  }
}

const namesOf = (entityTypes: readonly unknown[]): ReadonlySet<string> => new Set(entityTypes.map((one) => fold((one as { readonly name: string }).name)));

/** An enabled rule must not lose what it names. */
async function refuseOrphans(rules: RuleStore, places: Parameters<typeof unknownPlacesOf>[1]): Promise<void> {
  for (const { rule, version } of await rules.all()) {
    const checked = rule.enabled ? checkRule(version.document) : { errors: [] };
    const unknown = 'document' in checked ? unknownPlacesOf(checked.document, places) : [];
    if (unknown.length > 0) throw Problem.conflict('in-use', `The rule "${rule.name}" would lose what it names: ${unknown[0]!.detail}. Change or disable it first.`);
  }
}
