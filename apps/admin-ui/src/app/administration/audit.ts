import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { auditCheck, auditList } from '../api/functions';
import type { AuditCheckView, AuditEntryView } from '../api/models';
import { injectApi } from '../http/api-resource';
import { pagedList } from '../http/paged-list';
import { problemText } from '../http/problem-text';
import { onLive } from '../live/on-live';
import { Session } from '../session/session';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { JsonView } from '../ui/json-view';
import { ListFrame } from '../ui/list-frame';
import { PageHeader } from '../ui/page-header';
import { AUDIT } from './administration.text';

/** Who changed what, newest first, and whether the chain of entries is whole. */
@Component({
  selector: 'parley-audit',
  imports: [Icon, Instant, JsonView, ListFrame, PageHeader],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './audit.html',
  styleUrl: './administration.scss',
})
export class Audit {
  private readonly api = injectApi();
  protected readonly session = inject(Session);

  protected readonly text = AUDIT;
  protected readonly verifying = signal(false);
  protected readonly verdict = signal<{ readonly isGood: boolean; readonly words: string } | undefined>(undefined);
  protected readonly list = pagedList<AuditEntryView, object>({
    params: signal({}), filtered: () => false, idOf: (entry) => entry.seq,
    load: (_, cursor) => this.api(auditList, { cursor, limit: 50 }),
  });

  constructor() {
    onLive(() => { this.list.refresh(); });
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
