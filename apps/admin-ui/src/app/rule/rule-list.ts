import { ChangeDetectionStrategy, Component, computed, effect, inject, input } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { Router, RouterLink } from '@angular/router';
import { RowKeys } from '../keyboard/row-keys';
import { SearchKey } from '../keyboard/search-key';
import { ChoiceFilter } from '../ui/choice-filter';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { ListFrame } from '../ui/list-frame';
import { PageHeader } from '../ui/page-header';
import { StateChip } from '../ui/state-chip';
import { SystemName } from '../ui/system-name';
import { BulkDialog, type BulkAsked } from './bulk-dialog';
import { type RuleFilter } from './rule-filter';
import { type BulkAction, RuleListStore } from './rule-list-store';
import { verbOf } from './rule-words';
import { RULES } from './rule.text';

@Component({
  selector: 'parley-rule-list',
  imports: [ChoiceFilter, Icon, Instant, ListFrame, PageHeader, RouterLink, RowKeys, SearchKey, StateChip, SystemName],
  providers: [RuleListStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './rule-list.html',
  styleUrl: './rule-list.scss',
})
export class RuleList {
  protected readonly store = inject(RuleListStore);
  private readonly router = inject(Router);
  private readonly dialog = inject(MatDialog);

  readonly search = input<string>();
  readonly enabled = input<string>();
  readonly from = input<string>();
  readonly to = input<string>();
  readonly sort = input<string>();

  protected readonly text = RULES;
  protected readonly list = this.store.list;
  protected readonly rows = this.store.rows;
  protected readonly status = this.store.status;
  protected readonly filtered = this.store.filtered;
  protected readonly systems = this.store.systems;
  protected readonly mayWrite = this.store.mayWrite;
  protected readonly selected = this.store.selection.rows;
  protected readonly verbOf = (rule: object): string => verbOf(rule as Readonly<Record<string, unknown>>);
  protected readonly isSorted = computed(() => this.sort() ?? 'name');

  constructor() {
    effect(() => { this.store.show({ search: this.search(), enabled: this.enabled(), from: this.from(), to: this.to(), sort: this.sort() }); });
  }

  protected hitsOf(ruleId: string): string { return this.store.knowsHits() ? RULES.hits(this.store.hits().get(ruleId) ?? 0) : ''; }

  protected narrow(change: RuleFilter): void {
    const queryParams = Object.fromEntries(Object.entries(change).map(([name, value]) => [name, value === '' || value === undefined ? null : String(value)]));
    void this.router.navigate([], { queryParams, queryParamsHandling: 'merge', replaceUrl: true });
  }

  protected clear(): void {
    void this.router.navigate([], { queryParams: { search: null, enabled: null, from: null, to: null }, queryParamsHandling: 'merge' });
  }

  protected order(by: string): void { this.narrow({ sort: by === 'name' ? undefined : by }); }

  protected ask(action: BulkAction): void {
    const data: BulkAsked = { action, names: this.selected().map((rule) => rule.name), act: (overrideTests) => this.store.act(action, overrideTests) };
    this.dialog.open(BulkDialog, { data, width: '560px', maxWidth: '94vw' });
  }

  protected export(): void { void this.store.export(); }
}
