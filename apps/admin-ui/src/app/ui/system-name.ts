import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { SYSTEM_HUE } from './system-hue';

/** A connected system, with its colour so that the eye can follow it, and what kind of ticket where that matters. */
@Component({
  selector: 'parley-system',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '[attr.title]': 'name() + (entityType() ? " · " + entityType() : "")' },
  template: `<i [class]="'hue-' + hue()"></i><span class="name">{{ name() }}</span>@if (entityType()) {<span class="type">{{ entityType() }}</span>}`,
  styles: `
    :host { display: inline-flex; align-items: center; gap: 6px; min-width: 0; max-width: 100%; }
    i { flex: none; width: 8px; height: 8px; border-radius: 2.5px; background: var(--system-0); }
    .hue-1 { background: var(--system-1); }
    .hue-2 { background: var(--system-2); }
    .hue-3 { background: var(--system-3); }
    .hue-4 { background: var(--system-4); }
    .hue-5 { background: var(--system-5); }
    .name { font-weight: 550; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .type { color: var(--text-faint); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; flex: 0 10 auto; min-width: 2em; }
  `,
})
export class SystemName {
  private readonly hueOf = inject(SYSTEM_HUE);

  readonly endpoint = input.required<string>();
  readonly display = input<string>();
  readonly entityType = input<string>();
  protected readonly name = computed(() => this.display() ?? this.endpoint());
  protected readonly hue = computed(() => this.hueOf(this.endpoint()));
}
