import { ChangeDetectionStrategy, Component, input, signal } from '@angular/core';
import { Icon } from './icon';

const SAY_SO_MS = 1_500;

/** Copies a text and says so. */
@Component({
  selector: 'parley-copy',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button type="button" [attr.aria-label]="copied() ? 'Copied' : label()" [attr.title]="copied() ? 'Copied' : label()" (click)="copy()">
      <parley-icon [name]="copied() ? 'check' : 'copy'" [size]="14" />
    </button>
  `,
  styles: `
    :host { display: inline-flex; }
    button {
      display: inline-flex; align-items: center; justify-content: center; width: 24px; height: 24px; padding: 0; border: 0; border-radius: 5px;
      background: transparent; color: var(--text-faint); cursor: pointer;
    }
    button:hover { color: var(--text); background: var(--surface-hover); }
  `,
})
export class CopyButton {
  readonly value = input.required<string>();
  readonly label = input('Copy');
  protected readonly copied = signal(false);

  protected copy(): void {
    void navigator.clipboard.writeText(this.value()).then(() => {
      this.copied.set(true);
      setTimeout(() => { this.copied.set(false); }, SAY_SO_MS);
    });
  }
}
