import { ChangeDetectionStrategy, Component, computed, effect, inject, input } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { RowKeys } from '../keyboard/row-keys';
import { SearchKey } from '../keyboard/search-key';
import { Session } from '../session/session';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { ListFrame } from '../ui/list-frame';
import { PageHeader } from '../ui/page-header';
import { StateChip } from '../ui/state-chip';
import { SystemName } from '../ui/system-name';
import { EndpointListStore } from './endpoint-list-store';
import { EDITOR, ENDPOINTS } from './endpoint.text';
import { REFUSED } from './refused.text';

@Component({
  selector: 'parley-endpoint-list',
  imports: [Icon, Instant, ListFrame, PageHeader, RouterLink, RowKeys, SearchKey, StateChip, SystemName],
  providers: [EndpointListStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './endpoint-list.html',
  styleUrl: './endpoint-list.scss',
})
export class EndpointList {
  private readonly store = inject(EndpointListStore);
  private readonly session = inject(Session);
  private readonly router = inject(Router);
  readonly search = input<string>();

  protected readonly text = ENDPOINTS;
  protected readonly editText = EDITOR;
  protected readonly refusedText = REFUSED;
  protected readonly mayWrite = computed(() => this.session.may('endpoints:write'));
  protected readonly rows = this.store.rows;
  protected readonly status = this.store.status;
  protected readonly failure = this.store.failure;

  constructor() {
    effect(() => { this.store.find(this.search() ?? ''); });
  }

  protected find(text: string): void {
    void this.router.navigate([], { queryParams: { search: text.trim() || null }, queryParamsHandling: 'merge', replaceUrl: true });
  }

  protected typesOf(entityTypes: readonly { readonly name: string }[]): string {
    return entityTypes.map((type) => type.name).join(', ');
  }

  protected reload(): void {
    this.store.reload();
  }
}
