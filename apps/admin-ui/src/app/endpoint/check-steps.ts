import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { CheckDto } from '../api/models';
import { Icon } from '../ui/icon';
import { checkedSteps } from './check-result';
import { CHECK } from './endpoint.text';

/** How a connection test went: network, authentication, rights, each by itself. */
@Component({
  selector: 'parley-check-steps',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <ol>
      @for (step of steps(); track step.step) {
        <li [class]="step.ok === null ? 'skipped' : step.ok ? 'good' : 'bad'">
          <parley-icon [name]="step.ok === null ? 'ring' : step.ok ? 'check' : 'warning'" [size]="15" />
          <span><b>{{ text.steps[step.step] }}</b>&ngsp;<span class="word">{{ step.ok === null ? text.skipped : step.ok ? text.good : text.bad }}</span><br />{{ step.ok === null ? text.notReached : step.message }}</span>
        </li>
      }
    </ol>
  `,
  styles: `
    ol { display: grid; gap: 8px; }
    li { display: flex; gap: 8px; color: var(--text-faint); }
    li > span { color: var(--text-soft); overflow-wrap: anywhere; min-width: 0; }
    b { color: var(--text); }
    parley-icon { margin-top: 2px; }
    .good, .good .word { color: var(--good); }
    .bad, .bad .word { color: var(--bad); }
  `,
})
export class CheckSteps {
  readonly check = input.required<CheckDto>();
  protected readonly text = CHECK;
  protected readonly steps = computed(() => checkedSteps(this.check()));
}
