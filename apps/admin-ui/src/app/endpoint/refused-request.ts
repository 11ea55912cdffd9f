import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { refusalShow } from '../api/functions';
import { apiResource } from '../http/api-resource';
import { latestOf } from '../http/latest';
import { failureOf } from '../http/screen-status';
import { Session } from '../session/session';
import { RequestText } from '../ui/request-text';
import { sizeText } from '../ui/time-text';
import { REFUSED, refusalWords } from './refused.text';

/** One refused request: why, what to do about it, its headers and what is kept of its body. */
@Component({
  selector: 'parley-refused-request',
  imports: [RequestText, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (refusal(); as one) {
      <section>
        <h2>{{ text.whatToDo }}</h2>
        <p>{{ words().advice }}</p>
        <p class="ways">
          @if (mayWrite()) {<a class="control small" [routerLink]="['/endpoints', one.endpoint, 'edit']">{{ text.settings }}</a>}
          <a class="control small" [routerLink]="['/endpoints', one.endpoint]">{{ text.endpoint }}</a>
        </p>
        <h2>{{ text.told }}</h2>
        <p><b class="fixed">{{ one.status }}</b> {{ one.reason }}</p>
      </section>
      <section>
        <h2>{{ text.request }}</h2>
        <p class="faint">{{ notes() }}</p>
        <parley-request-text [request]="request()" [label]="text.request" />
      </section>
    } @else if (failure(); as reason) {<p class="bad" role="alert">{{ reason }}</p>}
    @else {<p class="faint" role="status">{{ text.loading }}</p>}
  `,
  styles: `
    :host { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 12px 32px; padding: 4px 0 8px; }
    section { display: grid; gap: 6px; align-content: start; min-width: 0; }
    h2 { color: var(--text-soft); font-size: 0.75rem; }
    .ways { display: flex; flex-wrap: wrap; gap: 8px; margin-bottom: 8px; }
    p { overflow-wrap: anywhere; }
    .bad { color: var(--bad); }
    @media (max-width: 700px) { :host { grid-template-columns: minmax(0, 1fr); } }
  `,
})
export class RefusedRequest {
  private readonly session = inject(Session);
  readonly requestId = input.required<string>();
  private readonly read = apiResource(refusalShow, () => ({ id: this.requestId() }));

  protected readonly text = REFUSED;
  protected readonly refusal = latestOf(this.read, this.requestId);
  protected readonly failure = failureOf(this.read);
  protected readonly mayWrite = computed(() => this.session.may('endpoints:write'));
  protected readonly words = computed(() => refusalWords(this.refusal() ?? { code: '', status: 0 }));
  protected readonly request = computed(() => ({ method: null, url: null, headers: this.refusal()?.headers ?? {}, body: this.refusal()?.body ?? '' }));
  protected readonly notes = computed(() => {
    const { headers = {}, bytes = 0, size = 0, truncated = false, status = 0 } = this.refusal() ?? {};
    const ofBody = bytes === 0 ? (status === 403 ? REFUSED.noBody : REFUSED.emptyBody) : truncated ? REFUSED.cut(sizeText(bytes), sizeText(size)) : '';
    return [Object.keys(headers).length === 0 ? REFUSED.noHeaders : '', ofBody, REFUSED.hidden].filter((note) => note !== '').join(' ');
  });
}
