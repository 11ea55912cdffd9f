import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { sessionChangePassword, sessionEnd, sessionList } from '../api/functions';
import { apiResource, injectApi } from '../http/api-resource';
import { formProblemText } from '../http/field-problems';
import { latestOf } from '../http/latest';
import { Outcome } from '../http/outcome';
import { failureOf } from '../http/screen-status';
import { RowKeys } from '../keyboard/row-keys';
import { Instant } from '../ui/instant';
import { ListFrame } from '../ui/list-frame';
import { listStatus } from '../ui/list-status';
import { PageHeader } from '../ui/page-header';
import { ACCOUNT } from './account.text';
import { browserName } from './browser-name';

/** A person's own sessions and password. */
@Component({
  selector: 'parley-account',
  imports: [Instant, ListFrame, PageHeader, RowKeys],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './account-screen.html',
  styleUrl: './account-screen.scss',
})
export class AccountScreen {
  private readonly api = injectApi();
  private readonly outcome = inject(Outcome);
  private readonly read = apiResource(sessionList, () => ({}));
  private readonly page = latestOf(this.read);

  protected readonly text = ACCOUNT;
  protected readonly browserName = browserName;
  protected readonly sessions = computed(() => this.page()?.items ?? []);
  protected readonly failure = failureOf(this.read);
  protected readonly status = computed(() => listStatus({ loading: this.page() === undefined && this.failure() === undefined, failed: this.failure() !== undefined, count: this.sessions().length, filtered: false }));
  protected readonly busy = signal(false);
  protected readonly refusal = signal<string | undefined>(undefined);
  protected readonly done = signal(false);

  protected reload(): void { this.read.reload(); }

  protected async end(id: string): Promise<void> {
    if (await this.outcome.of(this.api(sessionEnd, { id }), ACCOUNT.ended)) this.reload();
  }

  protected change(event: Event): void {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const { current, next, again } = passwordsOf(form);
    this.done.set(false);
    this.refusal.set(next === again ? undefined : ACCOUNT.differ);
    if (next !== again || this.busy()) return;
    this.busy.set(true);
    this.api(sessionChangePassword, { body: { currentPassword: current, newPassword: next } }).subscribe({
      next: () => { this.busy.set(false); this.done.set(true); form.reset(); this.reload(); },
      error: (failure: unknown) => { this.busy.set(false); this.refusal.set(formProblemText(failure, { '/currentPassword': ACCOUNT.currentPassword, '/newPassword': ACCOUNT.newPassword })); },
    });
  }
}

function passwordsOf(form: HTMLFormElement): { readonly current: string; readonly next: string; readonly again: string } {
  const written = new FormData(form);
  const textOf = (name: string): string => { const value = written.get(name); return typeof value === 'string' ? value : ''; };
  return { current: textOf('current'), next: textOf('next'), again: textOf('again') };
}
