import { ChangeDetectionStrategy, Component, computed, effect, inject, input } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { RowKeys } from '../keyboard/row-keys';
import type { DeliverySummary } from '../api/models';
import { Bulk } from '../system/bulk';
import { BULK } from '../system/bulk.text';
import { ACTS } from '../system/delivery-acts.text';
import { RestNote } from '../system/rest-note';
import { RulePlace } from '../system/rule-place';
import { actsOnDeliveries } from '../system/selected-acts';
import { SelectionBar } from '../system/selection-bar';
import { ChoiceFilter } from '../ui/choice-filter';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { ListFrame } from '../ui/list-frame';
import { PageHeader } from '../ui/page-header';
import { rowSelection } from '../ui/row-selection';
import { StateChip } from '../ui/state-chip';
import { SystemName } from '../ui/system-name';
import { DeliveryListStore } from './delivery-list-store';
import { DELIVERIES } from './delivery.text';

/** Deliveries by status: the list of what someone must look at. */
@Component({
  selector: 'parley-delivery-list',
  imports: [ChoiceFilter, Icon, Instant, ListFrame, PageHeader, RestNote, RouterLink, RowKeys, RulePlace, SelectionBar, StateChip, SystemName],
  providers: [DeliveryListStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './delivery-list.html',
  styleUrl: './delivery-list.scss',
})
export class DeliveryList {
  private readonly store = inject(DeliveryListStore);
  private readonly router = inject(Router);
  private readonly bulkActs = inject(Bulk);

  readonly status = input<string>();
  readonly endpoint = input<string>();

  protected readonly text = DELIVERIES;
  protected readonly list = this.store.list;
  protected readonly systems = this.store.systems;
  protected readonly acts = this.store.acts;
  protected readonly actText = ACTS;
  protected readonly selection = rowSelection(this.list.rows, (delivery) => delivery.id);
  protected readonly selectedActs = computed(() => actsOnDeliveries(this.selection.rows()));
  protected readonly bulkText = BULK;
  protected readonly mayBulk = computed(() => this.acts.mayAct() && ['DEAD', 'HELD', 'RETRYING'].includes(this.tab()) && this.list.rows().length > 1);
  protected readonly tab = computed(() => this.status() ?? 'DEAD');
  protected readonly empty = computed(() => {
    const tab = this.tab();
    return tab === 'DEAD' || tab === 'HELD' || tab === 'RETRYING' || tab === 'QUEUED' ? DELIVERIES.empty[tab] : DELIVERIES.empty.other;
  });

  constructor() {
    effect(() => { this.store.show({ status: this.tab(), endpoint: this.endpoint() }); });
  }

  protected reload(): void { this.list.reload(); }

  /** Acts on all that the filters show, not only on those that are read. */
  protected async bulk(action: 'delivery.retry' | 'delivery.skip'): Promise<void> {
    const endpoint = this.endpoint();
    const isDone = await this.bulkActs.ask({ action, filter: { status: this.tab() as 'DEAD', ...(endpoint === undefined ? {} : { endpoint }) } });
    if (isDone) this.reload();
  }

  protected narrow(endpoint: string | undefined): void {
    void this.router.navigate([], { queryParams: { endpoint: endpoint ?? null }, queryParamsHandling: 'merge' });
  }

  protected retry(delivery: DeliverySummary): void { void this.store.after(this.acts.retry(delivery)); }
  protected skip(delivery: DeliverySummary): void { void this.store.after(this.acts.skip(delivery)); }
}
