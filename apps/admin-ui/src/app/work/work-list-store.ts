import { Injectable, computed, inject, signal } from '@angular/core';
import { type Observable, map } from 'rxjs';
import { delayedList, deliveryList, messageList } from '../api/functions';
import { injectApi } from '../http/api-resource';
import type { Page } from '../http/page';
import { DeliveryActs } from '../system/delivery-acts';
import { Systems } from '../system/systems';
import { listStatus } from '../ui/list-status';
import { type WorkItem, type WorkKind, itemOfDelivery, itemOfExecution, itemOfMessage, workGroups } from './work-groups';
import { workReading } from './work-reading';

interface Wanted {
  readonly kind: WorkKind;
  readonly endpoint: string | undefined;
}

const PAGE = 200;

/** One work list, grouped by reason. */
@Injectable()
export class WorkListStore {
  private readonly api = injectApi();
  private readonly wanted = signal<Wanted | undefined>(undefined);
  private readonly reading = workReading(this.wanted, (wanted, cursor) => this.load(wanted, cursor));

  readonly systems = inject(Systems);
  readonly acts = inject(DeliveryActs);
  readonly groups = computed(() => workGroups(this.reading.items() ?? []));
  readonly cutAt = this.reading.cutAt;
  readonly waiting = this.reading.waiting;
  readonly failure = this.reading.failure;
  readonly stale = this.reading.stale;
  readonly status = computed(() => listStatus({ loading: this.reading.items() === undefined && this.failure() === undefined, failed: this.failure() !== undefined, count: this.groups().length, filtered: this.wanted()?.endpoint !== undefined }));

  show(kind: WorkKind, endpoint: string | undefined): void {
    const before = this.wanted();
    if (before?.kind !== kind || before.endpoint !== endpoint) this.wanted.set({ kind, endpoint });
  }

  reload(): void { this.reading.reload(); }

  /** Reads again once an act was done. */
  async after(act: Promise<boolean>): Promise<void> {
    if (await act) this.reload();
  }

  private load({ kind, endpoint }: Wanted, cursor: string | undefined): Observable<Page<WorkItem>> {
    switch (kind) {
      case 'dead': case 'held':
        return this.api(deliveryList, { status: kind === 'dead' ? 'DEAD' : 'HELD', endpoint, cursor, limit: PAGE }).pipe(map((page) => ({ items: page.items.map(itemOfDelivery), nextCursor: page.nextCursor })));
      case 'failed':
        return this.api(messageList, { state: 'FAILED', endpoint, cursor, limit: PAGE }).pipe(map((page) => ({ items: page.items.map(itemOfMessage), nextCursor: page.nextCursor })));
      case 'delayed':
        return this.api(delayedList, { state: 'WAITING', endpoint, cursor, limit: PAGE }).pipe(map((page) => ({ items: page.items.map(itemOfExecution), nextCursor: page.nextCursor })));
    }
  }
}
