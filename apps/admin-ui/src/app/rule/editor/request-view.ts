import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { requestPreviewPreview } from '../../api/functions';
import type { PreviewedMessageDto } from '../../api/models';
import { apiResource } from '../../http/api-resource';
import { latestOf } from '../../http/latest';
import { problemText } from '../../http/problem-text';
import { JsonView } from '../../ui/json-view';
import { RequestText } from '../../ui/request-text';
import { type SentMessage, nested } from './bench-comparison';
import { BENCH } from './bench.text';
import { canonical } from './document-edit';

/** The request that a message would become; nothing is sent, and no secret is in it. */
@Component({
  selector: 'parley-request-view',
  imports: [JsonView, RequestText],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <p class="faint">{{ label() }}</p>
    @if (message(); as sent) {
      @if (shown(); as request) {
        @if (request.problem) {<p class="problem">{{ text.noRequest(request.problem) }}</p>}
        <parley-request-text [request]="request" [label]="label() + ': ' + sent.title" />
      } @else if (failure(); as why) {<p class="problem" role="alert">{{ why }}</p><parley-json [value]="attributes()" [label]="sent.title" />}
      @else {<p class="faint" role="status">{{ text.deciding }}</p>}
    } @else {<p class="faint">{{ text.notSent }}</p>}
  `,
  styles: `
    :host { display: grid; gap: 6px; align-content: start; min-width: 0; font-size: 0.75rem; }
    .problem { color: var(--wait); overflow-wrap: anywhere; }
  `,
})
export class RequestView {
  readonly label = input.required<string>();
  readonly message = input<SentMessage>();
  /** The ticket id at the target, where it is known. */
  readonly ticketId = input<string>();
  protected readonly text = BENCH;
  private readonly asked = computed(() => { const sent = this.message(); return sent === undefined ? undefined : { id: sent.endpoint, body: { entityType: sent.entityType, messageType: sent.messageType, operation: sent.operation as PreviewedMessageDto['operation'], ticketId: this.ticketId() ?? null, attributes: sent.attributes } }; }, { equal: (one, other) => canonical(one) === canonical(other) });
  private readonly read = apiResource(requestPreviewPreview, this.asked);
  protected readonly shown = latestOf(this.read, this.asked);
  protected readonly failure = computed(() => { const failure = this.read.error(); return failure === undefined ? undefined : problemText(failure); });
  protected readonly attributes = computed(() => nested(this.message()?.attributes ?? {}));
}
