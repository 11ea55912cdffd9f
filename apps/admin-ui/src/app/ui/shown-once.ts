import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { CopyButton } from './copy-button';

export interface ShownOnceLine {
  readonly label: string;
  readonly value: string;
}

/** A secret that nobody can see again: what it is, a button that copies it, and a word to put it away. */
@Component({
  selector: 'parley-shown-once',
  imports: [CopyButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="box" role="status">
      <p>{{ about() }}</p>
      <dl>@for (line of lines(); track line.label + line.value) {<dt>{{ line.label }}</dt><dd><code>{{ line.value }}</code><parley-copy [value]="line.value" [label]="'Copy ' + line.label" /></dd>}</dl>
      <button type="button" class="control small" (click)="done.emit()">{{ doneText() }}</button>
    </div>
  `,
  styles: `
    .box { display: grid; gap: 10px; padding: 12px 14px; border: 1px solid var(--accent); border-radius: 8px; background: var(--accent-surface); color: var(--accent-surface-on); font-size: 0.8125rem; }
    dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 14px; align-items: center; }
    dd { display: flex; align-items: center; gap: 6px; min-width: 0; }
    code { overflow-wrap: anywhere; user-select: all; color: var(--text); }
    button { justify-self: start; }
  `,
})
export class ShownOnce {
  readonly about = input.required<string>();
  readonly lines = input.required<readonly ShownOnceLine[]>();
  readonly doneText = input('Done');
  readonly done = output();
}
