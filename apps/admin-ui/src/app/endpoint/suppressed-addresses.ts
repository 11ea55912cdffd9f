import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { suppressedAddressLift, suppressedAddressList } from '../api/functions';
import type { SuppressedAddressDto } from '../api/models';
import { apiResource, injectApi } from '../http/api-resource';
import { latestOf } from '../http/latest';
import { Outcome } from '../http/outcome';
import { onLive } from '../live/on-live';
import { Instant } from '../ui/instant';
import { SUPPRESSED } from './suppressed-addresses.text';

/** Addresses to which an endpoint sends nothing any more, and why. Nothing where there are none. */
@Component({
  selector: 'parley-suppressed-addresses',
  imports: [Instant, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (page(); as page) {
      @if (page.items.length > 0) {
        <section class="panel" aria-labelledby="suppressed">
          <header><h2 id="suppressed">{{ text.heading }}</h2></header>
          <p class="panel-body soft">{{ text.about }}@if (page.next !== null) {&ngsp;{{ text.more(page.items.length) }}}</p>
          <table class="rows">
            <thead><tr><th scope="col">{{ text.columns.address }}</th><th scope="col">{{ text.columns.reason }}</th><th scope="col">{{ text.columns.bounces }}</th><th scope="col">{{ text.columns.since }}</th><th scope="col"><span class="unseen">{{ text.columns.acts }}</span></th></tr></thead>
            <tbody>
              @for (one of page.items; track one.address) {
                <tr>
                  <td class="wrap">@if (one.messageId; as message) {<a [routerLink]="['/messages', message]">{{ one.address }}</a>} @else {{{ one.address }}}</td>
                  <td class="soft wrap">{{ one.reason }}</td>
                  <td class="number">{{ one.bounces }}</td>
                  <td><parley-instant [at]="one.suppressedAt" as="distance" /></td>
                  <td class="right">@if (mayOperate()) {<button type="button" class="control small" [attr.aria-label]="text.lift + ' ' + one.address" (click)="lift(one)">{{ text.lift }}</button>}</td>
                </tr>
              }
            </tbody>
          </table>
        </section>
      }
    }
  `,
  styles: `:host { display: contents; } .wrap { overflow-wrap: anywhere; } .right { text-align: end; } .panel { overflow: clip; }`,
})
export class SuppressedAddresses {
  readonly endpointId = input.required<string>();
  readonly mayOperate = input(false);
  private readonly api = injectApi();
  private readonly outcome = inject(Outcome);
  private readonly read = apiResource(suppressedAddressList, () => ({ id: this.endpointId() }));

  protected readonly text = SUPPRESSED;
  protected readonly page = latestOf(this.read, this.endpointId);

  constructor() {
    onLive(() => { this.read.reload(); });
  }

  protected async lift({ address }: SuppressedAddressDto): Promise<void> {
    if (await this.outcome.of(this.api(suppressedAddressLift, { id: this.endpointId(), address }), SUPPRESSED.lifted)) this.read.reload();
  }
}
