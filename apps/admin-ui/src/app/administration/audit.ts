import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { auditCheck, auditList } from '../api/functions';
import type { AuditCheckView, AuditEntryView } from '../api/models';
import { injectApi } from '../http/api-resource';
import { pagedList } from '../http/paged-list';
import { problemText } from '../http/problem-text';
import { sinceInstant } from '../http/since';
import { SearchKey } from '../keyboard/search-key';
import { onLive } from '../live/on-live';
import { RowKeys } from '../keyboard/row-keys';
import { ChoiceFilter } from '../ui/choice-filter';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { JsonView } from '../ui/json-view';
import { ListFrame } from '../ui/list-frame';
import { PageHeader } from '../ui/page-header';
import { AUDIT } from './administration.text';
import { type AuditFilter, auditQuery, placeOf } from './audit-filter';

const now = (since: string | undefined): string | undefined => sinceInstant(since, Date.now());

/** Who changed what, newest first; which part of it is shown stands in the address. */
@Component({
  selector: 'parley-audit',
  imports: [CdkMenu, CdkMenuItem, CdkMenuTrigger, ChoiceFilter, Icon, Instant, JsonView, ListFrame, PageHeader, RouterLink, RowKeys, SearchKey],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './audit.html',
  styleUrls: ['./administration.scss', './audit.scss'],
})
export class Audit {
  private readonly api = injectApi();
  private readonly router = inject(Router);

  readonly subject = input<string>();
  readonly actor = input<string>();
  readonly action = input<string>();
  readonly since = input<string>();

  protected readonly text = AUDIT;
  protected readonly placeOf = placeOf;
  /** The entry whose details are shown. */
  protected readonly opened = signal<string | undefined>(undefined);
  protected readonly verifying = signal(false);
  protected readonly verdict = signal<{ readonly isGood: boolean; readonly words: string } | undefined>(undefined);
  private readonly wanted = computed<AuditFilter>(() => ({ subject: this.subject(), actor: this.actor(), action: this.action(), since: this.since() }));
  protected readonly filtered = computed(() => Object.values(this.wanted()).some((value) => value !== undefined && value !== ''));
  protected readonly list = pagedList<AuditEntryView, AuditFilter>({
    params: this.wanted, filtered: this.filtered, idOf: (entry) => entry.seq,
    load: (wanted, cursor) => this.api(auditList, { ...auditQuery(wanted, now), cursor, limit: 50 }),
  });
  /** People are known by having been seen. */
  protected readonly actors = computed(() => [...new Set([...this.list.rows().map((entry) => entry.actorName), ...(this.actor() === undefined ? [] : [this.actor() ?? ''])])].sort().map((value) => ({ value, label: value })));

  constructor() {
    onLive(() => { this.list.refresh(); });
  }

  protected narrow(change: AuditFilter): void {
    const queryParams = Object.fromEntries(Object.entries(change).map(([name, value]) => [name, value === '' || value === undefined ? null : String(value)]));
    void this.router.navigate([], { queryParams, queryParamsHandling: 'merge' });
  }

  protected clear(): void {
    void this.router.navigate([], { queryParams: {} });
  }

  /** Where the browser gets all that the filters show as a file, at the moment it is asked. */
  protected fileAddress(format: 'csv' | 'ndjson'): string {
    return `/api/v1/audit/export?${new URLSearchParams({ ...auditQuery(this.wanted(), now), format }).toString()}`;
  }

  protected toggle(seq: string): void {
    this.opened.update((before) => (before === seq ? undefined : seq));
  }

  protected hasDetails({ details }: AuditEntryView): boolean {
    return Object.keys(details).length > 0;
  }

  protected verify(): void {
    if (this.verifying()) return;
    this.verifying.set(true);
    this.verdict.set(undefined);
    this.api(auditCheck, {}).subscribe({
      next: (check) => { this.verifying.set(false); this.verdict.set(verdictOf(check)); },
      error: (failure: unknown) => { this.verifying.set(false); this.verdict.set({ isGood: false, words: problemText(failure) }); },
    });
  }
}

/** What the check of the chain found, as a sentence. */
export const verdictOf = ({ intact, entries, brokenAt, reason }: AuditCheckView): { readonly isGood: boolean; readonly words: string } =>
  ({ isGood: intact, words: intact ? AUDIT.intact(entries) : AUDIT.broken(brokenAt, reason) });
