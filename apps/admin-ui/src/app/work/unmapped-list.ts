import { ChangeDetectionStrategy, Component, computed, effect, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { UnmappedValue } from '../api/models';
import { RowKeys } from '../keyboard/row-keys';
import { BULK } from '../system/bulk.text';
import { ChoiceFilter } from '../ui/choice-filter';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { ListFrame } from '../ui/list-frame';
import { PageHeader } from '../ui/page-header';
import { groupList } from './group-list';
import { editorAddress, type UnmappedGroup } from './unmapped-groups';
import { UnmappedStore } from './unmapped-store';
import { UNMAPPED, WORK } from './work.text';
import { WorkGroupFrame } from './work-group-frame';
import { WorkTabs } from './work-tabs';

/** Values that tables of rules had no row for, by table: seen, or given a row. */
@Component({
  selector: 'parley-unmapped-list',
  imports: [ChoiceFilter, Icon, Instant, ListFrame, PageHeader, RouterLink, RowKeys, WorkGroupFrame, WorkTabs],
  providers: [UnmappedStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './unmapped-list.html',
  styleUrl: './work-list.scss',
})
export class UnmappedList {
  protected readonly store = inject(UnmappedStore);

  readonly rule = input<string>();
  readonly seen = input<string>();
  /** Key of the group that is open. */
  readonly table = input<string>();

  protected readonly text = UNMAPPED;
  protected readonly workText = WORK;
  protected readonly bulkText = BULK;
  protected readonly groups = this.store.groups;
  protected readonly showsSeen = computed(() => this.seen() === 'true');
  protected readonly list = groupList({ groups: this.groups, opened: this.table, rowsOf: ({ values }: UnmappedGroup) => values });
  protected readonly selection = this.list.selection;
  /** Rules are known by having been seen. */
  protected readonly rules = computed(() => {
    const names = new Map(this.groups().map(({ ruleId, rule }) => [ruleId, rule] as const));
    const chosen = this.rule();
    if (chosen !== undefined && !names.has(chosen)) names.set(chosen, UNMAPPED.oneRule);
    return [...names].map(([value, label]) => ({ value, label })).sort((one, other) => one.label.localeCompare(other.label));
  });

  constructor() {
    effect(() => { this.store.show(this.rule(), this.showsSeen()); });
  }

  protected addressOf(value: UnmappedValue): ReturnType<typeof editorAddress> { return this.store.mayEdit() ? editorAddress(value) : { path: ['/rules', value.ruleId], query: {} }; }
  protected namesOf({ sources, targets }: Pick<UnmappedGroup, 'sources' | 'targets'>): string { return `${sources.join(', ')} → ${targets.join(', ')}`; }
  protected clear(): void { this.list.narrow({ rule: undefined, seen: undefined }); }
  protected async see(values: readonly UnmappedValue[]): Promise<void> { if (await this.store.see(values, !this.showsSeen())) this.selection.setAll(false); }
}
