import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { JsonView } from './json-view';

/** A request as far as it is shown: no secret is in it. */
export interface ShownRequest {
  readonly method: string | null;
  readonly url: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request to another system: its line, headers and body. */
@Component({
  selector: 'parley-request-text',
  imports: [JsonView],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (request().method) {<p class="line fixed"><strong>{{ request().method }}</strong> {{ request().url }}</p>}
    @if (headers().length > 0) {<dl class="fixed">@for (header of headers(); track header[0]) {<dt>{{ header[0] }}</dt><dd>{{ header[1] }}</dd>}</dl>}
    @if (request().body) {<parley-json [value]="request().body" [label]="label()" />}
  `,
  styles: `
    :host { display: grid; gap: 6px; align-content: start; min-width: 0; font-size: 0.75rem; }
    .line { overflow-wrap: anywhere; }
    dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0 10px; font-size: 0.6875rem; }
    dt { color: var(--text-faint); }
    dd { overflow-wrap: anywhere; }
  `,
})
export class RequestText {
  readonly request = input.required<ShownRequest>();
  readonly label = input.required<string>();
  protected readonly headers = computed(() => Object.entries(this.request().headers));
}
