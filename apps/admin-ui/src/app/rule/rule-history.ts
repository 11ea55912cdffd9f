import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { RuleHistoryEntryDto } from '../api/models';
import type { PagedList } from '../http/paged-list';
import { Instant } from '../ui/instant';
import { ListFrame } from '../ui/list-frame';
import { RULE } from './rule.text';

/** What was done to a rule, by whom, and why. */
@Component({
  selector: 'parley-rule-history',
  imports: [Instant, ListFrame, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="panel" [attr.aria-label]="text.views.history">
      <parley-list-frame icon="log" [status]="list().status()" [failure]="list().failure()" [stale]="list().stale()" [emptyTitle]="text.noHistory" [hasMore]="list().hasMore()" [loadingMore]="list().loadingMore()" (retry)="list().reload()" (more)="list().more()">
        <ol>
          @for (entry of list().rows(); track entry.seq) {
            <li>
              <span class="line"><strong>{{ text.acts[entry.action] ?? entry.action }}</strong>@if (entry.version; as version) {<a class="number" [routerLink]="[]" [queryParams]="{ version: version, view: null }" queryParamsHandling="merge">v{{ version }}</a>}<span class="gap"></span><parley-instant class="faint" [at]="entry.at" /></span>
              @if (entry.changeDescription) {<span class="soft">{{ entry.changeDescription }}</span>}
              @for (line of detailsOf(entry); track line) {<span class="soft">{{ line }}</span>}
              <span class="faint">{{ entry.by }}</span>
            </li>
          }
        </ol>
      </parley-list-frame>
    </section>
  `,
  styles: `
    li { display: flex; flex-direction: column; gap: 2px; padding: 10px 16px; font-size: 0.8125rem; overflow-wrap: anywhere; & + li { border-top: 1px solid var(--line); } }
    .line { display: flex; align-items: center; gap: 8px; }
    .gap { flex: 1; }
  `,
})
export class RuleHistory {
  readonly list = input.required<PagedList<RuleHistoryEntryDto>>();
  protected readonly text = RULE;

  protected detailsOf({ details }: RuleHistoryEntryDto): readonly string[] {
    const { reason, testsOverridden, failedTests } = details as { readonly reason?: unknown; readonly testsOverridden?: unknown; readonly failedTests?: unknown };
    return [
      ...(typeof reason === 'string' && reason !== '' ? [`“${reason}”`] : []),
      ...(typeof testsOverridden === 'string' ? [RULE.overridden(testsOverridden)] : []),
      ...(Array.isArray(failedTests) ? failedTests.map(String) : []),
    ];
  }
}
