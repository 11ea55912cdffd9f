import type { Actor, AuditLog, InboundGate } from '../../identity/index.js';
import { knownPlaces, type KnownPlaces } from '../../rule/index.js';
import type { EntityManager } from '../../store/data-source.js';
import type { EndpointRow } from '../../store/endpoint/endpoint.entity.js';
import { EndpointStore } from '../../store/endpoint/endpoint.store.js';
import { PollStore } from '../../store/endpoint/poll.store.js';
import { InboundCredentialStore, type InboundCredentialKind } from '../../store/identity/inbound-credential.store.js';
import type { OrganizationId } from '../../store/organization.js';
import { Problem } from '../../web/index.js';
import { isSameEndpoint, type EndpointDraft, type KnownEndpoint } from './endpoint-document.js';
import type { EndpointSecrets } from './endpoint-secrets.js';
import { isSameJson } from './json-place.js';
import { storedPreset } from './preset-mark.js';

/** Label of the credentials that a document writes out: a new value replaces the old one. */
export const CONFIGURED = 'configuration';

/** What changes of endpoints need besides the database. */
export interface EndpointTools {
  readonly audit: AuditLog;
  readonly gate: InboundGate;
  readonly secrets: EndpointSecrets;
}

/** Changes of endpoints in one transaction; each is written to the audit log, without secrets. */
export class EndpointChange {
  readonly store: EndpointStore;
  readonly credentials: InboundCredentialStore;

  constructor(private readonly organization: OrganizationId, private readonly manager: EntityManager, private readonly actor: Actor, private readonly tools: EndpointTools) {
    this.store = new EndpointStore(organization, manager);
    this.credentials = new InboundCredentialStore(organization, manager);
  }

  async find(id: string): Promise<KnownEndpoint | null> {
    const row = await this.store.find(id);
    return row === null ? null : this.opened(row);
  }

  async existing(id: string): Promise<KnownEndpoint> {
    const known = await this.find(id);
    if (known === null) throw Problem.missing(`endpoint "${id}"`);
    return known;
  }

  /** A stored endpoint with its secrets; where they cannot be opened any more they must be written again. */
  opened(row: EndpointRow): KnownEndpoint {
    return { row, secrets: this.tools.secrets.open(this.organization, row.id, row.secrets) };
  }

  async places(): Promise<KnownPlaces> {
    return knownPlaces(await this.store.all());
  }

  /** Makes the endpoint as the draft says. Nothing is written where nothing differs. */
  async put(draft: EndpointDraft, known: KnownEndpoint | null): Promise<EndpointRow> {
    const content = {
      name: draft.name, adapter: draft.adapter, status: draft.status, settings: draft.settings.plain, entityTypes: draft.entityTypes, maintenance: draft.maintenance, preset: storedPreset(draft.preset, known?.row.preset ?? null),
      secrets: this.tools.secrets.seal(this.organization, draft.id, draft.settings.secrets),
    };
    const by = this.actor.kind === 'system' ? null : this.actor.name;
    let row: EndpointRow;
    if (known === null) {
      row = await this.store.create(draft.id, content, by);
      await this.note('endpoint.create', draft.id, { name: draft.name, adapter: draft.adapter });
    } else if (isSameEndpoint(draft, known)) {
      row = known.row;
    } else {
      row = await this.store.update(known.row, content, by);
      // Whoever paused it (wrong credentials) did so for the settings of before.
      await this.store.clearPause(draft.id);
      // Other settings may mean another schedule: what waits for a time of the old one looks at once.
      await new PollStore(this.organization, this.manager).hurryAll(draft.id);
      await this.note('endpoint.update', draft.id, { name: draft.name, version: row.version });
    }
    await this.putInbound(draft);
    return row;
  }

  /** Whether the document's inbound secrets differ from those that it wrote before. */
  async hasNewInbound(draft: EndpointDraft): Promise<boolean> {
    const stored = await this.credentials.list(draft.id);
    return inboundOf(draft).some(({ secret }) => !stored.some((one) => one.hash.equals(this.tools.gate.hashOf(secret))));
  }

  async setStatus({ row }: KnownEndpoint, status: 'ACTIVE' | 'SUSPENDED'): Promise<EndpointRow> {
    const wasPaused = status === 'ACTIVE' && (await this.store.clearPause(row.id));
    if (row.status === status) {
      if (wasPaused) await this.note('endpoint.resume', row.id, { name: row.name });
      return row;
    }
    const changed = await this.store.update(row, { status }, this.actor.kind === 'system' ? null : this.actor.name);
    await this.note(status === 'ACTIVE' ? 'endpoint.resume' : 'endpoint.suspend', row.id, { name: row.name });
    return changed;
  }

  /** Sets when nothing is sent to it. */
  async setMaintenance({ row }: KnownEndpoint, windows: readonly unknown[]): Promise<EndpointRow> {
    if (isSameJson(row.maintenance, windows)) return row;
    const changed = await this.store.update(row, { maintenance: windows }, this.actor.kind === 'system' ? null : this.actor.name);
    await this.note('endpoint.maintenance', row.id, { name: row.name, windows });
    return changed;
  }

  /** Notes that it works with other credentials now: all instances take them up, and a pause for refused ones ends. */
  async reconnected({ row }: KnownEndpoint, action: 'endpoint.connect' | 'endpoint.disconnect'): Promise<void> {
    await this.store.update(row, {}, this.actor.kind === 'system' ? null : this.actor.name);
    if (action === 'endpoint.connect') await this.store.clearPause(row.id);
    await this.note(action, row.id, { name: row.name });
  }

  async remove({ row }: KnownEndpoint): Promise<void> {
    await this.credentials.removeAll(row.id);
    await this.store.remove(row.id);
    await this.note('endpoint.delete', row.id, { name: row.name });
  }

  async addCredential(id: string, kind: InboundCredentialKind, label: string, secret: string): Promise<void> {
    await this.credentials.add(id, kind, label, this.tools.gate.hashOf(secret));
    await this.note('endpoint.add-credential', id, { kind, label });
  }

  /** Takes a credential away by the beginning of its hash, as lists show it. */
  async removeCredential(id: string, fingerprint: string): Promise<void> {
    const found = (await this.credentials.list(id)).find((one) => fingerprintOf(one.hash) === fingerprint);
    if (found === undefined) throw Problem.missing(`credential "${fingerprint}" of the endpoint "${id}"`);
    await this.credentials.remove(id, found.hash);
    await this.note('endpoint.remove-credential', id, { kind: found.kind, label: found.label });
  }

  private async putInbound(draft: EndpointDraft): Promise<void> {
    for (const { kind, secret } of inboundOf(draft)) {
      const hash = this.tools.gate.hashOf(secret);
      const stored = await this.credentials.list(draft.id);
      if (stored.some((one) => one.hash.equals(hash))) continue;
      for (const old of stored.filter((one) => one.kind === kind && one.label === CONFIGURED)) await this.credentials.remove(draft.id, old.hash);
      await this.addCredential(draft.id, kind, CONFIGURED, secret);
    }
  }

  private note(action: string, id: string, details: Readonly<Record<string, unknown>>): Promise<void> {
    return this.tools.audit.record(this.manager, this.organization, this.actor, action, `endpoint:${id}`, details);
  }
}

/** What a credential is called where its secret must not be told. */
export const fingerprintOf = (hash: Buffer): string => hash.toString('hex').slice(0, 12);

function inboundOf({ inbound }: EndpointDraft): { readonly kind: InboundCredentialKind; readonly secret: string }[] {
  return [
    ...(inbound.password === undefined ? [] : [{ kind: 'basic' as const, secret: inbound.password }]),
    ...(inbound.token === undefined ? [] : [{ kind: 'bearer' as const, secret: inbound.token }]),
  ];
}
