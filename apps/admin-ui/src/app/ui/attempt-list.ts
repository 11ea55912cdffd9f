import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { Instant } from './instant';
import { JsonView } from './json-view';
import { durationText } from './time-text';
import type { Tone } from './state-words';

/** One call to a target, as far as it is shown. */
export interface AttemptView {
  readonly number: number;
  readonly startedAt: string;
  readonly durationMs?: number | null;
  /** Null while the call is under way, and for ever where its process died. */
  readonly outcome?: string | null;
  readonly httpStatus?: number | null;
  readonly error?: string | null;
  readonly answer?: unknown;
}

const OUTCOMES: Readonly<Record<string, { readonly tone: Tone; readonly label: string }>> = {
  success: { tone: 'good', label: 'accepted' },
  retryable: { tone: 'wait', label: 'will be tried again' },
  rejected: { tone: 'bad', label: 'refused' },
  duplicate: { tone: 'calm', label: 'already there' },
  unknown: { tone: 'wait', label: 'outcome unknown' },
  not_sent: { tone: 'calm', label: 'not sent' },
  credentials: { tone: 'bad', label: 'credentials refused' },
};

/** An attempt that ended before anything was sent took no time worth telling. */
export const NOT_SENT = 'NOT_SENT';

/** Every attempt of a delivery: when, how long, what the target answered. */
@Component({
  selector: 'parley-attempts',
  imports: [Instant, JsonView],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <ol>
      @for (line of lines(); track line.attempt.number) {
        <li [class]="'tone-' + line.tone">
          <details>
            <summary>
              <span class="at">#{{ line.attempt.number }}</span>
              <parley-instant [at]="line.attempt.startedAt" />
              <span class="track" aria-hidden="true"><i [style.width.%]="line.share"></i></span>
              <span class="number took">{{ line.took }}</span>
              <span class="outcome clip">@if (line.attempt.httpStatus; as status) {<b class="fixed">{{ status }}</b>&ngsp;}{{ line.label }}</span>
            </summary>
            <div class="more">
              @if (line.attempt.error; as error) {<p>{{ error }}</p>}
              @if (line.answered) {<parley-json [value]="line.attempt.answer" [label]="'Answer to attempt ' + line.attempt.number" />} @else {<p class="faint">No answer was kept.</p>}
            </div>
          </details>
        </li>
      }
    </ol>
  `,
  styleUrl: './attempt-list.scss',
})
export class AttemptList {
  readonly attempts = input.required<readonly AttemptView[]>();
  protected readonly lines = computed(() => {
    const longest = Math.max(1, ...this.attempts().map((attempt) => attempt.durationMs ?? 0));
    return this.attempts().map((attempt) => {
      const word = attempt.outcome == null ? { tone: 'busy' as Tone, label: 'no result yet' } : (OUTCOMES[attempt.outcome.toLowerCase()] ?? { tone: 'calm' as Tone, label: attempt.outcome });
      return {
        attempt, ...word,
        took: attempt.durationMs == null || attempt.outcome === NOT_SENT ? '' : durationText(attempt.durationMs),
        share: Math.max(3, ((attempt.durationMs ?? 0) / longest) * 100),
        answered: attempt.answer !== undefined && attempt.answer !== null && attempt.answer !== '',
      };
    });
  });
}
