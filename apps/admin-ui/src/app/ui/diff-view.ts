import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { type DiffLine, withContext } from './line-diff';

const MARKS = { added: '+', removed: '−', same: '' } as const;
const WORDS = { added: 'Added: ', removed: 'Removed: ', same: '' } as const;

/** Lines that came and went: by sign and colour, never by colour alone. */
@Component({
  selector: 'parley-diff',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (shown().length === 0) {<p class="faint">{{ same() }}</p>}
    <ol [class.fixed]="isCode()" [attr.aria-label]="label()">
      @for (line of shown(); track $index) {
        @if (line === null) {<li class="gap" aria-hidden="true">⋯</li>}
        @else {<li [class]="line.kind"><i aria-hidden="true">{{ marks[line.kind] }}</i><span><span class="unseen">{{ words[line.kind] }}</span>{{ line.text }}</span></li>}
      }
    </ol>
  `,
  styles: `
    :host { display: block; min-width: 0; font-size: 0.8125rem; }
    ol { overflow: auto; }
    .fixed { font-size: 0.75rem; line-height: 1.6; }
    .fixed span { white-space: pre-wrap; }
    li { display: grid; grid-template-columns: 22px minmax(0, 1fr); padding: 1px 8px; overflow-wrap: anywhere; }
    i { font-style: normal; font-weight: 650; }
    .added { background: var(--good-surface); color: var(--good); }
    .removed { background: var(--bad-surface); color: var(--bad); }
    .same { color: var(--text-soft); }
    .gap { color: var(--text-faint); }
    p { padding: 4px 8px; }
  `,
})
export class DiffView {
  readonly lines = input.required<readonly DiffLine[]>();
  readonly label = input('Changes');
  /** What is said where nothing differs. */
  readonly same = input('Nothing differs.');
  readonly isCode = input(false);
  protected readonly marks = MARKS;
  protected readonly words = WORDS;
  protected readonly shown = computed(() => (this.lines().some((line) => line.kind !== 'same') ? withContext(this.lines(), 3) : []));
}
