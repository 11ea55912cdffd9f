import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { map } from 'rxjs';
import { refusalListAll } from '../api/functions';
import type { RefusalDto } from '../api/models';
import { injectApi } from '../http/api-resource';
import { pagedList } from '../http/paged-list';
import { RowKeys } from '../keyboard/row-keys';
import { onLive } from '../live/on-live';
import { Systems } from '../system/systems';
import { ChoiceFilter } from '../ui/choice-filter';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { ListFrame } from '../ui/list-frame';
import { PageHeader } from '../ui/page-header';
import { SystemName } from '../ui/system-name';
import { RefusedRequest } from './refused-request';
import { REFUSED, refusalWords } from './refused.text';

/** What senders were refused, newest first; which endpoint's, and which one is open, stands in the address. */
@Component({
  selector: 'parley-refused-list',
  imports: [ChoiceFilter, Icon, Instant, ListFrame, PageHeader, RefusedRequest, RouterLink, RowKeys, SystemName],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './refused-list.html',
  styleUrl: './refused-list.scss',
})
export class RefusedList {
  private readonly api = injectApi();
  private readonly router = inject(Router);
  readonly endpoint = input<string>();
  /** The one whose request is shown. */
  readonly request = input<string>();

  protected readonly text = REFUSED;
  protected readonly wordsOf = refusalWords;
  protected readonly systems = inject(Systems);
  private readonly wanted = computed(() => ({ endpoint: this.endpoint() }), { equal: (one, other) => one.endpoint === other.endpoint });
  protected readonly filtered = computed(() => this.endpoint() !== undefined);
  protected readonly list = pagedList<RefusalDto, { readonly endpoint: string | undefined }>({
    params: this.wanted, filtered: this.filtered, idOf: ({ id }) => id,
    load: ({ endpoint }, before) => this.api(refusalListAll, { endpoint, before }).pipe(map(({ items, next }) => ({ items, nextCursor: next }))),
  });

  constructor() {
    onLive(() => { this.list.refresh(); });
  }

  protected narrow(endpoint: string | undefined): void {
    void this.router.navigate([], { queryParams: { endpoint: endpoint ?? null, request: null }, queryParamsHandling: 'merge' });
  }
}
