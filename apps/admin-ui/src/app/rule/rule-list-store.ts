import { HttpClient, HttpErrorResponse } from '@angular/common/http';
import { Injectable, computed, inject, signal } from '@angular/core';
import { MatSnackBar } from '@angular/material/snack-bar';
import { firstValueFrom } from 'rxjs';
import { ruleBulkAct, ruleBulkExport, ruleEditingHits, ruleList } from '../api/functions';
import type { RuleSummaryDto } from '../api/models';
import { apiResource, injectApi } from '../http/api-resource';
import { fieldProblems } from '../http/field-problems';
import { latestOf } from '../http/latest';
import { pagedList } from '../http/paged-list';
import { problemText } from '../http/problem-text';
import { Session } from '../session/session';
import { Systems } from '../system/systems';
import { listStatus } from '../ui/list-status';
import { rowSelection } from '../ui/row-selection';
import { saveFile } from './save-file';
import { type RuleFilter, isFiltered, shownRules } from './rule-filter';
import { RULES } from './rule.text';

const PAGE = 200;

export type BulkAction = 'enable' | 'disable' | 'delete';
export type BulkResult = { readonly kind: 'done' } | { readonly kind: 'tests-failed' | 'refused'; readonly problems: readonly string[] };

/** The rules, by name. On or off is asked of the server; the rest is looked for among what is loaded. */
@Injectable()
export class RuleListStore {
  private readonly api = injectApi();
  private readonly http = inject(HttpClient);
  private readonly session = inject(Session);
  private readonly notice = inject(MatSnackBar);
  private readonly wanted = signal<RuleFilter | undefined>(undefined);
  private readonly asked = computed(() => { const wanted = this.wanted(); return wanted === undefined ? undefined : (wanted.enabled ?? 'any'); });
  private readonly readHits = apiResource(ruleEditingHits, () => ({}));
  private readonly hitPage = latestOf(this.readHits);

  readonly systems = inject(Systems);
  readonly mayWrite = computed(() => this.session.may('rules:write'));
  /** Per day, by rule; empty while they are not known. */
  readonly hits = computed<ReadonlyMap<string, number>>(() => new Map((this.hitPage()?.items ?? []).map((hit) => [hit.ruleId, hit.perDay])));
  readonly knowsHits = computed(() => this.hitPage() !== undefined);
  readonly filtered = computed(() => isFiltered(this.wanted() ?? {}));
  readonly list = pagedList<RuleSummaryDto, string>({
    params: this.asked,
    filtered: this.filtered,
    load: (enabled, cursor) => this.api(ruleList, { enabled: enabled === 'any' ? undefined : enabled === 'true', cursor, limit: PAGE }),
    idOf: (rule) => rule.ruleId,
  });
  readonly rows = computed(() => shownRules(this.list.rows(), this.wanted() ?? {}, { nameOf: (endpoint) => this.systems.nameOf(endpoint), hits: this.hits() }));
  readonly status = computed(() => (this.list.status() === 'ready' ? listStatus({ loading: false, failed: false, count: this.rows().length, filtered: true }) : this.list.status()));
  /** Those marked that are shown: an act never reaches what is filtered out. */
  readonly selection = rowSelection(this.rows, (rule) => rule.ruleId);

  show(filter: RuleFilter): void { this.wanted.set(filter); }

  /** Acts on the selected rules: on all of them or on none. */
  async act(action: BulkAction, overrideTests?: string): Promise<BulkResult> {
    const rules = this.selection.rows();
    try {
      await firstValueFrom(this.api(ruleBulkAct, { body: { action, ruleIds: rules.map((rule) => rule.ruleId), ...(overrideTests === undefined ? {} : { overrideTests }) } }));
      this.selection.setAll(false);
      this.list.reload();
      this.notice.open(RULES.bulkDone(action, rules.length), 'Close', { duration: 6_000 });
      return { kind: 'done' };
    } catch (failure) {
      const named = fieldProblems(failure).map(({ pointer, detail }) => `${rules[Number(pointer.split('/')[2])]?.name ?? pointer}: ${detail}`);
      const isTests = failure instanceof HttpErrorResponse && (failure.error as { readonly code?: unknown } | null)?.code === 'rule-tests-failed';
      return { kind: isTests ? 'tests-failed' : 'refused', problems: named.length > 0 ? named : [problemText(failure)] };
    }
  }

  async export(): Promise<void> {
    try {
      const answer = await firstValueFrom(ruleBulkExport(this.http, '', { body: { ruleIds: this.selection.rows().map((rule) => rule.ruleId) } }));
      saveFile('rules.json', answer.body);
    } catch (failure) {
      this.notice.open(problemText(failure), 'Close', { duration: 12_000 });
    }
  }
}
