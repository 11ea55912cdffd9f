import { ChangeDetectionStrategy, Component, computed, effect, inject, input } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { RowKeys } from '../keyboard/row-keys';
import { isTyping } from '../keyboard/typing';
import type { DeliverySummary } from '../api/models';
import { Bulk } from '../system/bulk';
import { BULK } from '../system/bulk.text';
import { ACTS } from '../system/delivery-acts.text';
import { actsOnDeliveries, type SelectedAct } from '../system/selected-acts';
import { SelectionBar } from '../system/selection-bar';
import { ChoiceFilter } from '../ui/choice-filter';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { ListFrame } from '../ui/list-frame';
import { PageHeader } from '../ui/page-header';
import { rowSelection } from '../ui/row-selection';
import { SystemName } from '../ui/system-name';
import type { WorkGroup, WorkItem, WorkKind } from './work-groups';
import { WorkListStore } from './work-list-store';
import { WORK } from './work.text';
import { WorkTabs } from './work-tabs';

const KINDS: readonly WorkKind[] = ['dead', 'held', 'failed', 'delayed'];

/** What does not go on by itself: dead and held deliveries, failed and delayed messages, by reason. */
@Component({
  selector: 'parley-work-list',
  imports: [ChoiceFilter, Icon, Instant, ListFrame, PageHeader, RouterLink, RowKeys, SelectionBar, SystemName, WorkTabs],
  providers: [WorkListStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '(document:keydown)': 'obey($event)' },
  templateUrl: './work-list.html',
  styleUrl: './work-list.scss',
})
export class WorkList {
  private readonly store = inject(WorkListStore);
  private readonly router = inject(Router);
  private readonly bulkActs = inject(Bulk);

  readonly list = input<string>();
  readonly endpoint = input<string>();
  /** Key of the group that is open. */
  readonly reason = input<string>();

  protected readonly text = WORK;
  protected readonly actText = ACTS;
  protected readonly bulkText = BULK;
  protected readonly systems = this.store.systems;
  protected readonly acts = this.store.acts;
  protected readonly groups = this.store.groups;
  protected readonly cutAt = this.store.cutAt;
  protected readonly waiting = this.store.waiting;
  protected readonly status = this.store.status;
  protected readonly failure = this.store.failure;
  protected readonly stale = this.store.stale;
  protected readonly kind = computed<WorkKind>(() => KINDS.find((kind) => kind === this.list()) ?? 'dead');
  /** Delayed messages are released or cancelled where one sees what they wait for. */
  protected readonly maySelect = computed(() => this.acts.mayAct() && this.kind() !== 'delayed');
  protected readonly selection = rowSelection(() => this.groups().filter((group) => this.isOpen(group)).flatMap(({ items }) => items), (item) => item.id);
  protected readonly selectedActs = computed<readonly SelectedAct[]>(() => {
    const items = this.selection.rows();
    return this.kind() === 'failed' ? [{ action: 'message.retry', ids: items.map(({ id }) => id) }] : actsOnDeliveries(items.flatMap(({ delivery }) => delivery ?? []));
  });
  protected readonly empty = computed(() => WORK.empty[this.kind()]);

  constructor() {
    effect(() => { this.store.show(this.kind(), this.endpoint()); });
  }

  /** A single group is open anyway. */
  protected isOpen(group: WorkGroup): boolean { return this.groups().length === 1 || group.key === this.reason(); }
  protected narrow(endpoint: string | undefined): void { void this.router.navigate([], { queryParams: { endpoint: endpoint ?? null }, queryParamsHandling: 'merge' }); }
  protected reload(): void { this.store.reload(); }
  /** Acts on every one of the group. */
  protected bulk(action: 'delivery.retry' | 'delivery.skip' | 'message.retry', { items }: WorkGroup): void { void this.store.after(this.bulkActs.ask({ action, ids: items.map(({ id }) => id) })); }
  protected retry(delivery: DeliverySummary): void { void this.store.after(this.acts.retry(delivery)); }
  protected skip(delivery: DeliverySummary): void { void this.store.after(this.acts.skip(delivery)); }
  protected retryMessage(item: WorkItem): void { void this.store.after(this.acts.retryMessage(item.messageId)); }
  protected obey(event: KeyboardEvent): void {
    if (event.key === 'n' && !isTyping(event) && this.waiting() > 0) this.reload();
  }
}
