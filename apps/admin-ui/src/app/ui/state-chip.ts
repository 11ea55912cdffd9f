import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { Icon } from './icon';
import { stateWord } from './state-words';

/** A state as a word, a sign and a colour: never colour alone. */
@Component({
  selector: 'parley-state',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '[class]': '"tone-" + word().tone', '[class.quiet]': 'quiet()', '[attr.title]': 'word().meaning || null' },
  template: `<parley-icon [name]="word().icon" [size]="quiet() ? 14 : 13" />{{ label() ?? word().label }}`,
  styles: `
    :host {
      display: inline-flex; align-items: center; gap: 5px; height: 21px; padding: 0 8px 0 6px; border-radius: 11px;
      font-size: 0.75rem; font-weight: 550; line-height: 1; white-space: nowrap; vertical-align: middle;
    }
    :host(.tone-good) { color: var(--good); background: var(--good-surface); }
    :host(.tone-busy) { color: var(--busy); background: var(--busy-surface); }
    :host(.tone-wait) { color: var(--wait); background: var(--wait-surface); }
    :host(.tone-bad) { color: var(--bad); background: var(--bad-surface); }
    :host(.tone-calm) { color: var(--calm); background: var(--calm-surface); }
    :host(.quiet) { height: auto; padding: 0; background: none; font-weight: 500; }
  `,
})
export class StateChip {
  readonly state = input.required<string>();
  /** Says something else than the state's own word, with its colour. */
  readonly label = input<string>();
  readonly quiet = input(false);
  protected readonly word = computed(() => stateWord(this.state()));
}
