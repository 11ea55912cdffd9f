import { Injectable, computed, inject, signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { type Observable, firstValueFrom, from, map } from 'rxjs';
import { deliveryList, messageList } from '../api/functions';
import { injectApi } from '../http/api-resource';
import { latestOf } from '../http/latest';
import { failureOf } from '../http/screen-status';
import { onLive } from '../live/on-live';
import { DeliveryActs } from '../system/delivery-acts';
import { Systems } from '../system/systems';
import { listStatus } from '../ui/list-status';
import { type WorkItem, type WorkKind, itemOfDelivery, itemOfMessage, workGroups } from './work-groups';

interface Wanted {
  readonly kind: WorkKind;
  readonly endpoint: string | undefined;
}

interface WorkPage {
  readonly items: readonly WorkItem[];
  readonly nextCursor: string | null;
}

const PAGE = 200;
/** Reasons are grouped here, so what is read has an end. */
const MOST = 1_000;

/** One work list, grouped by reason. */
@Injectable()
export class WorkListStore {
  private readonly api = injectApi();
  private readonly wanted = signal<Wanted | undefined>(undefined);
  private readonly read = rxResource({ params: this.wanted, stream: ({ params }) => from(this.readAll(params)) });
  private readonly page = latestOf(this.read, this.wanted);
  private readonly arrived = signal(0);
  private looking = false;

  readonly systems = inject(Systems);
  readonly acts = inject(DeliveryActs);
  readonly groups = computed(() => workGroups(this.page()?.items ?? []));
  /** How many were read, where there are more. */
  readonly cutAt = computed(() => { const page = this.page(); return page?.nextCursor == null ? undefined : page.items.length; });
  /** How many came since; shown only when they are asked for. */
  readonly waiting = this.arrived.asReadonly();
  readonly failure = failureOf(this.read);
  readonly stale = computed(() => this.read.isLoading() && this.page() !== undefined);
  readonly status = computed(() => listStatus({ loading: this.page() === undefined && this.failure() === undefined, failed: this.failure() !== undefined, count: this.groups().length, filtered: this.wanted()?.endpoint !== undefined }));

  constructor() {
    onLive(() => { void this.look(); });
  }

  show(kind: WorkKind, endpoint: string | undefined): void {
    const before = this.wanted();
    if (before?.kind === kind && before.endpoint === endpoint) return;
    this.arrived.set(0);
    this.wanted.set({ kind, endpoint });
  }

  reload(): void {
    this.arrived.set(0);
    this.read.reload();
  }

  /** Reads again once an act was done. */
  async after(act: Promise<boolean>): Promise<void> {
    if (await act) this.reload();
  }

  /** Counts what came since, without moving what is shown; an empty list shows it at once. */
  private async look(): Promise<void> {
    const wanted = this.wanted();
    if (wanted === undefined || this.looking || this.read.isLoading()) return;
    this.looking = true;
    try {
      const fresh = await firstValueFrom(this.load(wanted, undefined));
      if (wanted !== this.wanted()) return;
      const known = new Set(this.page()?.items.map((item) => item.id));
      const count = fresh.items.filter((item) => !known.has(item.id)).length;
      if (known.size === 0 && count > 0) this.reload();
      else this.arrived.set(count);
    } catch {
      // The next event looks again; what is shown stays right as of its time.
    } finally {
      this.looking = false;
    }
  }

  private async readAll(wanted: Wanted): Promise<WorkPage> {
    let page: WorkPage = { items: [], nextCursor: null };
    do {
      const next: WorkPage = await firstValueFrom(this.load(wanted, page.nextCursor ?? undefined));
      page = { items: [...page.items, ...next.items], nextCursor: next.nextCursor };
    } while (page.nextCursor !== null && page.items.length < MOST);
    return page;
  }

  private load({ kind, endpoint }: Wanted, cursor: string | undefined): Observable<WorkPage> {
    switch (kind) {
      case 'dead': case 'held':
        return this.api(deliveryList, { status: kind === 'dead' ? 'DEAD' : 'HELD', endpoint, cursor, limit: PAGE }).pipe(map((page) => ({ items: page.items.map(itemOfDelivery), nextCursor: page.nextCursor })));
      case 'failed': case 'delayed':
        return this.api(messageList, { state: kind === 'failed' ? 'FAILED' : 'DELAYED', endpoint, cursor, limit: PAGE }).pipe(map((page) => ({ items: page.items.map(itemOfMessage), nextCursor: page.nextCursor })));
    }
  }
}
