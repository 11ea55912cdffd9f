import { ChangeDetectionStrategy, Component, computed, effect, inject, input } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { RowKeys } from '../keyboard/row-keys';
import { SearchKey } from '../keyboard/search-key';
import { CopyButton } from '../ui/copy-button';
import { Icon } from '../ui/icon';
import { PageHeader } from '../ui/page-header';
import { ScreenFrame } from '../ui/screen-frame';
import { DISCOVERY } from './discovery.text';
import { DiscoveryStore } from './discovery-store';
import { ENDPOINT } from './endpoint.text';
import { matchingFields } from './known-fields';

/** Values of a field that are shown in its row. */
const SHOWN_CHOICES = 6;

/** Entity types and attributes of a connected system, from its own description and from real messages. */
@Component({
  selector: 'parley-discovery',
  imports: [CopyButton, Icon, PageHeader, RouterLink, RowKeys, ScreenFrame, SearchKey],
  providers: [DiscoveryStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './discovery.html',
  styleUrl: './discovery.scss',
})
export class Discovery {
  protected readonly store = inject(DiscoveryStore);
  private readonly router = inject(Router);
  readonly endpointId = input.required<string>();
  readonly entityType = input<string>();
  readonly search = input<string>();

  protected readonly text = DISCOVERY;
  protected readonly endpointText = ENDPOINT;
  protected readonly rows = computed(() => matchingFields(this.store.fields(), this.search() ?? '').map((field) => ({ ...field, shownChoices: field.choices.slice(0, SHOWN_CHOICES).join(', '), moreChoices: Math.max(0, field.choices.length - SHOWN_CHOICES) })));

  constructor() {
    effect(() => { this.store.show(this.endpointId(), this.entityType() || undefined); });
  }

  protected find(search: string): void {
    void this.router.navigate([], { queryParams: { search: search.trim() || null }, queryParamsHandling: 'merge', replaceUrl: true });
  }
}
