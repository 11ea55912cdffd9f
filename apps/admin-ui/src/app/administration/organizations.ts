import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { organizationCreate, organizationList } from '../api/functions';
import { apiResource, injectApi } from '../http/api-resource';
import { formProblemText } from '../http/field-problems';
import { latestOf } from '../http/latest';
import { failureOf } from '../http/screen-status';
import { Session } from '../session/session';
import { RowKeys } from '../keyboard/row-keys';
import { ListFrame } from '../ui/list-frame';
import { listStatus } from '../ui/list-status';
import { PageHeader } from '../ui/page-header';
import { ORGANIZATIONS, PEOPLE } from './administration.text';

/** The organizations that one belongs to; a new one begins empty, with oneself as its administrator. */
@Component({
  selector: 'parley-organizations',
  imports: [ListFrame, PageHeader, RowKeys],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './organizations.html',
  styleUrl: './administration.scss',
})
export class Organizations {
  private readonly api = injectApi();
  private readonly session = inject(Session);
  private readonly read = apiResource(organizationList, () => ({}));
  private readonly page = latestOf(this.read);

  protected readonly text = ORGANIZATIONS;
  protected readonly mayWrite = computed(() => this.session.may('organizations:write'));
  protected readonly own = computed(() => this.session.view()?.organization.id);
  protected readonly organizations = computed(() => this.page()?.items ?? []);
  protected readonly failure = failureOf(this.read);
  protected readonly status = computed(() => listStatus({ loading: this.page() === undefined && this.failure() === undefined, failed: this.failure() !== undefined, count: this.organizations().length, filtered: false }));
  protected readonly busy = signal(false);
  protected readonly refusal = signal<string | undefined>(undefined);

  protected roleLabel(role: string): string { return PEOPLE.roles[role as keyof typeof PEOPLE.roles]?.label ?? role; }
  protected reload(): void { this.read.reload(); }
  protected switchTo(slug: string): void { void this.session.switchTo(slug); }

  protected add(event: Event, name: HTMLInputElement, slug: HTMLInputElement): void {
    event.preventDefault();
    if (this.busy()) return;
    this.busy.set(true);
    this.refusal.set(undefined);
    this.api(organizationCreate, { body: { name: name.value.trim(), slug: slug.value.trim() } }).subscribe({
      next: () => { this.busy.set(false); name.value = ''; slug.value = ''; this.read.reload(); },
      error: (failure: unknown) => { this.busy.set(false); this.refusal.set(formProblemText(failure, { '/name': ORGANIZATIONS.columns.name, '/slug': ORGANIZATIONS.slug })); },
    });
  }
}
