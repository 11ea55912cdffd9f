import { Injectable, Logger } from '@nestjs/common';
import { restOf } from '../../core/delivery/rest.js';
import { Database } from '../../store/database.js';
import type { OrganizationId } from '../../store/organization.js';
import { pausedEndpoints, pauseEndpoint, unpauseEndpoint } from '../../store/pipeline/endpoint-runtime.js';
import { EndpointHealth } from './endpoint-health.service.js';
import type { LiveEndpoint } from './live-endpoint.js';

const REFRESH_MS = 1_000;

interface Pause {
  readonly reason: string;
  /** The endpoint's version when it was paused: new settings end the pause. */
  readonly version: number | null;
}

/** Endpoints that refused our credentials: nothing is sent until somebody resumes them or changes their settings. */
@Injectable()
export class EndpointPauses {
  private readonly log = new Logger('deliver');
  private readonly pauses = new Map<string, Pause>();
  private readonly listeners: ((organization: OrganizationId, endpoint: string) => void)[] = [];
  private refreshedAt = Number.NEGATIVE_INFINITY;

  /** `health`: how its calls go, for whoever looks. */
  constructor(private readonly database: Database, readonly health: EndpointHealth) {}

  /** Why an endpoint is paused, or null. */
  reason(endpoint: LiveEndpoint): string | null {
    const pause = this.pauses.get(keyOf(endpoint.organization, endpoint.id));
    return pause === undefined || (pause.version !== null && pause.version !== endpoint.version) ? null : pause.reason;
  }

  /** Whether anything may be sent to it, or fetched from it, at this instant of the database's clock. */
  mayCall(endpoint: LiveEndpoint, nowMs: number): boolean {
    return restOf({ status: endpoint.status, pausedReason: this.reason(endpoint), maintenance: endpoint.maintenance.at(nowMs).now }) === null;
  }

  async pause(endpoint: LiveEndpoint, reason: string): Promise<void> {
    this.pauses.set(keyOf(endpoint.organization, endpoint.id), { reason, version: endpoint.version });
    if (await pauseEndpoint(this.database.worker, { organization: endpoint.organization as OrganizationId, endpoint: endpoint.id, reason })) {
      this.log.warn({ event: 'endpoint.paused', endpoint: endpoint.id, reason, message: 'the endpoint refuses our credentials; nothing is sent until it is resumed or its settings change' });
    }
  }

  /** Calls back when somebody wants an endpoint to be tried again at once. */
  onResume(listener: (organization: OrganizationId, endpoint: string) => void): void {
    this.listeners.push(listener);
  }

  /** Ends a pause and whatever else holds the endpoint back in this process; other instances see it within a second. */
  async resume(organization: OrganizationId, endpoint: string): Promise<void> {
    this.pauses.delete(keyOf(organization, endpoint));
    await unpauseEndpoint(this.database.worker, organization, endpoint);
    for (const listener of this.listeners) listener(organization, endpoint);
  }

  /** Takes over what other instances paused or resumed; at most once a second. */
  async refresh(find: (organization: string, endpoint: string) => LiveEndpoint | undefined): Promise<void> {
    if (performance.now() - this.refreshedAt < REFRESH_MS) return;
    this.refreshedAt = performance.now();
    const stored = await pausedEndpoints(this.database.worker);
    const keys = new Set(stored.map((one) => keyOf(one.organization, one.endpoint)));
    for (const key of this.pauses.keys()) if (!keys.has(key)) this.pauses.delete(key);
    for (const { organization, endpoint, reason } of stored) {
      const key = keyOf(organization, endpoint);
      const known = this.pauses.get(key);
      const version = find(organization, endpoint)?.version ?? null;
      if (known === undefined) this.pauses.set(key, { reason, version });
      else if (known.version !== null && version !== null && known.version !== version) await this.resume(organization, endpoint);
    }
  }
}

const keyOf = (organization: string, endpoint: string): string => `${organization} ${endpoint}`;
