import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { retentionChange, retentionShow } from '../api/functions';
import { apiResource, injectApi } from '../http/api-resource';
import { formProblemText } from '../http/field-problems';
import { latestOf } from '../http/latest';
import { failureOf, screenStatus } from '../http/screen-status';
import { Session } from '../session/session';
import { PageHeader } from '../ui/page-header';
import { ScreenFrame } from '../ui/screen-frame';
import { RETENTION } from './alerts.text';

/** How long things are kept by the installation, and how far back this organization's people see. */
@Component({
  selector: 'parley-retention',
  imports: [PageHeader, ScreenFrame],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <parley-page-header [heading]="text.heading" [about]="text.about" />
    <parley-screen-frame [status]="status()" [failure]="failure()" (retry)="reload()">
      @if (retention(); as kept) {
        <section class="panel" aria-labelledby="kept">
          <header><h2 id="kept">{{ text.kept }}</h2><span class="faint small">{{ text.keptAbout }}</span></header>
          <dl class="facts panel-body">
            <dt>{{ text.messages }}</dt><dd>{{ daysText(kept.messageDays) }}</dd>
            <dt>{{ text.dead }}</dt><dd>{{ daysText(kept.deadDays) }}</dd>
            <dt>{{ text.audit }}</dt><dd>{{ daysText(kept.auditDays) }}</dd>
          </dl>
        </section>
        <section class="panel" aria-labelledby="shown">
          <header><h2 id="shown">{{ text.shown }}</h2></header>
          <form class="panel-body" (submit)="save($event, days.value)">
            <label>{{ text.shownLabel }}<input #days class="text-control" type="number" min="1" [value]="kept.shownDays ?? ''" [disabled]="!mayWrite()" aria-describedby="shown-help" /></label>
            <span id="shown-help" class="faint">{{ text.shownHelp }}</span>
            @if (mayWrite()) {<button type="submit" class="control strong" [disabled]="busy()">{{ busy() ? text.saving : text.save }}</button>}
            <span role="status" class="good">{{ told() }}</span>
          </form>
          @if (refusal(); as reason) {<p class="bad" role="alert">{{ reason }}</p>}
        </section>
      }
    </parley-screen-frame>
  `,
  styleUrl: './administration.scss',
})
export class Retention {
  private readonly api = injectApi();
  private readonly session = inject(Session);
  private readonly read = apiResource(retentionShow, () => ({}));

  protected readonly text = RETENTION;
  protected readonly retention = latestOf(this.read);
  protected readonly status = screenStatus(this.read, this.retention);
  protected readonly failure = failureOf(this.read);
  protected readonly mayWrite = computed(() => this.session.may('organizations:write'));
  protected readonly busy = signal(false);
  protected readonly told = signal('');
  protected readonly refusal = signal<string | undefined>(undefined);

  protected daysText(days: number): string { return days === 0 ? RETENTION.ever : RETENTION.days(days); }
  protected reload(): void { this.read.reload(); }

  protected async save(event: Event, days: string): Promise<void> {
    event.preventDefault();
    this.busy.set(true);
    this.told.set('');
    this.refusal.set(undefined);
    try {
      await firstValueFrom(this.api(retentionChange, { body: { shownDays: days === '' ? null : Number(days) } }));
      this.told.set(RETENTION.saved);
      this.reload();
    } catch (failure) {
      this.refusal.set(formProblemText(failure, { '/shownDays': RETENTION.shownLabel }));
    } finally {
      this.busy.set(false);
    }
  }
}
