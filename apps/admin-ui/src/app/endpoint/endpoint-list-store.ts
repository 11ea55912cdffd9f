import { Injectable, computed } from '@angular/core';
import { endpointList } from '../api/functions';
import { apiResource } from '../http/api-resource';
import { latestOf } from '../http/latest';
import { failureOf } from '../http/screen-status';
import { onLive } from '../live/on-live';
import { listStatus } from '../ui/list-status';
import { endpointHealth } from '../system/endpoint-health';

/** All endpoints with how they are. */
@Injectable()
export class EndpointListStore {
  private readonly read = apiResource(endpointList, () => ({}));
  private readonly latest = latestOf(this.read);

  readonly rows = computed(() => (this.latest()?.items ?? []).map((endpoint) => ({ endpoint, health: endpointHealth(endpoint) })));
  readonly failure = failureOf(this.read);
  readonly status = computed(() => listStatus({ loading: this.read.isLoading(), failed: this.failure() !== undefined, count: this.rows().length, filtered: false }));

  constructor() {
    onLive(() => { this.read.reload(); });
  }

  reload(): void {
    this.read.reload();
  }
}
