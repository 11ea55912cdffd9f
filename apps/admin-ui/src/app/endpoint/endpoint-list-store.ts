import { Injectable, computed, inject, signal } from '@angular/core';
import { endpointList, overviewShow } from '../api/functions';
import { apiResource } from '../http/api-resource';
import { latestOf } from '../http/latest';
import { failureOf } from '../http/screen-status';
import { onLive } from '../live/on-live';
import { Session } from '../session/session';
import { listStatus } from '../ui/list-status';
import { endpointHealth } from '../system/endpoint-health';
import { queueWords } from './queue-words';

/** All endpoints with how they are. */
@Injectable()
export class EndpointListStore {
  private readonly read = apiResource(endpointList, () => ({}));
  private readonly latest = latestOf(this.read);
  private readonly session = inject(Session);
  private readonly readStanding = apiResource(overviewShow, () => (this.session.may('monitoring:read') ? { hours: 1 as const } : undefined));
  private readonly standing = latestOf(this.readStanding);
  private readonly wanted = signal('');

  readonly filtered = computed(() => this.wanted() !== '');
  readonly rows = computed(() => (this.latest()?.items ?? [])
    .filter(({ id, name, adapter }) => `${id} ${name} ${adapter}`.toLowerCase().includes(this.wanted()))
    .map((endpoint) => {
      const standing = this.standing()?.endpoints.find((one) => one.endpoint === endpoint.id);
      return { endpoint, health: endpointHealth(endpoint), queue: standing === undefined ? undefined : queueWords(standing), oldestAt: standing?.oldestWaitingAt };
    }));
  readonly failure = failureOf(this.read);
  readonly status = computed(() => listStatus({ loading: this.read.isLoading(), failed: this.failure() !== undefined, count: this.rows().length, filtered: this.filtered() }));

  constructor() {
    onLive(() => { this.read.reload(); this.readStanding.reload(); });
  }

  /** Shows those whose name, id or kind has this text. */
  find(text: string): void {
    this.wanted.set(text.trim().toLowerCase());
  }

  reload(): void {
    this.read.reload();
  }
}
