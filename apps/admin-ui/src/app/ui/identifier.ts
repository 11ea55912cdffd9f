import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { CopyButton } from './copy-button';

/** An id in the fixed-width face: its last characters, which tell UUIDv7 ids apart, the whole of it on hover and when copied. */
@Component({
  selector: 'parley-id',
  imports: [CopyButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<code [attr.title]="value()">{{ shown() }}</code><parley-copy [value]="value()" label="Copy id" />`,
  styles: `
    :host { display: inline-flex; align-items: center; gap: 2px; min-width: 0; max-width: 100%; }
    code { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  `,
})
export class Identifier {
  readonly value = input.required<string>();
  readonly short = input(false);
  protected readonly shown = computed(() => (this.short() ? `…${this.value().slice(-8)}` : this.value()));
}
