import { Injectable, computed, inject, signal } from '@angular/core';
import { deliveryList } from '../api/functions';
import type { DeliverySummary } from '../api/models';
import { injectApi } from '../http/api-resource';
import { pagedList } from '../http/paged-list';
import { onLive } from '../live/on-live';
import { DeliveryActs } from '../system/delivery-acts';
import { Systems } from '../system/systems';

type State = DeliverySummary['state'];

export interface DeliveryFilter {
  /** A state, or `all`. */
  readonly status: string;
  readonly endpoint?: string | undefined;
}

const PAGE = 50;

/** The work list: deliveries by status, newest first. */
@Injectable()
export class DeliveryListStore {
  private readonly api = injectApi();
  private readonly wanted = signal<DeliveryFilter | undefined>(undefined);

  readonly systems = inject(Systems);
  readonly acts = inject(DeliveryActs);
  readonly list = pagedList<DeliverySummary, DeliveryFilter>({
    params: this.wanted,
    filtered: () => this.wanted()?.endpoint !== undefined,
    load: ({ status, endpoint }, cursor) => this.api(deliveryList, { status: status === 'all' ? undefined : (status as State), endpoint, cursor, limit: PAGE }),
    idOf: (delivery) => delivery.id,
  });

  constructor() {
    onLive(() => { this.list.refresh(); });
  }

  show(filter: DeliveryFilter): void {
    if (JSON.stringify(filter) !== JSON.stringify(this.wanted())) this.wanted.set(filter);
  }

  /** Reads again once an act was done. */
  async after(act: Promise<boolean>): Promise<void> {
    if (await act) this.list.reload();
  }
}
