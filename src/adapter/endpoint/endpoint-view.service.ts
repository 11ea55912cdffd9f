import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import type { EndpointRuntime } from '../../store/endpoint/endpoint.store.js';
import type { InboundCredential } from '../../store/identity/inbound-credential.store.js';
import type { OrganizationId } from '../../store/organization.js';
import { CONFIGURED, fingerprintOf } from './endpoint-change.js';
import { markOf as markOfPreset, storedSettings, type KnownEndpoint } from './endpoint-document.js';
import { findPreset } from '../preset/presets.js';
import { EndpointSecrets } from './endpoint-secrets.js';
import type { EndpointDto, EndpointRuntimeDto, InboundAddressDto } from './endpoint.dto.js';
import type { JsonObject } from './json-place.js';
import { maintenanceStateOf } from './maintenance-view.js';
import { joinSettings } from './secret-settings.js';

/** What belongs to an endpoint without being its document. */
interface Around {
  readonly credentials: readonly InboundCredential[];
  /** Null as long as nothing was sent. */
  readonly runtime: EndpointRuntime | null;
}

/** Shows endpoints without their secrets. */
@Injectable()
export class EndpointView {
  constructor(private readonly secrets: EndpointSecrets, @Inject(SETTINGS) private readonly settings: Settings) {}

  /** The document of an endpoint, as the configuration document has it: put back, it changes nothing. */
  documentOf(organization: OrganizationId, known: KnownEndpoint, credentials: readonly InboundCredential[]): JsonObject {
    const { row } = known;
    const configured = credentials.filter((one) => one.label === CONFIGURED);
    const inbound = {
      ...markOf('password', configured.find((one) => one.kind === 'basic')),
      ...markOf('token', configured.find((one) => one.kind === 'bearer')),
    };
    return {
      id: row.id, name: row.name, adapter: row.adapter, status: row.status,
      settings: joinSettings(storedSettings(known), (value) => this.secrets.markOf(organization, row.id, value)),
      entityTypes: row.entityTypes, maintenance: row.maintenance,
      ...(row.preset === null ? {} : { preset: markOfPreset(row.preset) }),
      ...(Object.keys(inbound).length === 0 ? {} : { inbound }),
    };
  }

  /** An endpoint as its own page shows it. `slug` is the organization that the request's path named, if any. */
  pageOf(organization: OrganizationId, known: KnownEndpoint, { credentials, runtime }: Around, slug: string | null): EndpointDto {
    const { row } = known;
    return {
      ...(this.documentOf(organization, known, credentials) as unknown as EndpointDto),
      version: row.version, createdAt: row.createdAt.toISOString(), createdBy: row.createdBy, updatedAt: row.updatedAt.toISOString(), updatedBy: row.updatedBy,
      inboundAddresses: this.addressesOf(known, slug), maintenanceState: maintenanceStateOf(row.maintenance), newerPreset: newerPreset(row.preset), runtime: runtime === null ? null : runtimeOf(runtime),
    };
  }

  private addressesOf({ row }: KnownEndpoint, slug: string | null): InboundAddressDto[] {
    const base = `${this.settings.publicUrl?.replace(/\/$/, '') ?? ''}/api/v1${slug === null ? '' : `/o/${encodeURIComponent(slug)}`}/inbound/${encodeURIComponent(row.id)}`;
    return row.entityTypes.map((one) => (one as { readonly name: string }).name).map((entityType) => ({ entityType, url: `${base}/${encodeURIComponent(entityType)}` }));
  }
}

const markOf = (key: string, credential: InboundCredential | undefined): JsonObject => (credential === undefined ? {} : { [key]: { $secret: fingerprintOf(credential.hash) } });

/** The present version of its preset, where that is newer than the one it was made from. */
function newerPreset(stored: KnownEndpoint['row']['preset']): number | null {
  const present = stored === null ? undefined : findPreset(stored.id)?.version;
  return stored !== null && present !== undefined && present > stored.version ? present : null;
}

const runtimeOf = (runtime: EndpointRuntime): EndpointRuntimeDto => ({
  pausedReason: runtime.pausedReason, pausedAt: runtime.pausedAt?.toISOString() ?? null, circuit: runtime.circuit, openUntil: runtime.openUntil?.toISOString() ?? null,
  lastSuccessAt: runtime.lastSuccessAt?.toISOString() ?? null, lastFailureAt: runtime.lastFailureAt?.toISOString() ?? null, lastError: runtime.lastError, failuresInRow: runtime.failuresInRow,
});
