import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { RulePlace } from '../system/rule-place';
import { StateChip } from '../ui/state-chip';
import type { Why } from './why';

const STATE_OF = { executed: 'ROUTED', delayed: 'DELAYED', failed: 'FAILED', dropped: 'DROPPED' } as const;
const WORD_OF = { executed: 'Executed', delayed: 'Waits', failed: 'Failed', dropped: 'Drops' } as const;

/** The answer to "why?", in words: what each rule did, then those that came nearest to matching. */
@Component({
  selector: 'parley-why',
  imports: [RouterLink, RulePlace, StateChip],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <p class="summary">{{ why().summary }}</p>
    @if (why().did.length > 0) {
      <ul>
        @for (line of why().did; track line.ruleId + line.kind) {
          <li>
            <parley-state [state]="stateOf[line.kind]" [label]="wordOf[line.kind]" />
            <div><a [routerLink]="line.ruleId | rulePlace" [queryParams]="{ version: line.ruleVersion }">{{ line.rule }}</a>&ngsp;<span class="faint">v{{ line.ruleVersion }}</span> {{ line.sentence }}</div>
          </li>
        }
      </ul>
    }
    @if (why().misses.length > 0) {
      <h3>Nearest misses</h3>
      <ul>
        @for (line of why().misses; track $index) {
          <li class="miss">
            <div>
              <a [routerLink]="line.ruleId | rulePlace" [queryParams]="{ version: line.ruleVersion }">{{ line.rule }}</a> {{ line.sentence }}
              @if (line.expected !== undefined || line.actual !== undefined) {
                <dl>
                  @if (line.expected !== undefined) {<div><dt>expected</dt><dd class="fixed">{{ line.expected }}</dd></div>}
                  @if (line.actual !== undefined) {<div><dt>was</dt><dd class="fixed was">{{ line.actual }}</dd></div>}
                </dl>
              }
            </div>
          </li>
        }
      </ul>
    }
    @if (why().counts.length > 0) {
      <p class="counts faint">Did not apply: @for (entry of why().counts; track entry.reason; let last = $last) {<span>{{ entry.count }} × {{ entry.reason }}{{ last ? '' : ', ' }}</span>}</p>
    }
  `,
  styles: `
    :host { display: block; font-size: 0.8125rem; }
    .summary { margin-bottom: 10px; font-size: 0.875rem; font-weight: 550; }
    ul { display: grid; gap: 8px; }
    li { display: grid; grid-template-columns: 92px minmax(0, 1fr); gap: 10px; align-items: start; overflow-wrap: anywhere; }
    li parley-state { justify-self: start; }
    li.miss { grid-template-columns: minmax(0, 1fr); padding: 8px 12px; border-inline-start: 3px solid var(--line-strong); background: var(--surface-sunken); border-radius: 0 6px 6px 0; }
    a { font-weight: 550; }
    h3 { margin: 16px 0 8px; color: var(--text-faint); }
    dl { display: flex; flex-wrap: wrap; gap: 2px 20px; margin-top: 4px; }
    dl div { display: flex; gap: 6px; }
    dt { flex: none; color: var(--text-faint); }
    .was { color: var(--bad); }
    .counts { margin-top: 12px; font-size: 0.75rem; }
  `,
})
export class WhyPanel {
  readonly why = input.required<Why>();
  protected readonly stateOf = STATE_OF;
  protected readonly wordOf = WORD_OF;
}
