import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { NOT_SENT, type AttemptView } from './attempt-list';
import { durationText } from './time-text';

/** A bar with one tick per attempt: colour for its outcome, width for how long it took. */
@Component({
  selector: 'parley-ticks',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<span class="bar" role="img" [attr.aria-label]="words()">@for (tick of ticks(); track tick.number) {<i [class]="tick.outcome" [style.flex-grow]="tick.weight" [attr.title]="tick.title"></i>}</span><span class="number">{{ last() }}</span>`,
  styles: `
    :host { display: flex; align-items: center; gap: 8px; min-width: 0; color: var(--text-faint); font-size: 0.75rem; }
    .bar { display: flex; flex: 1; gap: 2px; height: 5px; min-width: 24px; max-width: 160px; }
    i { flex: 1 1 4px; min-width: 4px; border-radius: 2px; background: var(--calm-mark); }
    .success { background: var(--good-mark); }
    .retryable, .unknown { background: var(--wait-mark); }
    .rejected, .credentials { background: var(--bad-mark); }
    .none { background: var(--busy-mark); }
  `,
})
export class AttemptTicks {
  readonly attempts = input.required<readonly AttemptView[]>();
  protected readonly ticks = computed(() => this.attempts().map((attempt) => ({
    number: attempt.number,
    outcome: attempt.outcome?.toLowerCase() ?? 'none',
    weight: 1 + Math.log10(Math.max(1, attempt.durationMs ?? 1)),
    title: [`#${String(attempt.number)}`, attempt.httpStatus, attempt.outcome ?? 'no result yet', attempt.durationMs == null ? '' : durationText(attempt.durationMs)].filter((part) => part != null && part !== '').join(' · '),
  })));
  protected readonly words = computed(() => this.ticks().map((tick) => tick.title).join('; '));
  protected readonly last = computed(() => { const took = this.attempts().findLast((attempt) => attempt.outcome !== NOT_SENT)?.durationMs; return took == null ? '' : durationText(took); });
}
