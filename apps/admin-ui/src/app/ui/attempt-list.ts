import { NgTemplateOutlet } from '@angular/common';
import { ChangeDetectionStrategy, Component, type TemplateRef, computed, contentChild, input } from '@angular/core';
import { ATTEMPTS } from './attempt-list.text';
import { CopyButton } from './copy-button';
import { Instant } from './instant';
import { JsonView } from './json-view';
import { requestLines } from './request-lines';
import { RequestText } from './request-text';
import { durationText, sizeText } from './time-text';
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
  /** What was sent, where that is kept. */
  readonly request?: SentView | null;
}

/** A request as it was sent. */
export interface SentView {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Its beginning; null where there is none, or no text. */
  readonly body: string | null;
  readonly bodyBytes: number;
  /** Requests of the same attempt that went before it. */
  readonly earlier: number;
}

/** What is left out of a request that is shown, in words. */
function leftOut({ body, bodyBytes, earlier }: SentView): string {
  const shownBytes = new TextEncoder().encode(body ?? '').length;
  const cut = body === null && bodyBytes > 0 ? [ATTEMPTS.noText(sizeText(bodyBytes))] : shownBytes >= 16_384 && bodyBytes > shownBytes ? [ATTEMPTS.cut(sizeText(shownBytes), sizeText(bodyBytes))] : [];
  return [...(earlier > 0 ? [ATTEMPTS.earlier(earlier)] : []), ...cut].join(' ');
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

/** Every attempt of a delivery: when, how long, what was sent and what the target answered. `<ng-template #derived>` shows the request of one that kept none. */
@Component({
  selector: 'parley-attempts',
  imports: [CopyButton, Instant, JsonView, NgTemplateOutlet, RequestText],
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
              @if (line.sent; as sent) {
                <p class="label">{{ text.request }} <parley-copy [value]="sent.lines" [label]="text.copy" /></p>
                @if (sent.leftOut) {<p class="faint">{{ sent.leftOut }}</p>}
                <parley-request-text [request]="sent.request" [label]="'Request of attempt ' + line.attempt.number" />
                <p class="label">{{ text.answer }}</p>
              } @else if (derived(); as shown) {<ng-container [ngTemplateOutlet]="shown" [ngTemplateOutletContext]="{ $implicit: line.attempt }" />}
              @if (line.answered) {<parley-json [value]="line.attempt.answer" [label]="'Answer to attempt ' + line.attempt.number" />} @else {<p class="faint">{{ text.noAnswer }}</p>}
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
  protected readonly text = ATTEMPTS;
  protected readonly derived = contentChild<TemplateRef<{ readonly $implicit: AttemptView }>>('derived');
  protected readonly lines = computed(() => {
    const longest = Math.max(1, ...this.attempts().map((attempt) => attempt.durationMs ?? 0));
    return this.attempts().map((attempt) => {
      const word = attempt.outcome == null ? { tone: 'busy' as Tone, label: 'no result yet' } : (OUTCOMES[attempt.outcome.toLowerCase()] ?? { tone: 'calm' as Tone, label: attempt.outcome });
      return {
        attempt, ...word,
        took: attempt.durationMs == null || attempt.outcome === NOT_SENT ? '' : durationText(attempt.durationMs),
        share: Math.max(3, ((attempt.durationMs ?? 0) / longest) * 100),
        sent: attempt.request == null ? undefined : { request: { ...attempt.request, body: attempt.request.body ?? '' }, lines: requestLines({ ...attempt.request, body: attempt.request.body ?? '' }), leftOut: leftOut(attempt.request) },
        answered: attempt.answer !== undefined && attempt.answer !== null && attempt.answer !== '',
      };
    });
  });
}
