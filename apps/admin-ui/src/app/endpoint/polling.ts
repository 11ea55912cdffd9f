import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { pollList, pollRun } from '../api/functions';
import type { PollDto } from '../api/models';
import { apiResource, injectApi } from '../http/api-resource';
import { latestOf } from '../http/latest';
import { Outcome } from '../http/outcome';
import { onLive } from '../live/on-live';
import { Instant } from '../ui/instant';
import { StateChip } from '../ui/state-chip';
import { durationText } from '../ui/time-text';
import { ENDPOINT } from './endpoint.text';

/** What is fetched from an endpoint by asking: how often, how far, how it went. Nothing where nothing is fetched. */
@Component({
  selector: 'parley-polling',
  imports: [Instant, StateChip],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (polls()?.items; as items) {
      @if (items.length > 0) {
        <section class="panel" aria-labelledby="polling">
          <header><h2 id="polling">{{ text.polling }}</h2></header>
          <table class="rows">
            <thead><tr><th scope="col">{{ text.pollColumns.channel }}</th><th scope="col">{{ text.pollColumns.last }}</th><th scope="col">{{ text.pollColumns.next }}</th><th scope="col">{{ text.pollColumns.fetched }}</th><th scope="col"><span class="unseen">{{ text.pollColumns.acts }}</span></th></tr></thead>
            <tbody>
              @for (poll of items; track poll.channel) {
                <tr>
                  <td><strong class="fixed">{{ poll.channel }}</strong><p class="faint">{{ text.every }} {{ durationText(poll.everyMs) }}</p></td>
                  <td>@if (poll.lastPollAt; as at) {<parley-instant [at]="at" as="distance" />} @else {–} @if (poll.failuresInRow > 0) {<parley-state state="WARNING" [label]="text.pollFailed(poll.failuresInRow)" /><p class="bad wrap">{{ poll.lastError }}</p>}</td>
                  <td>@if (poll.running) {{{ text.pollRunning }}} @else if (poll.nextAt) {<parley-instant [at]="poll.nextAt" as="due" />}</td>
                  <td class="number">{{ poll.fetched }}</td>
                  <td class="right">@if (mayOperate()) {<button type="button" class="control small" [disabled]="poll.running" (click)="run(poll)">{{ text.pollNow }}</button>}</td>
                </tr>
              }
            </tbody>
          </table>
        </section>
      }
    }
  `,
  styles: `:host { display: contents; } .bad { color: var(--bad); } .wrap { overflow-wrap: anywhere; } .right { text-align: end; } .panel { overflow: clip; }`,
})
export class Polling {
  readonly endpointId = input.required<string>();
  readonly mayOperate = input(false);
  private readonly api = injectApi();
  private readonly outcome = inject(Outcome);
  private readonly read = apiResource(pollList, () => ({ id: this.endpointId() }));

  protected readonly text = ENDPOINT;
  protected readonly durationText = durationText;
  protected readonly polls = latestOf(this.read, this.endpointId);

  constructor() {
    onLive(() => { this.read.reload(); });
  }

  protected async run({ channel }: PollDto): Promise<void> {
    if (await this.outcome.of(this.api(pollRun, { id: this.endpointId(), channel }), ENDPOINT.polled)) this.read.reload();
  }
}
