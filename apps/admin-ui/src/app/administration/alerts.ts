import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import type { Observable } from 'rxjs';
import { alertList, alertRouteAdd, alertRouteConfirm, alertRouteList, alertRouteRemove, alertRouteSendCode, alertRouteTest } from '../api/functions';
import type { AlertRouteInputDto, AlertRouteView } from '../api/models';
import { apiResource, injectApi } from '../http/api-resource';
import { formProblemText } from '../http/field-problems';
import { latestOf } from '../http/latest';
import { Outcome } from '../http/outcome';
import { failureOf } from '../http/screen-status';
import { onLive } from '../live/on-live';
import { Session } from '../session/session';
import { RowKeys } from '../keyboard/row-keys';
import { Instant } from '../ui/instant';
import { ListFrame } from '../ui/list-frame';
import { listStatus } from '../ui/list-status';
import { PageHeader } from '../ui/page-header';
import { Question } from '../ui/question';
import { StateChip } from '../ui/state-chip';
import { ALERTS } from './alerts.text';

type Kind = AlertRouteInputDto['kind'];

/** What somebody should know of now, and who is told. */
@Component({
  selector: 'parley-alerts',
  imports: [Instant, ListFrame, PageHeader, RowKeys, StateChip],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './alerts.html',
  styleUrl: './administration.scss',
})
export class Alerts {
  private readonly api = injectApi();
  private readonly outcome = inject(Outcome);
  private readonly question = inject(Question);
  private readonly session = inject(Session);
  private readonly readAlerts = apiResource(alertList, () => ({ open: true, limit: 100 }));
  private readonly readRoutes = apiResource(alertRouteList, () => ({}));
  private readonly routePage = latestOf(this.readRoutes);
  private readonly alertPage = latestOf(this.readAlerts);

  protected readonly text = ALERTS;
  protected readonly kinds: readonly Kind[] = ['mail', 'slack', 'teams', 'webhook'];
  protected readonly kind = signal<Kind>('mail');
  protected readonly mayWrite = computed(() => this.session.may('configuration:write'));
  protected readonly alerts = computed(() => this.alertPage()?.items);
  protected readonly routes = computed(() => this.routePage()?.items ?? []);
  protected readonly failure = failureOf(this.readRoutes);
  protected readonly status = computed(() => listStatus({ loading: this.routePage() === undefined && this.failure() === undefined, failed: this.failure() !== undefined, count: this.routes().length, filtered: false }));
  protected readonly busy = signal(false);
  protected readonly refusal = signal<string | undefined>(undefined);

  constructor() {
    onLive(() => { this.readAlerts.reload(); });
  }

  protected add(event: Event, name: HTMLInputElement, target: HTMLInputElement, secret: string): void {
    event.preventDefault();
    if (this.busy()) return;
    this.busy.set(true);
    this.refusal.set(undefined);
    const kind = this.kind();
    const to = kind === 'mail' ? { to: target.value.split(',').map((one) => one.trim()).filter((one) => one !== '') } : { url: target.value.trim(), ...(secret === '' ? {} : { secret }) };
    this.api(alertRouteAdd, { body: { name: name.value.trim(), kind, target: to } }).subscribe({
      next: () => { this.busy.set(false); name.value = ''; target.value = ''; this.reload(); },
      error: (failure: unknown) => { this.busy.set(false); this.refusal.set(formProblemText(failure, { '/name': ALERTS.name, '/target/to': ALERTS.to, '/target/url': ALERTS.url })); },
    });
  }

  protected confirm(event: Event, { id }: AlertRouteView, code: string): void {
    event.preventDefault();
    void this.act(this.api(alertRouteConfirm, { id, body: { code: code.trim() } }), ALERTS.confirmed);
  }

  protected resend({ id }: AlertRouteView): void { void this.act(this.api(alertRouteSendCode, { id }), ALERTS.resent); }
  protected test({ id }: AlertRouteView): void { void this.act(this.api(alertRouteTest, { id }), ALERTS.tested); }

  protected async remove({ id, name }: AlertRouteView): Promise<void> {
    if (await this.question.ask({ title: ALERTS.removeTitle(name), text: ALERTS.removeText, act: ALERTS.remove })) await this.act(this.api(alertRouteRemove, { id }), ALERTS.removed);
  }

  protected reload(): void { this.readRoutes.reload(); }
  protected choose(kind: string): void { this.kind.set(kind as Kind); }

  private async act(call: Observable<unknown>, done: string): Promise<void> {
    if (await this.outcome.of(call, done)) this.reload();
  }
}
