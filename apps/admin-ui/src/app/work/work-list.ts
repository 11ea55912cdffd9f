import { ChangeDetectionStrategy, Component, computed, effect, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { RowKeys } from '../keyboard/row-keys';
import type { BulkFilterDto, BulkPlanDto, DeliverySummary } from '../api/models';
import { Bulk } from '../system/bulk';
import { BULK } from '../system/bulk.text';
import { ACTS } from '../system/delivery-acts.text';
import { RulePlace } from '../system/rule-place';
import { type SelectedAct, actsOnDeliveries } from '../system/selected-acts';
import { SelectionBar } from '../system/selection-bar';
import { ChoiceFilter } from '../ui/choice-filter';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { ListFrame } from '../ui/list-frame';
import { PageHeader } from '../ui/page-header';
import { SystemName } from '../ui/system-name';
import { groupList } from './group-list';
import { WorkGroupFrame } from './work-group-frame';
import type { WorkGroup, WorkItem, WorkKind } from './work-groups';
import { WorkListStore } from './work-list-store';
import { WORK } from './work.text';
import { WorkTabs } from './work-tabs';

type Action = BulkPlanDto['action'];

/** Each list: what can be done to all on it, and how a plan finds them. */
const KINDS: Readonly<Record<WorkKind, { readonly status: NonNullable<BulkFilterDto['status']>; readonly actions: readonly Action[] }>> = {
  dead: { status: 'DEAD', actions: ['delivery.retry', 'delivery.skip'] },
  held: { status: 'HELD', actions: ['delivery.retry', 'delivery.skip'] },
  failed: { status: 'FAILED', actions: ['message.retry'] },
  delayed: { status: 'WAITING', actions: ['delayed-execution.release', 'delayed-execution.cancel'] },
};

const isKind = (name: string | undefined): name is WorkKind => name !== undefined && Object.hasOwn(KINDS, name);

/** What does not go on by itself: dead and held deliveries, failed messages, delayed executions, by reason. */
@Component({
  selector: 'parley-work-list',
  imports: [ChoiceFilter, Icon, Instant, ListFrame, PageHeader, RouterLink, RowKeys, RulePlace, SelectionBar, SystemName, WorkGroupFrame, WorkTabs],
  providers: [WorkListStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './work-list.html',
  styleUrl: './work-list.scss',
})
export class WorkList {
  private readonly store = inject(WorkListStore);
  private readonly bulkActs = inject(Bulk);

  readonly kindName = input<string>(undefined, { alias: 'list' });
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
  protected readonly kind = computed<WorkKind>(() => { const name = this.kindName(); return isKind(name) ? name : 'dead'; });
  protected readonly list = groupList({ groups: this.groups, opened: this.reason, rowsOf: ({ items }: WorkGroup) => items });
  protected readonly selection = this.list.selection;
  protected readonly actions = computed(() => (this.acts.mayAct() ? KINDS[this.kind()].actions : []));
  protected readonly selectedActs = computed<readonly SelectedAct[]>(() => {
    const items = this.selection.rows();
    const ids = items.map(({ id }) => id);
    return this.kind() === 'dead' || this.kind() === 'held' ? actsOnDeliveries(items.flatMap(({ delivery }) => delivery ?? [])) : this.actions().map((action) => ({ action, ids }));
  });
  protected readonly empty = computed(() => WORK.empty[this.kind()]);

  constructor() {
    effect(() => { this.store.show(this.kind(), this.endpoint()); });
  }

  protected reload(): void { this.store.reload(); }
  /** Acts on every one of a group. */
  protected onGroup(action: Action, { items }: WorkGroup): void { void this.store.after(this.bulkActs.ask({ action, ids: items.map(({ id }) => id) })); }
  /** Acts on all that the filters find, not only on those that are read. */
  protected onAll(action: Action): void {
    const endpoint = this.endpoint();
    void this.store.after(this.bulkActs.ask({ action, filter: { status: KINDS[this.kind()].status, ...(endpoint === undefined ? {} : { endpoint }) } }));
  }
  protected retry(delivery: DeliverySummary): void { void this.store.after(this.acts.retry(delivery)); }
  protected skip(delivery: DeliverySummary): void { void this.store.after(this.acts.skip(delivery)); }
  protected retryMessage(item: WorkItem): void { void this.store.after(this.acts.retryMessage(item.messageId)); }
  protected release(id: string): void { void this.store.after(this.acts.releaseDelayed(id)); }
  protected cancel(id: string): void { void this.store.after(this.acts.cancelDelayed(id)); }
}
