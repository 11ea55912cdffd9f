import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import type { EndpointRest } from '../api/models';
import { Icon } from '../ui/icon';
import { Present } from '../ui/present';
import { restWords } from './rest-words';

/** Why something that waits does not go on: its endpoint rests. Nothing where it does not. */
@Component({
  selector: 'parley-rest',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `@if (words(); as text) {<span [attr.title]="rest()?.until"><parley-icon name="pause" [size]="12" /> {{ text }}</span>}`,
  styles: `span { color: var(--wait); overflow-wrap: anywhere; } parley-icon { vertical-align: -1px; }`,
})
export class RestNote {
  private readonly present = inject(Present);
  readonly rest = input<EndpointRest | null>();
  protected readonly words = computed(() => {
    const rest = this.rest();
    if (rest == null) return undefined;
    const words = restWords(rest, this.present.now());
    return words.charAt(0).toUpperCase() + words.slice(1);
  });
}
