import { ChangeDetectionStrategy, Component, input } from '@angular/core';

/** A label, a control that is put into it, what is wrong and what helps. */
@Component({
  selector: 'parley-field',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '[class.bad]': 'problems().length > 0' },
  template: `
    <label [attr.for]="for()">{{ label() }}</label>
    <ng-content />
    @for (problem of problems(); track problem) {<p class="problem" [id]="$first ? for() + '-problem' : null">{{ problem }}</p>}
    @if (help(); as line) {<p class="help">{{ line }}</p>}
  `,
  styles: `
    :host { display: flex; flex-direction: column; gap: 4px; min-width: 0; font-size: 0.8125rem; }
    label { font-weight: 550; }
    .help { color: var(--text-faint); font-size: 0.75rem; }
    .problem { color: var(--bad); font-size: 0.75rem; font-weight: 550; overflow-wrap: anywhere; }
  `,
})
export class FieldShell {
  readonly label = input.required<string>();
  /** Id of the control. */
  readonly for = input.required<string>();
  readonly help = input<string>();
  readonly problems = input<readonly string[]>([]);
}
