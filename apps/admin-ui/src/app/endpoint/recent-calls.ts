import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { deliveryList } from '../api/functions';
import { apiResource } from '../http/api-resource';
import { latestOf } from '../http/latest';
import { failureOf } from '../http/screen-status';
import { onLive } from '../live/on-live';
import { RowKeys } from '../keyboard/row-keys';
import { Instant } from '../ui/instant';
import { StateChip } from '../ui/state-chip';
import { ENDPOINT } from './endpoint.text';

const LATEST = 8;

/** The latest deliveries to an endpoint and what it answered. */
@Component({
  selector: 'parley-recent-calls',
  imports: [Instant, RouterLink, RowKeys, StateChip],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="panel" aria-labelledby="calls" parleyRowKeys>
      <header><h2 id="calls">{{ text.calls }}</h2><a class="small" routerLink="/deliveries" [queryParams]="{ status: 'all', endpoint: endpointId() }">{{ text.allCalls }}</a></header>
      @if (page(); as page) {
        <table class="rows">
          <colgroup><col class="when" /><col class="what" /><col class="state" /><col /></colgroup>
          <thead class="unseen"><tr><th scope="col">{{ text.callColumns.at }}</th><th scope="col">{{ text.callColumns.what }}</th><th scope="col">{{ text.callColumns.state }}</th><th scope="col">{{ text.callColumns.answer }}</th></tr></thead>
          <tbody>
            @for (delivery of page.items; track delivery.id) {
              <tr><td class="soft"><parley-instant [at]="delivery.finishedAt ?? delivery.createdAt" /></td><td><a class="row-link" [routerLink]="['/messages', delivery.messageId]"><span class="tag">{{ delivery.operation }}</span> <span class="fixed clip">{{ delivery.ticketId ?? delivery.entityType }}</span></a></td><td><parley-state [state]="delivery.state" [quiet]="delivery.state === 'SENT'" /></td>
                <td class="soft clip" [attr.title]="delivery.error">@if (delivery.httpStatus) {<b class="fixed">{{ delivery.httpStatus }}</b>&ngsp;}{{ delivery.state === 'SENT' ? '' : delivery.error }}</td></tr>
            } @empty {<tr><td colspan="4" class="faint">{{ text.noCalls }}</td></tr>}
          </tbody>
        </table>
      } @else if (failure(); as reason) {<p class="panel-body bad" role="alert">{{ reason }}</p>}
      @else {<p class="panel-body faint" role="status">{{ text.loading }}</p>}
    </section>
  `,
  styles: `
    .panel { overflow: clip; }
    .small { font-size: 0.75rem; }
    .when { width: 128px; }
    .what { width: 34%; }
    .state { width: 110px; }
    .row-link { display: flex; align-items: center; gap: 8px; min-height: 24px; }
    @media (max-width: 700px) { .when { width: 92px; } .what { width: 44%; } }
    .bad { color: var(--bad); }
  `,
})
export class RecentCalls {
  readonly endpointId = input.required<string>();
  private readonly read = apiResource(deliveryList, () => ({ endpoint: this.endpointId(), limit: LATEST }));

  protected readonly text = ENDPOINT;
  protected readonly page = latestOf(this.read, this.endpointId);
  protected readonly failure = failureOf(this.read);

  constructor() {
    onLive(() => { this.read.reload(); });
  }
}
