import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { endpointRead, requestPreviewPreview } from '../api/functions';
import type { DeliveryDetail } from '../api/models';
import { apiResource } from '../http/api-resource';
import { latestOf } from '../http/latest';
import { failureOf } from '../http/screen-status';
import { Session } from '../session/session';
import { RequestText } from '../ui/request-text';
import { MESSAGE } from './message.text';
import { sameAsSent } from './same-as-sent';

/** The request of a delivery, made when somebody opens it: from what it carries and the settings of its endpoint, without any secret. */
@Component({
  selector: 'parley-delivery-request',
  imports: [RequestText],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <details (toggle)="isOpen.set($any($event.target).open)">
      <summary>{{ text.request }}</summary>
      @if (isOpen()) {
        <div class="shown">
          @if (request(); as made) {
            @if (made.problem) {<p class="wait">{{ text.noRequest(made.problem) }}</p>} @else {<p class="faint">{{ note() }}</p>}
            <parley-request-text [request]="made" [label]="text.request" />
          } @else if (failure(); as reason) {<p class="bad" role="alert">{{ reason }}</p>}
          @else {<p class="faint" role="status">{{ text.loading }}</p>}
        </div>
      }
    </details>
  `,
  styles: `
    summary { width: max-content; min-height: 24px; padding: 4px; border-radius: 5px; color: var(--text-soft); font-size: 0.75rem; cursor: pointer; }
    .shown { display: grid; gap: 6px; padding: 2px 4px 8px 18px; font-size: 0.75rem; }
    .wait { color: var(--wait); }
    .bad { color: var(--bad); }
  `,
})
export class RequestPanel {
  private readonly session = inject(Session);
  readonly delivery = input.required<DeliveryDetail>();
  /** The attempt whose request it is; absent: the one that would be made now. */
  readonly attempt = input<{ readonly startedAt: string }>();
  protected readonly isOpen = signal(false);
  protected readonly text = MESSAGE;
  private readonly place = computed(() => JSON.stringify([this.delivery().id, this.delivery().attributes]));
  private readonly read = apiResource(requestPreviewPreview, () => {
    if (!this.isOpen()) return undefined;
    const { id, endpoint, entityType, messageType, operation, ticketId, attributes } = this.delivery();
    return { id: endpoint, body: { id, entityType, messageType, operation, ticketId: operation === 'CREATE' ? null : ticketId, attributes } };
  });
  private readonly readEndpoint = apiResource(endpointRead, () => (this.isOpen() && this.session.may('endpoints:read') ? { id: this.delivery().endpoint } : undefined));
  private readonly endpoint = latestOf(this.readEndpoint);
  protected readonly request = latestOf(this.read, this.place);
  protected readonly failure = failureOf(this.read);
  protected readonly note = computed(() => {
    const { attachments, attemptList } = this.delivery();
    const attempt = this.attempt();
    return [MESSAGE.requestNotes[sameAsSent(attempt === undefined ? attemptList : [attempt], this.endpoint()?.updatedAt)], ...(attachments.length > 0 ? [MESSAGE.filesBesides] : [])].join(' ');
  });
}
